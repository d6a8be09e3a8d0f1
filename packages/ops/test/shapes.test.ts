/** What shapes, products and real halves refuse, and what has no sample of PyTorch's: views, shapes as results, running statistics. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "@flambeau/autograd";
import { ArgumentError, DTypeError, IndexError, ShapeError, ValueError } from "@flambeau/backend";
import { arange, ones, type Tensor, tensor, zeros } from "@flambeau/tensor";
import * as ops from "../src/index.ts";

/** For what TypeScript refuses. */
const any = (x: unknown): never => x as never;

describe("shapes", () => {
  test("of broadcasting, as PyTorch has them", () => {
    assert.deepEqual(ops.broadcastShapes(), []);
    assert.deepEqual(ops.broadcastShapes([2, 1], 3, [1]), [2, 3]);
    assert.deepEqual(ops.broadcastShapes([0], [1]), [0]);
    assert.throws(() => ops.broadcastShapes([2], [3]), ShapeError);
    assert.throws(() => ops.broadcastShapes([-1], [1]), ShapeError);
    assert.throws(() => ops.broadcastShapes(any("2")), ArgumentError);
  });

  test("of results for scalars and for nothing", () => {
    assert.deepEqual(ops.blockDiag().shape, [1, 0]);
    assert.deepEqual(ops.broadcastTensors(), []);
    assert.deepEqual(ops.combinations(arange(3), 4).shape, [0, 4]);
    assert.deepEqual(ops.combinations(arange(3), 0).shape, [0]);
    assert.deepEqual(
      ops.atleast3d([zeros([]), zeros([2]), zeros([2, 3])]).map(({ shape }) => shape),
      [
        [1, 1, 1],
        [1, 2, 1],
        [2, 3, 1],
      ],
    );
  });

  test("of memory with strides", () => {
    const x = ops.emptyStrided([2, 3], [1, 2], { dtype: "float64", requiresGrad: true });
    assert.deepEqual([x.shape, x.stride(), x.dtype, x.isLeaf], [[2, 3], [1, 2], "float64", true]);
    assert.equal(x.storage.length, 6);
    assert.deepEqual(ops.emptyStrided([0, 3], [3, 1]).shape, [0, 3]);
    assert.throws(() => ops.emptyStrided([2], [1, 1]), IndexError);
    assert.throws(() => ops.emptyStrided([2], [-1]), ShapeError);
  });
});

describe("views and copies", () => {
  const pieces: Readonly<Record<string, (x: Tensor) => readonly Tensor[]>> = {
    tensorSplit: (x) => ops.tensorSplit(x, 2),
    hsplit: (x) => ops.hsplit(x, 2),
    vsplit: (x) => ops.vsplit(x, 2),
    splitWithSizes: (x) => ops.splitWithSizes(x, [1, 1]),
    unfold: (x) => [ops.unfold(x, 1, 2, 1)],
    mH: (x) => [ops.mH(x)],
  };
  for (const [name, f] of Object.entries(pieces)) {
    test(`${name} shares memory`, () => {
      const x = zeros([2, 4]);
      f(x)[0].select(0, 0).fill_(1);
      assert.ok(x.sum().itemSync() > 0);
    });
  }
  const copies: Readonly<Record<string, (x: Tensor) => readonly Tensor[]>> = {
    narrowCopy: (x) => [ops.narrowCopy(x, 0, 0, 2)],
    unfoldCopy: (x) => [ops.unfoldCopy(x, 1, 2, 1)],
    viewCopy: (x) => [ops.viewCopy(x, [8])],
    transposeCopy: (x) => [ops.transposeCopy(x, 0, 1)],
    splitCopy: (x) => ops.splitCopy(x, 1),
    unbindCopy: (x) => ops.unbindCopy(x),
    fill: (x) => [ops.fill(x, 0)],
  };
  for (const [name, f] of Object.entries(copies)) {
    test(`${name} does not, and is contiguous`, () => {
      const x = zeros([2, 4]);
      const [y] = f(x);
      y.fill_(1);
      assert.equal(x.sum().itemSync(), 0);
      assert.ok(y.isContiguous());
    });
  }
});

