/** Results that are unpacked as PyTorch's, and read by name; bounds by their names there. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clampMax, clampMin, linalg, tensor, uniqueAll } from "@flambeau/tensor";

test("lstsq and uniqueAll unpack in PyTorch's order", () => {
  const A = tensor([
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
  for (const b of [tensor([1, 3, 5]), tensor([[1], [3], [5]])]) {
    const result = linalg.lstsq(A, b, { driver: "gelsd" });
    const [solution, residuals, rank, singularValues] = result;
    assert.deepEqual(
      [solution, residuals, rank, singularValues],
      [result.solution, result.residuals, result.rank, result.singularValues],
    );
    assert.deepEqual(solution.shape, b.ndim === 1 ? [2] : [2, 1]);
  }
  for (const x of [tensor([3, 1, 3]), tensor([])]) {
    const result = uniqueAll(x);
    assert.deepEqual([...result], [result.values, result.inverse, result.counts]);
  }
});

test("the bounds of clampMin and clampMax are min and max", () => {
  const x = tensor([-1, 2]);
  assert.deepEqual(
    [clampMin(x, { min: 0 }).tolist(), x.clampMax({ max: 1 }).tolist()],
    [
      [0, 2],
      [-1, 1],
    ],
  );
  assert.deepEqual(x.clone().clampMin_({ min: 0 }).tolist(), [0, 2]);
  assert.deepEqual(clampMax(1, x).tolist(), [-1, 1]);
  // @ts-expect-error PyTorch's name is min
  assert.throws(() => x.clampMin({ other: 0 }), /clampMin: unknown option "other"/);
});
