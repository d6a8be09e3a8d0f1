/** Derivatives of first and second order against finite differences, of every function that has one. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gradcheck, gradgradcheck } from "@flambeau/autograd";
import { eye, Generator, matmul, randn, type Tensor, tensor } from "@flambeau/tensor";
import * as linalg from "../src/index.ts";

const generator = new Generator();
generator.manualSeed(7);
const plain = (...shape: number[]): Tensor => randn(shape, { dtype: "float64", generator });
const leaf = (...shape: number[]): Tensor => plain(...shape).requiresGrad_();
const one = (n: number): Tensor => eye(n, n, { dtype: "float64" });
/** Of any matrices symmetric ones, positive-definite ones, and such as are far from singular. */
const symmetric = (x: Tensor): Tensor => x.add(x.mT);
const positive = (x: Tensor): Tensor => matmul(x, x.mT).add(one(x.shape[x.ndim - 2]));

type Case = readonly [f: (...xs: Tensor[]) => Tensor | readonly Tensor[], ...inputs: Tensor[]];

const square = (): Tensor => leaf(3, 3);
const batch = (): Tensor => leaf(2, 2, 2);
const list = (xs: Iterable<Tensor>): Tensor[] => [...xs];

const cases: Readonly<Record<string, readonly Case[]>> = {
  norm: [
    [(x) => linalg.norm(x), square()],
    [(x) => linalg.norm(x, 3, 1), square()],
    [(x) => linalg.norm(x, "nuc"), leaf(3, 2)],
  ],
  vectorNorm: [2, 3, 1.5, Infinity].map((p): Case => [(x) => linalg.vectorNorm(x, p, 0), leaf(3, 2)]),
  matrixNorm: (["fro", "nuc", 2, -2, 1, -1, Infinity] as const).map(
    (p): Case => [(x) => linalg.matrixNorm(x, p), leaf(2, 3, 2)],
  ),
  det: [
    [(x) => linalg.det(x), square()],
    [(x) => linalg.det(x), batch()],
    [(x) => linalg.det(x), leaf(1, 1)],
  ],
  slogdet: [[(x) => linalg.slogdet(x).logabsdet, square()]],
  logdet: [[(x) => linalg.logdet(positive(x)), square()]],
  inv: [
    [(x) => linalg.inv(x), square()],
    [(x) => linalg.inv(x), batch()],
  ],
  invEx: [[(x) => linalg.invEx(x).inverse, square()]],
  pinv: [
    [(x) => linalg.pinv(x), leaf(4, 2)],
    [(x) => linalg.pinv(x), leaf(2, 2, 3)],
    [(x) => linalg.pinv(symmetric(x), { hermitian: true }), square()],
    // Of low rank.
    [(a, b) => linalg.pinv(matmul(a, b)), leaf(3, 2), leaf(2, 4)],
  ],
  pinverse: [[(x) => linalg.pinverse(x), leaf(3, 2)]],
  solve: [
    [(A, B) => linalg.solve(A, B), square(), leaf(3, 2)],
    [(A, B) => linalg.solve(A, B), square(), leaf(3)],
    [(A, B) => linalg.solve(A, B), batch(), leaf(2, 1)],
    [(A, B) => linalg.solve(A, B, { left: false }), square(), leaf(2, 3)],
  ],
  solveEx: [[(A, B) => linalg.solveEx(A, B).result, square(), leaf(3, 2)]],
  solveTriangular: [true, false].flatMap((upper) =>
    [true, false].flatMap((left) =>
      [true, false].map(
        (unitriangular): Case => [
          (A, B) => linalg.solveTriangular(A, B, { upper, left, unitriangular }),
          one(3).mul(2).add(plain(3, 3).mul(0.3)).requiresGrad_(),
          leaf(3, 3),
        ],
      ),
    ),
  ),
  triangularSolve: [
    [
      (b, A) => linalg.triangularSolve(b, A, { transpose: true }).solution,
      leaf(3, 2),
      one(3).add(plain(3, 3).mul(0.3)).requiresGrad_(),
    ],
  ],
  lu: [
    [(x) => list(linalg.lu(x)).slice(1), square()],
    [(x) => list(linalg.lu(x)).slice(1), leaf(2, 2, 4)],
    [(x) => list(linalg.lu(x)).slice(1), leaf(4, 2)],
  ],
  luFactor: [
    [(x) => linalg.luFactor(x).LU, square()],
    [(x) => linalg.luFactor(x).LU, leaf(2, 4)],
    [(x) => linalg.luFactor(x).LU, leaf(4, 2)],
  ],
  luFactorEx: [[(x) => linalg.luFactorEx(x).LU, square()]],
  luUnpack: [[(x) => list(linalg.luUnpack(x, tensor([2, 3, 3], { dtype: "int32" }))).slice(1), square()]],
  luSolve: [true, false].flatMap((left) =>
    [true, false].map(
      (adjoint): Case => [
        (A, B) => {
          const { LU, pivots } = linalg.luFactor(A);
          return linalg.luSolve(LU, pivots, B, { left, adjoint });
        },
        square(),
        leaf(3, 3),
      ],
    ),
  ),
  cholesky: [
    [(x) => linalg.cholesky(positive(x)), square()],
    [(x) => linalg.cholesky(positive(x), { upper: true }), batch()],
  ],
  choleskyEx: [[(x) => linalg.choleskyEx(positive(x)).L, square()]],
  choleskySolve: [true, false].map(
    (upper): Case => [
      (B, x) => linalg.choleskySolve(B, linalg.cholesky(positive(x), { upper }), upper),
      leaf(3, 2),
      square(),
    ],
  ),
  choleskyInverse: [true, false].map(
    (upper): Case => [
      (x) => linalg.choleskyInverse(linalg.cholesky(positive(x), { upper }), upper),
      square(),
    ],
  ),
  qr: [
    [(x) => list(linalg.qr(x)), square()],
    [(x) => list(linalg.qr(x)), leaf(4, 2)],
    [(x) => list(linalg.qr(x)), leaf(2, 2, 3)],
    [(x) => linalg.qr(x).R, leaf(2, 3)],
    [(x) => linalg.qr(x).Q, leaf(2, 3)],
    [(x) => list(linalg.qr(x, "complete")), leaf(2, 3)],
  ],
  eigh: [
    [(x) => list(linalg.eigh(symmetric(x))), square()],
    [(x) => list(linalg.eigh(symmetric(x), "U")), batch()],
  ],
  eigvalsh: [[(x) => linalg.eigvalsh(symmetric(x)), square()]],
  eig: [
    [
      (x) => list(linalg.eig(x)),
      tensor(
        [
          [1, 0.1, 0.2],
          [0.3, 3, 0.1],
          [0.1, 0.2, 6],
        ],
        { dtype: "float64", requiresGrad: true },
      ),
    ],
  ],
  eigvals: [
    [
      (x) => linalg.eigvals(x),
      tensor(
        [
          [1, 0.2],
          [0.3, 3],
        ],
        { dtype: "float64", requiresGrad: true },
      ),
    ],
  ],
  svd: [
    [(x) => list(linalg.svd(x, false)), leaf(3, 2)],
    [(x) => list(linalg.svd(x, false)), leaf(2, 2, 3)],
  ],
  svdvals: [[(x) => linalg.svdvals(x), leaf(3, 2)]],
  lstsq: [
    [(A, B) => linalg.lstsq(A, B).solution, leaf(4, 2), leaf(4, 1)],
    [(A, B) => linalg.lstsq(A, B).solution, leaf(2, 3), leaf(2, 1)],
  ],
  matrixPower: [3, -2, 1].map((n): Case => [(x) => linalg.matrixPower(x, n), square()]),
  matrixExp: [
    [(x) => linalg.matrixExp(x), square()],
    [(x) => linalg.matrixExp(x), batch()],
  ],
  cond: ([2, -2, 1, "fro", "nuc"] as const).map((p): Case => [(x) => linalg.cond(x, p), square()]),
  cross: [[(a, b) => linalg.cross(a, b), leaf(2, 3), leaf(1, 3)]],
  vander: [[(x) => linalg.vander(x, { N: 4 }), leaf(3)]],
  vecdot: [[(a, b) => linalg.vecdot(a, b), leaf(2, 3), leaf(3)]],
  multiDot: [[(a, b, c) => linalg.multiDot([a, b, c]), leaf(2), leaf(2, 3), leaf(3, 2)]],
  chainMatmul: [[(a, b, c) => linalg.chainMatmul(a, b, c), leaf(1, 2), leaf(2, 3), leaf(3, 2)]],
  matmul: [[(a, b) => linalg.matmul(a, b), leaf(2, 3), leaf(3, 2)]],
  diagonal: [[(x) => linalg.diagonal(x, { offset: 1 }), square()]],
  tensorinv: [[(x) => linalg.tensorinv(x, 1), leaf(4, 2, 2)]],
  tensorsolve: [[(A, B) => linalg.tensorsolve(A, B), leaf(2, 2, 4), leaf(2, 2)]],
  householderProduct: [[(A, tau) => linalg.householderProduct(A, tau), leaf(3, 2), leaf(2)]],
  ormqr: [
    [(A, tau, x) => linalg.ormqr(A, tau, x), leaf(3, 2), leaf(2), leaf(3, 2)],
    [(A, tau, x) => linalg.ormqr(A, tau, x, false, true), leaf(3, 2), leaf(2), leaf(2, 3)],
  ],
  dist: [[(a, b) => linalg.dist(a, b, 3), leaf(3), leaf(2, 3)]],
  renorm: [[(x) => linalg.renorm(x, 2, 0, 0.7), leaf(2, 3)]],
};

