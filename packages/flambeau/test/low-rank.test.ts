/** Decompositions of low rank: what they decompose, and what is refused. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  linalg,
  manualSeed,
  pcaLowrank,
  randn,
  ShapeError,
  svdLowrank,
  type Tensor,
  ValueError,
} from "flambeau";

const of = (rank: number, m: number, n: number, ...batch: number[]): Tensor => {
  manualSeed(rank + m + n);
  const [left, right] = [
    [...batch, m, rank],
    [...batch, rank, n],
  ].map((size) => randn(size, { dtype: "float64" }));
  return left.matmul(right);
};
const near = (a: Tensor, b: Tensor, atol = 1e-9): void => {
  assert.deepEqual(a.shape, b.shape);
  assert.ok(a.allclose(b, { atol, rtol: 1e-9 }));
};

describe("decompositions of low rank", () => {
  for (const size of [
    [7, 5],
    [5, 7],
    [3, 3],
    [6, 2, 2],
  ])
    test(`of ${size}`, () => {
      const [m, n, ...batch] = size;
      const A = of(2, m, n, ...batch);
      const { U, S, V } = svdLowrank(A, 2);
      near(U.mul(S.unsqueeze(-2)).matmul(V.mT), A);
      near(S, linalg.svdvals(A).narrow(-1, 0, 2));
      const centred = A.sub(A.mean(-2, true));
      const components = pcaLowrank(A, 2);
      near(components.U.mul(components.S.unsqueeze(-2)).matmul(components.V.mT), centred);
      near(pcaLowrank(A, 2, { center: false }).S, S);
      near(svdLowrank(A, 2, { M: A.mean(-2, true) }).S, components.S);
    });

  test("have the derivative of singular values", () => {
    const A = of(2, 5, 4);
    const gradientOf = (f: (x: Tensor) => Tensor): Tensor => {
      const leaf = A.clone().requiresGrad_();
      f(leaf).sum().backward();
      return leaf.grad as Tensor;
    };
    const wanted = gradientOf((x) => linalg.svdvals(x).narrow(-1, 0, 2));
    near(
      gradientOf((x) => svdLowrank(x, 2).S),
      wanted,
      1e-7,
    );
  });

  test("refuse more values than there are", () => {
    const A = of(2, 5, 4);
    for (const f of [
      (x: Tensor, q: number, niter = 2) => svdLowrank(x, q, { niter }),
      (x: Tensor, q: number, niter = 2) => pcaLowrank(x, q, { niter }),
    ]) {
      assert.throws(() => f(A, 5), ValueError);
      assert.throws(() => f(A, 2, -1), ValueError);
      assert.throws(() => f(A.select(0, 0), 1), ShapeError);
    }
    assert.throws(() => svdLowrank(A), /q is an integer from 0 to min\(m, n\) = 4; got 6/);
    assert.deepEqual(pcaLowrank(A).S.shape, [4]);
  });
});
