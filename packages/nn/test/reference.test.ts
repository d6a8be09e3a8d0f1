/** Texts, initial weights, layers and losses against PyTorch's (tools/fixtures/nn.py). */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { DType } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import { linspace, manualSeed, ones, rand, randn, type Tensor, tensor } from "@flambeau/tensor";
import fixture from "../../../tests/fixtures/nn.json" with { type: "json" };
import { assertClose, type Values } from "./close.ts";

type Options = Record<string, unknown>;
type Make = new (options?: Options) => nn.Module;
const make = (name: string, options: Options | null): nn.Module =>
  new (nn as unknown as Record<string, Make>)[name](options ?? undefined);
const tolerance = (dtype: string): number => (dtype === "float64" ? 1e-12 : 2e-6);

class Block extends nn.Module {
  norm = new nn.Identity();
  layers = new nn.ModuleList([new nn.Linear(4, 4), new nn.Linear(4, 4), new nn.Linear(4, 4)]);
  act = new nn.LeakyReLU(0.2, { inplace: true });
}
class Net extends nn.Module {
  blocks = new nn.Sequential(new Block(), new nn.Dropout(0.1));
  heads = new nn.ModuleDict({ left: new nn.Linear(4, 1), right: new nn.Linear(4, 2, { bias: false }) });
  empty = new nn.Sequential();
  loss = new nn.CrossEntropyLoss();
}
class Extra extends nn.Module {
  child = new nn.ReLU();
  override extraRepr(): string {
    return "one\ntwo";
  }
}

const texts: Record<keyof typeof fixture.texts, object> = {
  linear: new nn.Linear(1, 1),
  linearNoBias: new nn.Linear(3, 2, { bias: false }),
  sequential: new nn.Sequential(new nn.Linear(1, 3), new nn.Sigmoid(), new nn.Linear(3, 1)),
  named: new nn.Sequential({ first: new nn.Linear(1, 3), act: new nn.Tanh() }),
  net: new Net(),
  extra: new Extra(),
  relu: new nn.ReLU(),
  reluInplace: new nn.ReLU({ inplace: true }),
  relu6: new nn.ReLU6(),
  leakyRelu: new nn.LeakyReLU(),
  leakyReluSmall: new nn.LeakyReLU(1e-5),
  prelu: new nn.PReLU(3),
  elu: new nn.ELU(),
  eluInplace: new nn.ELU({ alpha: 0.5, inplace: true }),
  selu: new nn.SELU(),
  silu: new nn.SiLU(),
  gelu: new nn.GELU(),
  geluTanh: new nn.GELU({ approximate: "tanh" }),
  softplus: new nn.Softplus(),
  softplusSet: new nn.Softplus(0.5, 10),
  logSigmoid: new nn.LogSigmoid(),
  hardtanh: new nn.Hardtanh(),
  hardtanhSet: new nn.Hardtanh(-2.5, 3, { inplace: true }),
  softmax: new nn.Softmax({ dim: 1 }),
  softmaxNone: new nn.Softmax(),
  logSoftmax: new nn.LogSoftmax(-1),
  dropout: new nn.Dropout(0.3),
  dropoutInplace: new nn.Dropout({ inplace: true }),
  flatten: new nn.Flatten(),
  unflatten: new nn.Unflatten(1, [2, 5]),
  identity: new nn.Identity(54, { unused: true }),
  mse: new nn.MSELoss(),
  bceLogits: new nn.BCEWithLogitsLoss({ posWeight: ones([2]) }),
  parameter: new nn.Parameter(tensor([[1, 2.5]])),
};

describe("texts are PyTorch's", () => {
  for (const [name, text] of Object.entries(fixture.texts)) {
    test(name, () => assert.equal(String(texts[name as keyof typeof texts]), text));
  }
});

describe("initial weights are PyTorch's", () => {
  for (const c of fixture.linear) {
    test(`Linear(${c.in}, ${c.out}) ${c.dtype}, seed ${c.seed}`, () => {
      manualSeed(c.seed);
      const layer = new nn.Linear(c.in, c.out, { bias: c.bias, dtype: c.dtype as DType });
      const state = layer.stateDict();
      assert.deepEqual(Object.keys(state), Object.keys(c.state));
      for (const [key, value] of Object.entries(c.state)) assertClose(state[key], value as Values, 1e-7, key);
      assertClose(rand([2]), c.next, 0, "the next draw");
    });
  }
  for (const c of fixture.sequence) {
    test(`a model, its output and gradients, seed ${c.seed}`, () => {
      manualSeed(c.seed);
      const model = new nn.Sequential(new nn.Linear(2, 5), new nn.ReLU(), new nn.Linear(5, 3));
      const x = randn([4, 2]);
      assertClose(x, c.x, 1e-6, "x");
      const y = model(x);
      assertClose(y, c.y, 1e-6, "y");
      y.square().sum().backward();
      for (const [name, p] of model.namedParameters())
        assertClose(p.grad, (c.grads as Record<string, Values>)[name], 3e-6, name);
    });
  }
});

/** The gradient of a weighted sum, so that every output counts differently. */
function backward(y: Tensor): void {
  const weight = linspace(0.5, 2, y.numel(), { dtype: y.dtype }).reshape(y.shape);
  y.mul(weight).sum().backward();
}