/** PyTorch has none either, or they are integers. */
const without = ["geqrf", "ldlFactor", "ldlFactorEx", "ldlSolve", "matrixRank", "LinAlgError"];

describe("derivatives", () => {
  for (const [name, all] of Object.entries(cases)) {
    test(name, () => {
      for (const [f, ...inputs] of all) {
        assert.ok(gradcheck(f, inputs, { atol: 1e-6, rtol: 1e-4 }));
        assert.ok(gradgradcheck(f, inputs, { atol: 1e-5, rtol: 1e-4 }));
      }
    });
  }

  test("every function has a case", () => {
    const missing = Object.keys(linalg).filter((name) => !(name in cases) && !without.includes(name));
    assert.deepEqual(missing, []);
  });

  test("of singular matrices the determinant has them too", () => {
    for (const rank of [2, 1, 0]) {
      const x = matmul(plain(3, Math.max(rank, 1)), plain(Math.max(rank, 1), 3)).mul(rank === 0 ? 0 : 1);
      assert.ok(
        gradcheck((y) => linalg.det(y), [x.requiresGrad_()], { atol: 1e-6 }),
        `rank ${rank}`,
      );
      assert.ok(
        gradgradcheck((y) => linalg.det(y), [x], { atol: 1e-5 }),
        `rank ${rank}`,
      );
    }
  });
});
