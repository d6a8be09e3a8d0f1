/** State dicts that PyTorch wrote load as they are; the models give its outputs, and train on with its losses. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { noGrad } from "@flambeau/autograd";
import type { DType } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { ones, type Tensor, tensor, zeros } from "@flambeau/tensor";
import cases from "../../../tests/fixtures/models.json" with { type: "json" };
import { assertClose } from "./close.ts";
import { fill } from "./fill.ts";

const { F } = nn;

/** The models of tools/fixtures/models.py, with fields as they are named here. */
class Named extends nn.Module {
  inputLayer: nn.Linear = new nn.Linear(4, 5);
  hiddenLayers: nn.ModuleList = new nn.ModuleList([new nn.Linear(5, 5), new nn.Linear(5, 5)]);
  outProj: nn.Linear = new nn.Linear(5, 2, false);

  override forward(x: Tensor): Tensor {
    let y = this.inputLayer(x).tanh();
    for (const layer of this.hiddenLayers) y = (layer(y) as Tensor).relu().add(y);
    return this.outProj(y);
  }
}

class LeNet extends nn.Module {
  conv1: nn.Conv2d = new nn.Conv2d(1, 2, 3);
  bn1: nn.BatchNorm2d = new nn.BatchNorm2d(2);
  conv2: nn.Conv2d = new nn.Conv2d(2, 3, 2, { bias: false });
  fc1: nn.Linear = new nn.Linear(12, 3);

  override forward(x: Tensor): Tensor {
    const y = F.maxPool2d(this.bn1(this.conv1(x)).relu(), 2);
    return this.fc1(this.conv2(y).tanh().flatten(1));
  }
}

class Words extends nn.Module {
  tokenEmbedding: nn.Embedding = new nn.Embedding(7, 4, 0);
  layerNorm: nn.LayerNorm = new nn.LayerNorm(4);
  lmHead: nn.Linear = new nn.Linear(4, 7);

  override forward(ids: Tensor): Tensor {
    return this.lmHead(this.layerNorm(this.tokenEmbedding(ids)).mean(1));
  }
}

class Scaled extends nn.Module {
  logScale: nn.Parameter = new nn.Parameter(zeros([3]));
  runningTotal: nn.Buffer = new nn.Buffer(zeros([3]));
  linear: nn.Linear = new nn.Linear(3, 3);

  override forward(x: Tensor): Tensor {
    if (this.training) noGrad(() => this.runningTotal.add_(x.sum(0)));
    return this.linear(x).mul(this.logScale.exp());
  }
}

const models: Readonly<Record<string, () => nn.Module>> = {
  mlp: () => new nn.Sequential(new nn.Linear(4, 6), new nn.ReLU(), new nn.Linear(6, 2)),
  "batch norm": () =>
    new nn.Sequential(new nn.Linear(4, 3), new nn.BatchNorm1d(3), new nn.Tanh(), new nn.Linear(3, 1)),
  cnn: () =>
    new nn.Sequential(
      new nn.Conv2d(2, 4, 3, { padding: 1 }),
      new nn.BatchNorm2d(4),
      new nn.ReLU(),
      new nn.AvgPool2d(2),
      new nn.Flatten(),
      new nn.Linear(16, 2),
    ),
  "group norm": () =>
    new nn.Sequential(
      new nn.Conv1d(2, 4, 3),
      new nn.GroupNorm(2, 4),
      new nn.PReLU(4),
      new nn.Flatten(),
      new nn.Linear(12, 2),
    ),
  "instance norm": () =>
    new nn.Sequential(
      new nn.InstanceNorm1d(2, { affine: true, trackRunningStats: true }),
      new nn.Flatten(),
      new nn.Linear(10, 2),
    ),
  "layer norm": () =>
    new nn.Sequential(new nn.LayerNorm(4), new nn.Linear(4, 4), new nn.GELU(), new nn.Linear(4, 1)),
  named: () => new Named(),
  lenet: () => new LeNet(),
  words: () => new Words(),
  scaled: () => new Scaled(),
};

interface Written {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

const dictOf = (state: Readonly<Record<string, Written | undefined>>): nn.StateDict =>
  Object.fromEntries(
    Object.entries(state).map(([key, value]) => {
      const { dtype, shape, data } = value as Written;
      return [key, tensor(data, { dtype: dtype as DType }).reshape(shape)];
    }),
  );

describe("state dicts that PyTorch wrote", () => {
  for (const { name, shape, state, output, losses } of cases) {
    test(`load into ${name}, which goes on as it does there`, () => {
      const model = models[name]().double();
      const dict = dictOf(state);
      model.loadStateDict(dict);
      assert.deepEqual(Object.keys(model.stateDict({ snakeCase: true })).length, Object.keys(dict).length);
      const numbers = fill(shape, 1);
      const x = name === "words" ? numbers.add(1).mul(3.4).long() : numbers;
      model.eval();
      assertClose((model(x) as Tensor).detach(), output, 1e-12, "output");
      model.train();
      for (const expected of losses) {
        model.zeroGrad();
        const loss = (model(x) as Tensor).square().mean();
        loss.backward();
        noGrad(() => {
          for (const p of model.parameters()) p.sub_((p.grad as Tensor).mul(0.1));
        });
        assertClose(loss.detach(), expected, 1e-12, "loss");
      }
    });
  }
  test("and are written for it: keys in snake_case", () => {
    for (const name of ["named", "words", "scaled", "mlp", "cnn"]) {
      const written = cases.find((one) => one.name === name);
      assert.deepEqual(
        Object.keys(models[name]().stateDict({ snakeCase: true })).sort(),
        Object.keys(written?.state ?? {}).sort(),
      );
    }
  });
  test("are refused where a key could stand for two fields, or two keys for one", () => {
    class Two extends nn.Module {
      aB: nn.Parameter = new nn.Parameter(zeros([1]));
      a_b: nn.Parameter = new nn.Parameter(zeros([1]));
    }
    class One extends nn.Module {
      aB: nn.Parameter = new nn.Parameter(zeros([1]));
    }
    assert.throws(() => new Two().loadStateDict({ a__b: ones([1]) }), /missing keys: "aB", "a_b"/);
    assert.throws(
      () => new One().loadStateDict({ a_b: ones([1]), a__b: ones([1]) }),
      /unexpected keys: "a_b", "a__b"/,
    );
  });
});
