/** Conventions of PyTorch 1.13: the grad_fn of losses and norms, norms of nothing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { full, ones, rand, tensor, zeros } from "@flambeau/tensor";
import { F } from "../src/index.ts";

const x = rand([3, 3], { requiresGrad: true });
const y = rand([3, 3]);
const labels = tensor([0n, 1n, 2n]);

test("the names of losses", () => {
  for (const reduction of ["mean", "sum", "none"] as const) {
    const o = { reduction };
    assert.equal(F.mseLoss(x, y, o).gradFn?.name, "MseLossBackward0");
    assert.equal(F.smoothL1Loss(x, y, o).gradFn?.name, "SmoothL1LossBackward0");
    assert.equal(F.huberLoss(x, y, o).gradFn?.name, "HuberLossBackward0");
    assert.equal(F.binaryCrossEntropy(x, y, { ...o, weight: y }).gradFn?.name, "BinaryCrossEntropyBackward0");
    const logits = F.binaryCrossEntropyWithLogits(x, y, o);
    assert.equal(logits.gradFn?.name, "BinaryCrossEntropyWithLogitsBackward0");
    assert.equal(F.nllLoss(x, labels, o).gradFn?.name, "NllLossBackward0");
    assert.equal(F.crossEntropy(x, labels, { ...o, weight: y.at(0) }).gradFn?.name, "NllLossBackward0");
    const images = F.crossEntropy(x.reshape([1, 3, 3]), labels.reshape([1, 3]), o);
    assert.equal(images.gradFn?.name, "NllLoss2DBackward0");
  }
  assert.equal(F.l1Loss(x, y).gradFn?.name, "MeanBackward0");
  assert.equal(F.crossEntropy(x, labels, { labelSmoothing: 0.1 }).gradFn?.name, "AddBackward0");
});

test("the names of norms", () => {
  const images = x.reshape([1, 3, 3]);
  const running = [zeros([3]), ones([3])] as const;
  for (const training of [true, false])
    assert.equal(F.batchNorm(x, ...running, { training }).gradFn?.name, "NativeBatchNormBackward0");
  assert.equal(F.layerNorm(x, [3]).gradFn?.name, "NativeLayerNormBackward0");
  assert.equal(F.groupNorm(images, 3).gradFn?.name, "NativeGroupNormBackward0");
  assert.equal(F.instanceNorm(images).gradFn?.name, "ViewBackward0");
});

test("a batch norm of an empty batch leaves its statistics alone", () => {
  const [mean, variance, weight] = [ones([4]), full([4], 2), ones([4]).requiresGrad_()];
  for (const shape of [
    [0, 4],
    [2, 4, 0],
  ]) {
    const x = zeros(shape, { requiresGrad: true });
    const y = F.batchNorm(x, mean, variance, { weight, bias: zeros([4]), training: true });
    y.sum().backward();
    assert.deepEqual([y.shape, x.grad?.shape], [shape, shape]);
  }
  assert.deepEqual([String(mean), String(variance)], [String(ones([4])), String(full([4], 2))]);
  assert.equal(String(weight.grad), String(zeros([4])));
});

test("the hard swish of what is far from zero, and its gradient", () => {
  const x = tensor([-Infinity, -5, -3, 3, 5, Infinity], { requiresGrad: true });
  const y = F.hardswish(x);
  assert.equal(String(y), "tensor([nan, -0., -0., 3., 5., inf], grad_fn=<HardswishBackward0>)");
  y.sum().backward();
  assert.equal(String(x.grad), "tensor([ 0.0000,  0.0000, -0.5000,  1.0000,  1.0000,  1.0000])");
});