describe("layers are PyTorch's", () => {
  for (const c of fixture.layers) {
    test(`${c.name} ${JSON.stringify(c.options)} ${c.dtype}`, () => {
      const layer = make(c.name, c.options as Options | null).to(c.dtype);
      const x = tensor(fixture.x, { dtype: c.dtype as DType, requiresGrad: true });
      const y = layer(x) as Tensor;
      assertClose(y, c.y, tolerance(c.dtype), "y");
      backward(y);
      assertClose(x.grad, c.grad, tolerance(c.dtype) * 4, "grad");
      for (const [name, p] of layer.namedParameters()) {
        assertClose(p.grad, (c as unknown as Record<string, Values>)[name], tolerance(c.dtype) * 10, name);
      }
    });
  }
  for (const c of fixture.dropout) {
    test(`Dropout(${c.p}) of ${JSON.stringify(c.shape)} ${c.dtype}`, () => {
      manualSeed(c.seed);
      const x = ones(c.shape, { dtype: c.dtype as DType, requiresGrad: true });
      const y = new nn.Dropout(c.p)(x);
      assertClose(y, c.y, tolerance(c.dtype), "y");
      y.sum().backward();
      assertClose(x.grad, c.grad, tolerance(c.dtype), "grad");
      assertClose(rand([2]), c.next, 0, "the next draw");
    });
  }
});

describe("layers given by arguments are PyTorch's", () => {
  const construct = nn as unknown as Record<string, new (...args: unknown[]) => nn.Module>;
  for (const c of fixture.more) {
    test(c.text, () => {
      const layer = new construct[c.name](...c.args);
      assert.equal(String(layer), c.text);
      const size = c.shape.reduce((n, s) => n * s, 1);
      const x = linspace(-4, 4, size, { dtype: "float64" }).reshape(c.shape).requiresGrad_();
      const y = layer(x) as Tensor;
      assertClose(y, c.y as Values, 1e-12, "y");
      assert.equal(y.gradFn?.name, c.gradFn);
      backward(y);
      // PyTorch's hardsigmoid takes a sixth in single precision.
      assertClose(x.grad, c.grad as Values, c.name === "Hardsigmoid" ? 1e-7 : 1e-12, "grad");
    });
  }
  for (const c of fixture.channelDropout) {
    test(`${c.text} of ${JSON.stringify(c.shape)}`, () => {
      manualSeed(9);
      const layer = new construct[c.name](0.3);
      assert.equal(String(layer), c.text);
      assertClose(layer(ones(c.shape)), c.y as Values, 1e-6, "y");
      assertClose(rand([2]), c.next, 0, "the next draw");
      assertClose(layer.eval()(ones(c.shape)), ones(c.shape).toArraySync() as Values, 0, "in evaluation");
    });
  }
});

describe("losses are PyTorch's", () => {
  for (const [i, c] of fixture.losses.entries()) {
    test(`${i}: ${c.name} ${JSON.stringify(c.options)} ${c.dtype}`, () => {
      const dtype = c.dtype as DType;
      const options: Options = { ...c.options };
      for (const key of ["weight", "posWeight"]) {
        if (options[key] !== undefined) options[key] = tensor(options[key] as number[], { dtype });
      }
      const x = tensor(c.x as number[], { dtype, requiresGrad: true });
      const target = tensor(c.target as number[], { dtype: c.labels ? "int64" : dtype });
      const y = make(c.name, options)(x, target) as Tensor;
      assertClose(y, c.y as Values, tolerance(dtype) * 4, "y");
      backward(y);
      // PyTorch's bound on BCELoss's denominator, 1e-12, is rounded to single precision whatever the dtype.
      const loose = c.name === "BCELoss" ? Math.max(1e-8, tolerance(dtype) * 10) : tolerance(dtype) * 10;
      assertClose(x.grad, c.grad as Values, loose, "grad");
    });
  }
});

describe("losses of other arguments are PyTorch's", () => {
  type Run = (...args: unknown[]) => Tensor;
  for (const c of fixture.distances) {
    test(`${c.module} ${JSON.stringify(c.options)}`, () => {
      const given = c.tensors.map((values) => tensor(values as number[], { dtype: "float64" }));
      given[0].requiresGrad_();
      const y = (nn.F as unknown as Record<string, Run>)[c.name](...given, c.options);
      assertClose(y, c.y as Values, 1e-12, "y");
      backward(y);
      assertClose(given[0].grad, c.grad as Values, 1e-11, "grad");
      assertClose(
        (make(c.module, c.options) as unknown as Run)(...given),
        c.y as Values,
        1e-12,
        "the module's",
      );
    });
  }
});

describe("functions are PyTorch's", () => {
  test("normalize and cosineSimilarity", () => {
    const { a, b, normalize, normalizeP1, cosine, cosineDim0 } = fixture.similarity;
    const [ta, tb] = [tensor(a), tensor(b)];
    assertClose(nn.functional.normalize(ta), normalize, 1e-6, "normalize");
    assertClose(nn.functional.normalize(ta, { p: 1, dim: 0 }), normalizeP1, 1e-6, "normalize p=1");
    assertClose(nn.functional.cosineSimilarity(ta, tb), cosine, 1e-6, "cosine");
    assertClose(nn.functional.cosineSimilarity(ta, tb, { dim: 0 }), cosineDim0, 1e-6, "cosine dim 0");
    assertClose(new nn.CosineSimilarity(0)(ta, tb), cosineDim0, 1e-6, "the module's");
    const [row, column] = [tb.at(0), ta.at(":", ":1")];
    assertClose(nn.functional.cosineSimilarity(ta, row), fixture.similarity.cosineRow, 1e-6, "a row");
    assertClose(
      nn.functional.cosineSimilarity(column, tb),
      fixture.similarity.cosineColumn,
      1e-6,
      "a column",
    );
  });
  test("oneHot", () => {
    const { labels, values, wide } = fixture.oneHot;
    const got = nn.functional.oneHot(tensor(labels, { dtype: "int64" }));
    assert.equal(got.dtype, "int64");
    assertClose(got, values, 0, "oneHot");
    assertClose(nn.F.oneHot(tensor([1n, 0n]), 4), wide, 0, "oneHot of four");
  });
});
