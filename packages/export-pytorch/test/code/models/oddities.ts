/** Programs that are written in ways of their own: names, shared parts, states, writes to buffers, branches. */
import { cat, F, nn, ones, randint, randn, type Tensor, tensor, zeros } from "flambeau";
import type { Sample } from "./sample.ts";

/** A layer of the library with a forward of its own. */
class Positive extends nn.Linear {
  override forward(x: Tensor): Tensor {
    return F.linear(x, this.weight.exp(), this.bias).clamp({ min: 0 });
  }
}

/** A layer of the library under another name. */
class Hidden extends nn.Linear {}

/** Takes a state in a tuple and gives it back, and options by name. */
class Stateful extends nn.Module {
  cell = new nn.LSTMCell(4, 4);
  readonly seen = new nn.Buffer(zeros([]));

  override forward(
    x: Tensor,
    state: [Tensor, Tensor],
    { gate }: { gate: Tensor },
  ): [Tensor, [Tensor, Tensor]] {
    const [h, c] = this.cell(x.mul(gate), state);
    this.seen.add_(1);
    return [h.add(this.seen), [h, c]];
  }
}

const scale = tensor(0.5);
const table = randn([3, 4]);

class Oddities extends nn.Module {
  class = new nn.Linear(4, 4);
  forwardPass = new Hidden(4, 4);
  lnF = new nn.LayerNorm(4);
  ln_f = new nn.LayerNorm(4);
  positive = new Positive(4, 4);
  stateful = new Stateful();
  again = this.stateful;
  towers = new nn.ModuleDict({ "left-hand": new nn.Linear(4, 2), right: new nn.Linear(4, 2) });
  frozen = new nn.Embedding(3, 4);
  tail = new nn.Sequential(new nn.Linear(4, 4), new nn.Tanh(), new nn.Linear(4, 4), new nn.Tanh());
  p = new nn.Parameter(ones([4]), false);

  constructor() {
    super();
    this.frozen.requiresGrad_(false);
    (this.tail[2] as nn.Linear).weight = (this.tail[0] as nn.Linear).weight;
  }

  override forward(x: Tensor, index: Tensor): { odd: Tensor[]; last: { inner: Tensor } } {
    let y = this.lnF(this.class(x)).add(this.ln_f(this.forwardPass(x)));
    const state: [Tensor, Tensor] = [y, y.tanh()];
    const [first, [h, c]] = this.stateful(y, state, { gate: this.p });
    const [second] = this.again(first, [h, c], { gate: this.p.neg() });
    y = this.positive(second).add(this.frozen(index)).add(table.at(index)).mul(scale);
    for (const layer of this.tail) y = layer(y);
    y = y.clone();
    y.at(":", 0).add_(1);
    y.div_(2);
    const left = this.towers.get("left-hand")!(y) as Tensor;
    const right = this.towers.get("right")!(y) as Tensor;
    const both = this.training ? cat([left, right], 1) : cat([right, left], 1);
    return { odd: [both, y.at([0, -1], "1:").sum()], last: { inner: right.softmax(-1) } };
  }
}

class Tower extends nn.Module {
  readonly net: nn.Linear;
  readonly drop: nn.Dropout;
  readonly heads: number;
  constructor(inFeatures: number, heads: number, p: number) {
    super();
    this.net = new nn.Linear(inFeatures, 4);
    this.drop = new nn.Dropout(p);
    this.heads = heads;
  }
  override forward(x: Tensor): Tensor {
    const y = this.drop(this.net(x));
    return x
      .mean(1, true)
      .add(y.view([-1, this.heads, 4 / this.heads]).flatten(1))
      .add(y);
  }
}

class Towers extends nn.Module {
  first = new Tower(6, 2, 0.1);
  rest = new nn.ModuleList([new Tower(4, 2, 0.2), new Tower(4, 4, 0.2)]);
  override forward(x: Tensor): Tensor {
    x = this.first(x);
    for (const tower of this.rest) x = tower(x);
    return x;
  }
}

export function oddities(): Record<string, () => Sample> {
  return {
    oddities: () => ({
      model: new Oddities(),
      inputs: [randn([3, 4]), randint(3, [3])],
      loss: ({ odd: [both, part], last }: { odd: Tensor[]; last: { inner: Tensor } }, y: Tensor) =>
        F.crossEntropy(both, y).add(part).add(last.inner.log().mean()),
      rest: [randint(4, [3])],
    }),
    towers: () => ({
      model: new Towers(),
      inputs: [randn([3, 6])],
      loss: new nn.MSELoss(),
      rest: [randn([3, 4])],
    }),
  };
}
