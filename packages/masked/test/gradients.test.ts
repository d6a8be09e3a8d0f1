/** Derivatives against finite differences, of first and second order, and what is refused. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gradcheck, gradgradcheck } from "@flambeau/autograd";
import { DTypeError, IndexError, ShapeError, ValueError } from "@flambeau/backend";
import { Generator, ones, randn, type Tensor, tensor } from "@flambeau/tensor";
import * as masked from "../src/index.ts";

const generator = new Generator();
generator.manualSeed(5);
const leaf = (...shape: number[]): Tensor => randn(shape, { dtype: "float64", generator }).requiresGrad_();
const mask = tensor([
  [true, false, true],
  [true, true, true],
]);
const all = { mask };

const cases: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  sum: (x) => masked.sum(x, 1, all),
  prod: (x) => masked.prod(x, [0, 1], all),
  mean: (x) => masked.mean(x, 0, all),
  var: (x) => masked.var(x, 1, true, all),
  std: (x) => masked.std(x, 1, all),
  amax: (x) => masked.amax(x, 1, all),
  amin: (x) => masked.amin(x, 0, all),
  median: (x) => masked.median(x, 1, all),
  norm: (x) => masked.norm(x, 3, 1, all),
  normalize: (x) => masked.normalize(x, 2, 1, all),
  logsumexp: (x) => masked.logsumexp(x, 1, all),
  // At -Infinity there is none of second order, as in PyTorch; the first is in the samples.
  logaddexp: (x) => masked.logaddexp(x, x.mul(2)),
  softmax: (x) => masked.softmax(x, 1, all),
  // Elsewhere it is infinite.
  logSoftmax: (x) => masked.logSoftmax(x, 1, all).maskedFill(mask.logicalNot(), 0),
  softmin: (x) => masked.softmin(x, 1, all),
  cumsum: (x) => masked.cumsum(x, 1, all),
  cumprod: (x) => masked.cumprod(x, 1, all),
};

describe("derivatives", () => {
  for (const [name, f] of Object.entries(cases)) {
    test(name, () => {
      const x = leaf(2, 3);
      assert.ok(gradcheck(f, [x], { atol: 1e-6, rtol: 1e-4 }));
      assert.ok(gradgradcheck(f, [x], { atol: 1e-5, rtol: 1e-4 }));
    });
  }

  test("every function has a case", () => {
    const positions = ["argmax", "argmin"];
    assert.deepEqual(
      Object.keys(masked).filter((name) => !(name in cases) && !positions.includes(name)),
      [],
    );
  });

  test("none goes where the mask is false, not even of nan", () => {
    const x = tensor([1, Number.NaN, 3], { requiresGrad: true });
    masked
      .softmax(x, 0, { mask: tensor([true, false, true]) })
      .select(0, 0)
      .backward();
    assert.equal(x.grad?.at(1).itemSync(), 0);
  });
});

describe("refused", () => {
  const x = ones([2, 3]);
  const refusals = [
    [ShapeError, "a mask of more dimensions", () => masked.sum(x, { mask: ones([1, 2, 3]) })],
    [ShapeError, "a mask that does not broadcast", () => masked.sum(x, { mask: ones([2]) })],
    [ShapeError, "a dimension twice", () => masked.prod(x, [0, -2])],
    [IndexError, "a dimension that there is not", () => masked.amax(x, 2)],
    [DTypeError, "bool, which has no identity", () => masked.amax(mask, { mask })],
    [DTypeError, "the norm of integers", () => masked.norm(mask.long())],
    [DTypeError, "softmax of integers", () => masked.softmax(mask.long(), 0)],
    [ValueError, "the median of no integer", () => masked.median(mask.long(), { mask: mask.logicalNot() })],
  ] as const;
  for (const [type, what, run] of refusals) test(what, () => assert.throws(run, type));
});
