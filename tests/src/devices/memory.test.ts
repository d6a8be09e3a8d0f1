/**
 * What a loop leaves on a GPU that never awaits, where no collector can find anything: the results that a program was given,
 * and nothing that only the library has seen.
 */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { noGrad } from "@flambeau/autograd";
import { registeredBackend } from "@flambeau/backend";
import * as nn from "@flambeau/nn";
import * as optim from "@flambeau/optim";
import * as T from "@flambeau/tensor";
import { testOn, webgpu } from "./devices.ts";

type Unary = (x: T.Tensor) => T.Tensor;

const on = { device: "webgpu" } as const;
const used = (): number => registeredBackend("webgpu").memory().used;
/** Bytes of the block that a tensor lies in. */
const blockOf = ({ storage }: T.Tensor): number =>
  (storage as unknown as { readonly block: { readonly size: number } }).block.size;
/** Of a number. */
const NUMBER = 256;

/** Bytes that each call of `step` leaves. */
function left(step: () => void): number {
  for (let i = 0; i < 3; i++) step();
  const before = used();
  for (let i = 0; i < 5; i++) step();
  return (used() - before) / 5;
}

const rows = [16, 64];
const images = [4, 8, 12, 12];
const lines = [4, 8, 64];

/** Every layer that keeps nothing of what passes through it, and the shape of an input. */
const layers: Readonly<Record<string, readonly [() => nn.Module, readonly number[]]>> = {
  Linear: [() => new nn.Linear(64, 64), rows],
  Conv1d: [() => new nn.Conv1d(8, 8, 3, { padding: 1 }), lines],
  Conv2d: [() => new nn.Conv2d(8, 8, 3, { padding: 1 }), images],
  BatchNorm1d: [() => new nn.BatchNorm1d(8), lines],
  BatchNorm2d: [() => new nn.BatchNorm2d(8), images],
  InstanceNorm1d: [() => new nn.InstanceNorm1d(8, { affine: true }), lines],
  InstanceNorm2d: [() => new nn.InstanceNorm2d(8), images],
  GroupNorm: [() => new nn.GroupNorm(2, 8), images],
  LayerNorm: [() => new nn.LayerNorm(64), rows],
  Dropout: [() => new nn.Dropout(0.3), rows],
  Dropout1d: [() => new nn.Dropout1d(0.3), lines],
  Dropout2d: [() => new nn.Dropout2d(0.3), images],
  MaxPool1d: [() => new nn.MaxPool1d(2), lines],
  MaxPool2d: [() => new nn.MaxPool2d(2), images],
  AvgPool1d: [() => new nn.AvgPool1d(2), lines],
  AvgPool2d: [() => new nn.AvgPool2d(2), images],
  AdaptiveAvgPool1d: [() => new nn.AdaptiveAvgPool1d(5), lines],
  AdaptiveAvgPool2d: [() => new nn.AdaptiveAvgPool2d(5), images],
  ConstantPad1d: [() => new nn.ConstantPad1d(1, 2), lines],
  ConstantPad2d: [() => new nn.ConstantPad2d(1, 2), images],
  ZeroPad2d: [() => new nn.ZeroPad2d(1), images],
  ReflectionPad1d: [() => new nn.ReflectionPad1d(1), lines],
  ReflectionPad2d: [() => new nn.ReflectionPad2d(1), images],
  ReplicationPad1d: [() => new nn.ReplicationPad1d(1), lines],
  ReplicationPad2d: [() => new nn.ReplicationPad2d(1), images],
  Flatten: [() => new nn.Flatten(), images],
  Unflatten: [() => new nn.Unflatten(1, [8, 8]), rows],
  Identity: [() => new nn.Identity(), rows],
  Softmax: [() => new nn.Softmax(1), rows],
  LogSoftmax: [() => new nn.LogSoftmax(1), rows],
  Softmin: [() => new nn.Softmin(1), rows],
  Hardtanh: [() => new nn.Hardtanh(), rows],
  Threshold: [() => new nn.Threshold(0.1, 0), rows],
  PReLU: [() => new nn.PReLU(), rows],
  CELU: [() => new nn.CELU(), rows],
  ELU: [() => new nn.ELU(), rows],
  GELU: [() => new nn.GELU(), rows],
  GLU: [() => new nn.GLU(), rows],
  Hardshrink: [() => new nn.Hardshrink(), rows],
  Hardsigmoid: [() => new nn.Hardsigmoid(), rows],
  Hardswish: [() => new nn.Hardswish(), rows],
  LeakyReLU: [() => new nn.LeakyReLU(), rows],
  LogSigmoid: [() => new nn.LogSigmoid(), rows],
  Mish: [() => new nn.Mish(), rows],
  ReLU: [() => new nn.ReLU(), rows],
  ReLU6: [() => new nn.ReLU6(), rows],
  SELU: [() => new nn.SELU(), rows],
  SiLU: [() => new nn.SiLU(), rows],
  Sigmoid: [() => new nn.Sigmoid(), rows],
  Softplus: [() => new nn.Softplus(), rows],
  Softshrink: [() => new nn.Softshrink(), rows],
  Softsign: [() => new nn.Softsign(), rows],
  Tanh: [() => new nn.Tanh(), rows],
  Tanhshrink: [() => new nn.Tanhshrink(), rows],
};

