/** What a sweep over PyTorch's op database found: calls that were refused or answered otherwise. Values are PyTorch 1.13's. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fl from "flambeau";
import { F, type Tensor, tensor } from "flambeau";

const values = (x: Tensor): unknown => x.toArraySync();
const leaf = (...x: number[]): Tensor => tensor(x, { dtype: "float64", requiresGrad: true });
const integers = (dtype: fl.DType, ...x: number[]): Tensor => tensor(x, { dtype });

describe("calls of PyTorch's op database", () => {
  test("meshgrid of vectors without an array", () => {
    const [x, y] = [tensor([1, 2]), tensor([3, 4, 5])];
    for (const indexing of ["ij", "xy"] as const) {
      const [wanted, given] = [fl.meshgrid([x, y], { indexing }), fl.meshgrid(x, y, { indexing })];
      assert.deepEqual(given.map(values), wanted.map(values));
    }
    assert.deepEqual(fl.meshgrid(x, y, x, y)[3].shape, [2, 3, 2, 3]);
    assert.deepEqual(values(fl.meshgrid(x)[0]), [1, 2]);
    assert.throws(() => fl.meshgrid(x, y, x, y, x as never), fl.ArgumentError);
  });

  test("einsum of an array", () => {
    const [a, b] = [tensor([1, 2]), tensor([3, 4])];
    assert.deepEqual(values(fl.einsum("i,i->", [a, b])), 11);
    assert.throws(() => fl.einsum("i->", [1 as never]), fl.DTypeError);
  });

  test("isin of numbers, inverted and unique", () => {
    const x = tensor([1n, 2n, 3n]);
    assert.deepEqual(values(fl.isin(x, 2)), [false, true, false]);
    assert.deepEqual(values(fl.isin(x, 2, { invert: true, assumeUnique: true })), [true, false, true]);
    assert.deepEqual(values(fl.isin(2, tensor([1n, 2n]))), true);
    assert.deepEqual(values(fl.isin(x, tensor([[3n], [1n]]), { invert: true })), [false, true, false]);
    assert.throws(() => fl.isin(2, 3), fl.DTypeError);
  });

  test("to() with a dtype or tensor and both flags", () => {
    const x = tensor([1]);
    assert.equal(x.to("float32", true, false), x);
    assert.notEqual(x.to("float32", false, true), x);
    assert.equal(x.to(tensor([1n]), false, true).dtype, "int64");
    assert.throws(() => x.to("float64", 5 as never), fl.ArgumentError);
  });

  test("a correction of null is 1", () => {
    const x = tensor([1, 2, 3, 4]);
    assert.deepEqual(values(x.var(null, { correction: null })), values(x.var()));
    assert.deepEqual(values(fl.stdMean(x, null, { correction: null })[0]), values(x.std()));
  });

  test("an empty stride is the kernel's size", () => {
    const x = fl.arange(16).reshape([1, 1, 4, 4]);
    assert.deepEqual(values(F.avgPool2d(x, [2, 2], [] as never)), values(F.avgPool2d(x, 2)));
  });

  test("fractional pooling of no batch", () => {
    const x = fl.zeros([0, 1, 4, 5, 4]);
    const y = F.fractionalMaxPool3d(x, [2, 2, 1], { outputSize: 2 }) as Tensor;
    assert.deepEqual(y.shape, [0, 1, 2, 2, 2]);
  });

  test("integers give floats, or stay what they are", () => {
    const gap = F.pairwiseDistance(tensor([1n, 2n, 3n]), tensor([3n, 4n, 5n]), { eps: 1 });
    assert.deepEqual([gap.dtype, gap.itemSync()], ["float32", Math.fround(Math.sqrt(3))]);
    const response = F.localResponseNorm(tensor([[[5n], [1n]]]), 2, { alpha: 0.5, beta: 0.5, k: 1.25 });
    assert.equal(response.dtype, "float32");
    assert.ok(response.ravel().allclose(tensor([1.857, 0.3592]), { atol: 1e-4 }));
    const product = F.bilinear(
      integers("uint8", 200),
      integers("uint8", 2),
      fl.ones([1, 1, 1], { dtype: "uint8" }),
    );
    assert.deepEqual([product.dtype, values(product)], ["uint8", [144]]);
    const mask = integers("uint8", 1, 2, 3).reshape([1, 1, 3]);
    assert.deepEqual(values(F.interpolate(mask, 5)), [[[1, 1, 2, 2, 3]]]);
    assert.deepEqual(values(F.interpolate(mask, 5, { mode: "nearest-exact" })), [[[1, 1, 2, 3, 3]]]);
    assert.throws(() => F.interpolate(mask, 5, { mode: "linear" }), fl.DTypeError);
    assert.throws(() => F.interpolate(mask.to("int32"), 5), fl.DTypeError);
  });

  test("draws have a derivative of zero", () => {
    const [mean, std, p] = [leaf(1, 2), leaf(3, 4), leaf(0.5, 0.25)];
    for (const [y, name] of [
      [fl.normal(mean, std), "NormalBackward3"],
      [fl.normal(mean, 2), "NormalBackward1"],
      [fl.normal(2, std), "NormalBackward2"],
      [fl.bernoulli(p), "BernoulliBackward0"],
    ] as const) {
      assert.equal(y.gradFn?.name, name);
      y.sum().backward();
    }
    for (const x of [mean, std, p]) assert.deepEqual(values(x.grad as Tensor), [0, 0]);
  });

  test("reductions in place have the derivative of those that are not", () => {
    const at = tensor([0n, 0n, 1n]);
    for (const reduce of ["prod", "mean", "amax", "amin"] as const) {
      const gradients = [
        (x: Tensor, y: Tensor) => fl.scatterReduce(x, 0, at, y, reduce),
        (x: Tensor, y: Tensor) => fl.scatterReduce_(x, 0, at, y, reduce),
        (x: Tensor, y: Tensor) => fl.indexReduce(x, 0, at, y, reduce),
        (x: Tensor, y: Tensor) => fl.indexReduce_(x, 0, at, y, reduce),
      ].map((f) => {
        const [x, source] = [leaf(2, 3), leaf(5, -1, 4)];
        f(x.mul(1), source)
          .mul(tensor([1, 2]))
          .sum()
          .backward();
        return [x.grad, source.grad].map((g) => values(g as Tensor));
      });
      for (const g of gradients) assert.deepEqual(g, gradients[0]);
    }
  });

  test("what PyTorch refuses is refused by type", () => {
    assert.throws(() => fl.roll(tensor([1, 2]), []), fl.ValueError);
    assert.throws(() => fl.special.zeta(2, 3), fl.DTypeError);
    assert.throws(() => fl.copysign(2 as never, 3), fl.FlambeauError);
  });
});
