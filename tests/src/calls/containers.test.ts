/** Containers of modules have the types of what they hold, and text, slices and data sets say what they are. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { data, nn, ones, type Tensor } from "flambeau";

test("the elements of a Sequential have types of their own", () => {
  const net = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 1));
  const weight: Tensor = net[0].weight;
  const outer: number = net[2].outFeatures;
  assert.deepEqual([weight.shape, outer], [[3, 2], 1]);
  // @ts-expect-error a ReLU has no weight
  assert.equal(net[1].weight, undefined);
  const plain: nn.Sequential = net;
  const some: nn.Module = plain[0];
  assert.equal(some, net[0]);
  const named: nn.Sequential = new nn.Sequential({ first: new nn.Linear(2, 3) });
  assert.equal(named.length, 1);
  class Own extends nn.Sequential {
    constructor() {
      super(new nn.Linear(2, 2), new nn.ReLU());
    }
  }
  const out: Tensor = new Own()(ones([1, 2]));
  assert.deepEqual(out.shape, [1, 2]);
  // @ts-expect-error functions are no modules
  assert.throws(() => new nn.Sequential((x: Tensor) => x), /Sequential: "0" is a module; got a function/);
});

test("those of a ModuleList are of one type, and a ModuleDict is read by name", () => {
  const list = new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 4)]);
  const sizes: number[] = [
    list[0].inFeatures,
    list.at(-1).outFeatures,
    ...[...list].map((l) => l.inFeatures),
  ];
  assert.deepEqual(sizes, [2, 4, 2, 2]);
  const anything: nn.ModuleList = new nn.ModuleList();
  anything.append(new nn.ReLU()).append(list[0]);
  // @ts-expect-error no Linear
  list.append(new nn.ReLU());
  const dict = new nn.ModuleDict({ a: new nn.Linear(2, 3) });
  const name = "a";
  assert.deepEqual([dict[name](ones([1, 2])).shape, dict[name] === dict.get(name)], [[1, 3], true]);
});

test("slices hold the same modules", () => {
  const net = new nn.Sequential(new nn.Linear(1, 2), new nn.ReLU(), new nn.Linear(2, 1));
  const tail = net.slice(1);
  assert.deepEqual([tail.length, tail[0] === net[1], tail.at(-1) === net[2]], [2, true, true]);
  assert.ok(
    net
      .slice(
        0,
        -1,
      )(ones([1, 1]))
      .equal(net[1](net[0](ones([1, 1])))),
  );
  const named = new nn.Sequential({ a: new nn.ReLU(), b: new nn.Tanh() });
  assert.equal(String(named.slice(1)), "Sequential(\n  (b): Tanh()\n)");
  assert.equal(new nn.ModuleList(net).slice(-2)[1], net[2]);
});

test("a child's own text stands in its parent's, as PyTorch's __repr__", () => {
  class Named extends nn.Module {
    override toString(): string {
      return "Named (3 -> 4)\nin two lines";
    }
  }
  class More extends nn.Linear {
    override toString(): string {
      return `*${super.toString()}`;
    }
  }
  const model = new nn.Sequential(new Named(), new nn.Sequential(new More(1, 1)));
  assert.equal(
    String(model),
    [
      ...["Sequential(", "  (0): Named (3 -> 4)", "  in two lines", "  (1): Sequential("],
      ...["    (0): *More(in_features=1, out_features=1, bias=True)", "  )", ")"],
    ].join("\n"),
  );
});

test("a loader's data set has a length", () => {
  const loader = new data.DataLoader(new data.TensorDataset(ones([5, 2])), 2);
  const share: number = 1 / loader.dataset.length;
  assert.equal(share, 0.2);
});

test("a method that says of what class this is calls its module", () => {
  class Net extends nn.Module {
    layer: nn.Linear = new nn.Linear(2, 1);
    override forward(x: Tensor): Tensor {
      return this.layer(x);
    }
    twice(this: Net, x: Tensor): Tensor {
      return this(x).mul(2);
    }
  }
  const net = new Net();
  assert.ok(net.twice(ones([1, 2])).equal(net(ones([1, 2])).mul(2)));
});