/** Every loss, as what it makes of predictions `[16, 64]`. */
function losses(): Readonly<Record<string, Unary>> {
  const target = T.rand(rows, on);
  const signs = T.rand(rows, on).gt(0.5).float().mul(2).sub(1);
  const labels = T.randint(64, [16]).to("webgpu");
  const sides = T.ones([16], on);
  return {
    CrossEntropyLoss: (x) => new nn.CrossEntropyLoss({ labelSmoothing: 0.1 })(x, labels),
    NLLLoss: (x) => new nn.NLLLoss()(x, labels),
    KLDivLoss: (x) => new nn.KLDivLoss({ reduction: "sum" })(x, target),
    BCELoss: (x) => new nn.BCELoss()(x, target),
    BCEWithLogitsLoss: (x) => new nn.BCEWithLogitsLoss()(x, target),
    MSELoss: (x) => new nn.MSELoss()(x, target),
    L1Loss: (x) => new nn.L1Loss()(x, target),
    SmoothL1Loss: (x) => new nn.SmoothL1Loss()(x, target),
    HuberLoss: (x) => new nn.HuberLoss()(x, target),
    PoissonNLLLoss: (x) => new nn.PoissonNLLLoss({ full: true })(x, target),
    GaussianNLLLoss: (x) => new nn.GaussianNLLLoss()(x, target, target),
    MarginRankingLoss: (x) => new nn.MarginRankingLoss()(x, target, signs),
    HingeEmbeddingLoss: (x) => new nn.HingeEmbeddingLoss()(x, signs),
    CosineEmbeddingLoss: (x) => new nn.CosineEmbeddingLoss()(x, target, sides),
    TripletMarginLoss: (x) => new nn.TripletMarginLoss()(x, target, signs),
    SoftMarginLoss: (x) => new nn.SoftMarginLoss()(x, signs),
    PairwiseDistance: (x) => new nn.PairwiseDistance()(x, target),
    CosineSimilarity: (x) => new nn.CosineSimilarity()(x, target),
  };
}

describe("a loop that never awaits", () => {
  testOn(webgpu, "layers leave their result, with and without gradients", () => {
    T.manualSeed(0);
    for (const [name, [make, shape]] of Object.entries(layers)) {
      // Between others, as in a model: the one before it makes its input, the one behind reads its result.
      const model = new nn.Sequential(new nn.LeakyReLU(), make(), new nn.LeakyReLU()).to("webgpu");
      const x = T.randn(shape, on).requiresGrad_();
      const result = blockOf(model(x));
      assert.equal(left(() => noGrad(() => model(x))) - result, 0, `${name} in noGrad`);
      const parameters = model.parameters();
      const optimizer = parameters.length > 0 ? new optim.Adam(parameters) : null;
      const trained = left(() => {
        optimizer?.zeroGrad();
        x.grad = null;
        model(x).sum().backward();
        optimizer?.step();
      });
      assert.equal(trained - result - NUMBER, 0, `${name} in training`);
    }
  });

  testOn(webgpu, "losses leave their result", () => {
    T.manualSeed(0);
    const x = T.rand(rows, on).requiresGrad_();
    for (const [name, loss] of Object.entries(losses())) {
      const result = blockOf(loss(x));
      assert.equal(left(() => noGrad(() => loss(x))) - result, 0, `${name} in noGrad`);
      const trained = left(() => {
        x.grad = null;
        loss(x).sum().backward();
      });
      assert.equal(trained - result - NUMBER, 0, `${name} in training`);
    }
  });

  testOn(webgpu, "no layer or loss is missing here", () => {
    const names = Object.entries(nn)
      .filter(([, value]) => typeof value === "function" && Object.hasOwn(value, "keepsNothing"))
      .map(([name]) => name);
    assert.deepEqual([...Object.keys(layers), ...Object.keys(losses())].sort(), names.sort());
  });
});
