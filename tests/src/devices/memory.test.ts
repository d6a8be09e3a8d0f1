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
const volumes = [2, 8, 4, 6, 6];

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
  RReLU: [() => new nn.RReLU(), rows],
  Softmax2d: [() => new nn.Softmax2d(), images],
  RMSNorm: [() => new nn.RMSNorm(64), rows],
  LocalResponseNorm: [() => new nn.LocalResponseNorm(3), images],
  CrossMapLRN2d: [() => new nn.CrossMapLRN2d(3), images],
  BatchNorm3d: [() => new nn.BatchNorm3d(8), volumes],
  InstanceNorm3d: [() => new nn.InstanceNorm3d(8), volumes],
  Dropout3d: [() => new nn.Dropout3d(0.3), volumes],
  AlphaDropout: [() => new nn.AlphaDropout(0.3), rows],
  FeatureAlphaDropout: [() => new nn.FeatureAlphaDropout(0.3), images],
  Conv3d: [() => new nn.Conv3d(8, 8, 3, { padding: 1 }), volumes],
  ConvTranspose1d: [() => new nn.ConvTranspose1d(8, 4, 3), lines],
  ConvTranspose2d: [() => new nn.ConvTranspose2d(8, 4, 3, { stride: 2 }), images],
  ConvTranspose3d: [() => new nn.ConvTranspose3d(8, 4, 2), volumes],
  MaxPool3d: [() => new nn.MaxPool3d(2), volumes],
  AvgPool3d: [() => new nn.AvgPool3d(2), volumes],
  AdaptiveAvgPool3d: [() => new nn.AdaptiveAvgPool3d(3), volumes],
  AdaptiveMaxPool1d: [() => new nn.AdaptiveMaxPool1d(5), lines],
  AdaptiveMaxPool2d: [() => new nn.AdaptiveMaxPool2d(5), images],
  AdaptiveMaxPool3d: [() => new nn.AdaptiveMaxPool3d(3), volumes],
  LPPool1d: [() => new nn.LPPool1d(2, 2), lines],
  LPPool2d: [() => new nn.LPPool2d(2, 2), images],
  CircularPad1d: [() => new nn.CircularPad1d(1), lines],
  CircularPad2d: [() => new nn.CircularPad2d(1), images],
  CircularPad3d: [() => new nn.CircularPad3d(1), volumes],
  ConstantPad3d: [() => new nn.ConstantPad3d(1, 2), volumes],
  ReflectionPad3d: [() => new nn.ReflectionPad3d(1), volumes],
  ReplicationPad3d: [() => new nn.ReplicationPad3d(1), volumes],
  ZeroPad1d: [() => new nn.ZeroPad1d(1), lines],
  ZeroPad3d: [() => new nn.ZeroPad3d(1), volumes],
  PixelShuffle: [() => new nn.PixelShuffle(2), images],
  PixelUnshuffle: [() => new nn.PixelUnshuffle(2), images],
  ChannelShuffle: [() => new nn.ChannelShuffle(2), images],
  Fold: [() => new nn.Fold([4, 5], 2), [2, 12, 12]],
  Unfold: [() => new nn.Unfold(3), images],
  Upsample: [() => new nn.Upsample({ scaleFactor: 2, mode: "bicubic" }), images],
  UpsamplingBilinear2d: [() => new nn.UpsamplingBilinear2d({ scaleFactor: 2 }), images],
  UpsamplingNearest2d: [() => new nn.UpsamplingNearest2d({ scaleFactor: 2 }), images],
};

/** Those that take a second input, as what each makes of its first. */
function pairs(): Readonly<Record<string, readonly [Unary, readonly number[]]>> {
  const bilinear = new nn.Bilinear(64, 8, 5).to("webgpu");
  const second = T.randn([16, 8], on);
  const unpooled = (
    unpool: nn.Module,
    pool: nn.Module,
    shape: readonly number[],
  ): [Unary, readonly number[]] => {
    const [pooled, indices] = pool(T.randn(shape, on)) as [T.Tensor, T.Tensor];
    return [(x) => unpool(x, indices), pooled.shape];
  };
  const both = { returnIndices: true } as const;
  return {
    Bilinear: [(x) => bilinear(x, second), rows],
    MaxUnpool1d: unpooled(new nn.MaxUnpool1d(2), new nn.MaxPool1d(2, both), lines),
    MaxUnpool2d: unpooled(new nn.MaxUnpool2d(2), new nn.MaxPool2d(2, both), images),
    MaxUnpool3d: unpooled(new nn.MaxUnpool3d(2), new nn.MaxPool3d(2, both), volumes),
  };
}

/** Every loss, as what it makes of predictions `[16, 64]`. */
function losses(): Readonly<Record<string, Unary>> {
  const target = T.rand(rows, on);
  const signs = T.rand(rows, on).gt(0.5).float().mul(2).sub(1);
  const labels = T.randint(64, [16]).to("webgpu");
  const sides = T.ones([16], on);
  // Each row has one label, and the end of its list behind it.
  const marked = T.full([16, 64], -1, { dtype: "int64" });
  marked.set([":", 0], 3n);
  const marks = marked.to("webgpu");
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
    MultiMarginLoss: (x) => new nn.MultiMarginLoss()(x, labels),
    MultiLabelMarginLoss: (x) => new nn.MultiLabelMarginLoss()(x, marks),
    MultiLabelSoftMarginLoss: (x) => new nn.MultiLabelSoftMarginLoss()(x, target),
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

  function leavesItsResult(name: string, call: Unary, shape: readonly number[]): void {
    const x = T.rand(shape, on).requiresGrad_();
    const result = blockOf(call(x));
    assert.equal(left(() => noGrad(() => call(x))) - result, 0, `${name} in noGrad`);
    const trained = left(() => {
      x.grad = null;
      call(x).sum().backward();
    });
    assert.equal(trained - result - NUMBER, 0, `${name} in training`);
  }

  testOn(webgpu, "losses leave their result", () => {
    T.manualSeed(0);
    for (const [name, loss] of Object.entries(losses())) leavesItsResult(name, loss, rows);
  });

  testOn(webgpu, "layers of two inputs leave their result", () => {
    T.manualSeed(0);
    for (const [name, [call, shape]] of Object.entries(pairs())) leavesItsResult(name, call, shape);
  });

  testOn(webgpu, "no layer or loss is missing here", () => {
    const names = Object.entries(nn)
      .filter(([, value]) => typeof value === "function" && Object.hasOwn(value, "keepsNothing"))
      .map(([name]) => name);
    assert.deepEqual([layers, pairs(), losses()].flatMap(Object.keys).sort(), names.sort());
  });
});