describe("refusals", () => {
  const x = zeros([2, 4]);
  const cases: Readonly<Record<string, [call: () => unknown, error: new (...args: never[]) => Error]>> = {
    "no pieces": [() => ops.tensorSplit(x, 0), ValueError],
    "a half index": [() => ops.tensorSplit(x, [0.5]), ValueError],
    "pieces of a scalar": [() => ops.tensorSplit(zeros([]), 1), IndexError],
    "no such dimension": [() => ops.tensorSplit(x, 1, 2), IndexError],
    "indices of floats": [() => ops.tensorSplit(x, tensor([1])), DTypeError],
    "a matrix of indices": [() => ops.tensorSplit(x, tensor([[1n]])), ShapeError],
    "uneven columns": [() => ops.hsplit(x, 3), ShapeError],
    "no columns": [() => ops.hsplit(x, 0), ShapeError],
    "a scalar's columns": [() => ops.hsplit(zeros([]), 1), ShapeError],
    "a vector's rows": [() => ops.vsplit(zeros([4]), 2), ShapeError],
    "a matrix's depth": [() => ops.dsplit(x, 1), ShapeError],
    "sizes that do not add up": [() => ops.splitWithSizes(x, [1, 2]), ShapeError],
    "a window that is too large": [() => ops.unfold(x, 0, 3, 1), ShapeError],
    "a step of zero": [() => ops.unfold(x, 0, 1, 0), ValueError],
    "a window of less than nothing": [() => ops.unfold(x, 0, -1, 1), ValueError],
    "windows along no dimension": [() => ops.unfold(x, 2, 1, 1), IndexError],
    "a scalar on a diagonal": [() => ops.diagEmbed(zeros([])), ShapeError],
    "one dimension twice": [() => ops.diagEmbed(x, 0, 1, 1), ShapeError],
    "half an offset": [() => ops.diagEmbed(x, 0.5), ValueError],
    "a block of three dimensions": [() => ops.blockDiag(zeros([1, 1, 1])), ShapeError],
    "a block that is no tensor": [() => ops.blockDiag(x, any(1)), ArgumentError],
    "a product of nothing": [() => ops.cartesianProd(), ShapeError],
    "a product of matrices": [() => ops.cartesianProd(x), ShapeError],
    "a product of several dtypes": [() => ops.cartesianProd(tensor([1]), tensor([1n])), DTypeError],
    "choices of a matrix": [() => ops.combinations(x), ShapeError],
    "fewer than no choices": [() => ops.combinations(tensor([1]), -1), ValueError],
    "a sum to another size": [() => ops.sumToSize(x, [3]), ShapeError],
    "a sum to more dimensions": [() => ops.sumToSize(x, [1, 2, 4]), ShapeError],
    "a slice in no steps": [() => ops.sliceCopy(x, 0, 0, 1, 0), ValueError],
    "a window of integers": [() => ops.hannWindow(3, { dtype: "int64" }), DTypeError],
    "a window of no length": [() => ops.kaiserWindow(-1), ShapeError],
    "fill with a vector": [() => ops.fill(x, tensor([1])), ShapeError],
    "batches of other sizes": [() => ops.addbmm(x, zeros([1, 2, 3]), zeros([2, 3, 4])), ShapeError],
    "an addend that is too large": [
      () => ops.baddbmm(zeros([3, 2, 4]), zeros([1, 2, 3]), zeros([1, 3, 4])),
      ShapeError,
    ],
    "an addend of more dimensions": [() => ops.addr(zeros([1, 2, 2]), ones([2]), ones([2])), ShapeError],
    "an addend of another dtype": [
      () => ops.addmv(zeros([2], { dtype: "float64" }), x, zeros([4])),
      DTypeError,
    ],
    "bools in a product": [() => ops.addmv(tensor([true]), tensor([[true]]), tensor([true])), DTypeError],
    "half an integer": [() => ops.addr(tensor([1n]), tensor([1n]), tensor([1n]), { alpha: 0.5 }), DTypeError],
    "vectors of other lengths": [() => ops.vdot(ones([2]), ones([3])), ShapeError],
    "the transpose of a vector": [() => ops.H(ones([2])), ShapeError],
    "that of a batch": [() => ops.H(ones([2, 2, 2])), ShapeError],
    "those of a vector": [() => ops.adjoint(ones([2])), ShapeError],
    "plus a bool": [() => ops.positive(tensor([true])), DTypeError],
    "imaginary parts": [() => ops.imag(x), DTypeError],
    "parts of real numbers": [() => ops.viewAsReal(x), DTypeError],
    "complex numbers": [() => ops.viewAsComplex(zeros([1, 2])), DTypeError],
    "a norm of integers": [() => ops.nativeLayerNorm(tensor([1n]), [1]), DTypeError],
    "a norm over another shape": [() => ops.nativeLayerNorm(x, [3]), ShapeError],
    "a weight of another shape": [() => ops.nativeLayerNorm(x, [4], ones([3])), ShapeError],
    "a batch norm without statistics": [
      () => ops.nativeBatchNorm(x, null, null, null, null, false, 0.1, 1e-5),
      ValueError,
    ],
    "groups that do not divide": [() => ops.nativeGroupNorm(x, null, null, 2, 4, 1, 3, 1e-5), ValueError],
    "another number of elements": [() => ops.nativeGroupNorm(x, null, null, 2, 4, 2, 2, 1e-5), ShapeError],
    "a probability of two": [() => ops.nativeDropout(x, 2, true), ValueError],
  };
  for (const [name, [call, error]] of Object.entries(cases)) test(name, () => assert.throws(call, error));
});

test("a real tensor is its conjugate, the very object", () => {
  const x = tensor([1, 2]);
  for (const f of [ops.conj, ops.conjPhysical, ops.real, ops.positive, ops.resolveConj, ops.resolveNeg])
    assert.equal(f(x), x);
  assert.equal(ops.isComplex(x), false);
});

// torch.native_batch_norm(tensor([[1.], [3.]]), None, None, zeros(1), ones(1), True, 0.1, 1e-5)
test("training moves running statistics", () => {
  const [mean, variance] = [zeros([1]), ones([1])];
  ops.nativeBatchNorm(tensor([[1], [3]]), null, null, mean, variance, true, 0.1, 1e-5);
  assert.ok(Math.abs((mean.itemSync() as number) - 0.2) < 1e-6);
  assert.ok(Math.abs((variance.itemSync() as number) - 1.1) < 1e-6);
});
