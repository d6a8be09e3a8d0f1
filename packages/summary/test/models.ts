/** The models of tools/fixtures/summary.py. */
import * as nn from "@flambeau/nn";
import { type Tensor, zeros } from "@flambeau/tensor";

export class Nested extends nn.Module {
  blocks = new nn.ModuleList(
    [0, 1].map(
      () =>
        new nn.Sequential(
          new nn.Linear(4, 4),
          new nn.Sequential(new nn.ReLU(), new nn.Sequential(new nn.Linear(4, 4), new nn.Tanh())),
        ),
    ),
  );
  head = new nn.Linear(4, 3, { bias: false });
  override forward(x: Tensor): Tensor {
    for (const block of this.blocks) x = block(x);
    return this.head(x);
  }
}

export class Shared extends nn.Module {
  layer = new nn.Linear(3, 3);
  act = new nn.ReLU();
  override forward(x: Tensor): Tensor {
    return this.act(this.layer(this.act(this.layer(x))));
  }
}

export class TwoInputs extends nn.Module {
  a = new nn.Linear(2, 3);
  b = new nn.Linear(4, 3);
  override forward(x: Tensor, y: Tensor): Tensor {
    return this.a(x).add(this.b(y.float()));
  }
}

class MyConv extends nn.Module {
  weight = new nn.Parameter(zeros([4, 3, 3, 3]));
  bias = new nn.Parameter(zeros([4]));
  override forward(x: Tensor): Tensor {
    return zeros([x.shape[0], 4, 300, 300]);
  }
}

class Cell extends nn.Module {
  weight_ih = new nn.Parameter(zeros([6, 2]));
  weight_hh = new nn.Parameter(zeros([6, 3]));
  override forward(x: Tensor): [Tensor, Tensor] {
    return [x, x.sum()];
  }
}

class Pair extends nn.Module {
  cell = new Cell();
  out = new nn.Linear(2, 1);
  override forward(x: Tensor): Tensor {
    return this.out(this.cell(x)[0]);
  }
}

class AVeryLongNameForALayerThatStretchesTheFirstColumn extends nn.Identity {}

export class Wrapped extends nn.Module {
  main = new nn.Sequential(new nn.Linear(1, 3), new nn.Sigmoid(), new nn.Linear(3, 1));
  override forward(x: Tensor): Tensor {
    return this.main(x);
  }
}

export const conv = (): nn.Module => new nn.Sequential(new MyConv(), new nn.ReLU());
export const pair = (): nn.Module => new Pair();
export const long = (): nn.Module =>
  new nn.Sequential(new AVeryLongNameForALayerThatStretchesTheFirstColumn());
export const frozen = (): nn.Module => {
  const model = new nn.Sequential(new nn.Linear(4, 1200), new nn.ReLU(), new nn.Linear(1200, 2));
  model[0].requiresGrad_(false);
  return model;
};
