/**
 * Backward errors on matrices that are hard: Hilbert's and Vandermonde's, graded ones, near-singular ones, clustered eigenvalues. Each
 * is measured in units of n times the rounding of float64 times the matrix's norm; LAPACK's routines stay below about one such unit.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { eye, Generator, matmul, randn, type Tensor, tensor } from "@flambeau/tensor";
import * as linalg from "../src/index.ts";

/** LAPACK's are measured to be below one. */
const UNITS = 10;
const generator = new Generator();
generator.manualSeed(11);
const draw = (...shape: number[]): Tensor => randn(shape, { dtype: "float64", generator });

const from = (m: number, n: number, f: (i: number, j: number) => number): Tensor =>
  tensor(
    Array.from({ length: m }, (_, i) => Array.from({ length: n }, (__, j) => f(i, j))),
    { dtype: "float64" },
  );
const orthogonal = (n: number): Tensor => linalg.qr(draw(n, n)).Q;
const withValues = (values: readonly number[]): Tensor => {
  const q = orthogonal(values.length);
  const a = q.mul(tensor([...values], { dtype: "float64" })).matmul(q.mT);
  return a.add(a.mT).mul(0.5);
};
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Square, and the second half symmetric. */
const hard: Readonly<Record<string, Tensor>> = {
  random: draw(40, 40),
  "larger than a block": draw(150, 150),
  vandermonde: from(12, 12, (i, j) => (i / 11) ** j),
  graded: from(20, 20, (i, j) => 10 ** (-i / 2 - j / 2) * Math.cos(i * j + 1)),
  "graded upwards": from(20, 20, (i, j) => 10 ** ((i + j) / 2 - 10) * Math.sin(i + 3 * j + 1)),
  "nearly singular": matmul(draw(30, 29), draw(29, 30)).add(draw(30, 30).mul(1e-14)),
  "growth of LU": from(30, 30, (i, j) => (i === j || j === 29 ? 1 : i > j ? -1 : 0)).add(
    draw(30, 30).mul(1e-3),
  ),
  large: draw(10, 10).mul(1e200),
  small: draw(10, 10).mul(1e-200),
};
const hardSymmetric: Readonly<Record<string, Tensor>> = {
  hilbert: from(12, 12, (i, j) => 1 / (i + j + 1)),
  clustered: withValues(range(30).map((i) => 1 + 1e-13 * i)),
  "two clusters": withValues(range(30).map((i) => (i < 15 ? 1 : 1e-8) * (1 + 1e-12 * i))),
  "graded symmetric": from(20, 20, (i, j) => 10 ** (-(i + j) / 2) * (i === j ? 2 : 1)),
  wilkinson: from(21, 21, (i, j) => (i === j ? Math.abs(i - 10) : Math.abs(i - j) === 1 ? 1 : 0)),
  "symmetric of 80": withValues(range(80).map((i) => (i - 40) ** 3)),
};
const all = { ...hard, ...hardSymmetric };

const sizeOf = (x: Tensor): number => Math.max(x.abs().max().itemSync() as number, Number.MIN_VALUE);
/** In units of n times rounding, relative to `scale`. */
const units = (difference: Tensor, scale: number): number =>
  sizeOf(difference) / (scale * difference.shape[0] * 2 ** -52);
const below = (found: number, what: string): void =>
  assert.ok(found < UNITS, `${what}: ${found.toFixed(2)} units of n eps`);
const identityOf = (q: Tensor): Tensor =>
  q.mT.matmul(q).sub(eye(q.shape[1], q.shape[1], { dtype: "float64" }));

describe("backward errors", () => {
  // Blocks of blocks: halves are factored by halves that are themselves products.
  for (const n of [193, 260])
    test(`factors of ${n} rows`, () => {
      const A = draw(n, n);
      const { P, L, U } = linalg.lu(A);
      below(units(P.matmul(L).matmul(U).sub(A), Math.max(sizeOf(A), sizeOf(U))), "P L U");
      const tall = draw(n, 200);
      const { Q, R } = linalg.qr(tall);
      below(units(Q.matmul(R).sub(tall), sizeOf(tall)), "Q R");
      below(units(identityOf(Q), 1), "Q' Q");
      const positive = A.matmul(A.mT).add(eye(n, n, { dtype: "float64" }));
      const factor = linalg.cholesky(positive);
      below(units(factor.matmul(factor.mT).sub(positive), sizeOf(positive)), "L L'");
      assert.equal(factor.triu(1).abs().max().itemSync(), 0);
      const { info } = linalg.choleskyEx(positive.sub(eye(n, n, { dtype: "float64" }).mul(1e9)));
      assert.equal(info.itemSync(), 1);
    });

  for (const [name, A] of Object.entries(all)) {
    test(`factors of ${name}`, () => {
      const scale = sizeOf(A);
      const { P, L, U } = linalg.lu(A);
      // Growth of the factors is the matrix's, not the method's.
      below(units(P.matmul(L).matmul(U).sub(A), Math.max(scale, sizeOf(U))), "P L U");
      const { Q, R } = linalg.qr(A);
      below(units(Q.matmul(R).sub(A), scale), "Q R");
      below(units(identityOf(Q), 1), "Q' Q");
      const s = linalg.svd(A, false);
      below(units(s.U.mul(s.S).matmul(s.Vh).sub(A), sizeOf(s.S)), "U S V'");
      below(units(identityOf(s.U), 1), "U' U");
      below(units(identityOf(s.Vh.mT), 1), "V' V");
    });

    test(`solutions of ${name}`, () => {
      const B = draw(A.shape[0], 2);
      const X = linalg.solve(A, B);
      const { U } = linalg.lu(A);
      below(units(A.matmul(X).sub(B), Math.max(sizeOf(A), sizeOf(U)) * sizeOf(X)), "A X - B");
      const upper = linalg.qr(A).R;
      const Y = linalg.solveTriangular(upper, B, { upper: true });
      below(units(upper.matmul(Y).sub(B), sizeOf(upper) * sizeOf(Y)), "R Y - B");
    });
  }

  for (const [name, A] of Object.entries(hardSymmetric)) {
    test(`eigenvalues of ${name}`, () => {
      const scale = sizeOf(linalg.svdvals(A));
      for (const UPLO of ["L", "U"] as const) {
        const { eigenvalues: L, eigenvectors: V } = linalg.eigh(A, UPLO);
        below(units(A.matmul(V).sub(V.mul(L)), scale), "A V - V L");
        below(units(identityOf(V), 1), "V' V");
      }
      const { LD, pivots } = linalg.ldlFactor(A);
      const B = draw(A.shape[0], 1);
      const X = linalg.ldlSolve(LD, pivots, B);
      below(units(A.matmul(X).sub(B), scale * sizeOf(X)), "L D L' X - B");
      const positive = A.matmul(A).add(
        eye(A.shape[0], A.shape[0], { dtype: "float64" }).mul(scale ** 2 * 1e-12),
      );
      const factor = linalg.cholesky(positive);
      below(units(factor.matmul(factor.mT).sub(positive), sizeOf(positive)), "L L'");
    });
  }

  test("eigenvalues that are known", () => {
    // The second difference has 2 - 2 cos(k pi / (n + 1)).
    const n = 50;
    const A = from(n, n, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0));
    const wanted = tensor(
      range(n).map((k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1))),
      { dtype: "float64" },
    );
    below(units(linalg.eigvalsh(A).sub(wanted), 4), "values");
    below(units(linalg.eigvals(A).sort().values.sub(wanted), 4), "values of a matrix of no symmetry");
  });

  test("eigenvalues of matrices that are badly scaled", () => {
    // The second difference with rows and columns in other units, exactly.
    const n = 12;
    const unit = (i: number): number => 2 ** ((((i * 37) % 61) - 30) ** 1);
    const plain = (i: number, j: number): number => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0);
    const A = from(n, n, (i, j) => (plain(i, j) * unit(i)) / unit(j));
    const { eigenvalues, eigenvectors } = linalg.eig(A);
    const wanted = tensor(
      range(n).map((k) => 2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1))),
      { dtype: "float64" },
    );
    below(units(eigenvalues.sort().values.sub(wanted), 4), "values");
    // In their own units the vectors are as good.
    const own = from(n, 1, unit);
    const V = eigenvectors.div(own);
    const sizes = V.square().sum(0, true).sqrt();
    below(units(from(n, n, plain).matmul(V).sub(V.mul(eigenvalues)).div(sizes), 4), "A V - V L");
    for (const scale of [1e-290, 1e290]) {
      const values = linalg.eigvals(from(n, n, plain).mul(scale)).sort().values;
      below(units(values.div(scale).sub(wanted), 4), `values of a matrix of size ${scale}`);
    }
  });

  test("eigenvalues that stand alone are exact", () => {
    // Triangular, upside down and in another order, with elements far apart.
    const values = [3, -1e8, 1e-8, 7];
    const lower = from(4, 4, (i, j) => (i === j ? values[i] : i > j ? 1e6 : 0));
    const order = [2, 0, 3, 1];
    const mixed = from(4, 4, (i, j) => lower.at(order[i]).at(order[j]).itemSync() as number);
    for (const A of [lower, lower.mT, mixed]) {
      const { eigenvalues, eigenvectors: V } = linalg.eig(A);
      assert.deepEqual(
        (eigenvalues.toArraySync() as number[]).sort((x, y) => x - y),
        [...values].sort((x, y) => x - y),
      );
      below(units(A.matmul(V).sub(V.mul(eigenvalues)), 1e8), "A V - V L");
    }
  });

  test("Jordan blocks have their eigenvalue, and vectors that are parallel to rounding", () => {
    for (const lambda of [0, 1, -1e-150, 1e150])
      for (const size of [2, 3, 5]) {
        const A = from(size, size, (i, j) => (i === j ? lambda : j === i + 1 ? Math.abs(lambda) || 1 : 0));
        for (const J of [A, A.mT]) {
          const { eigenvalues, eigenvectors: V } = linalg.eig(J);
          assert.deepEqual(eigenvalues.toArraySync(), new Array(size).fill(lambda));
          assert.ok(V.isfinite().all().itemSync(), String(V));
          below(units(V.square().sum(0).sub(1), 1), "lengths");
          below(units(J.matmul(V).sub(V.mul(eigenvalues)), sizeOf(J)), "A V - V L");
          const [first] = V.abs().unbind(1);
          for (const other of V.abs().unbind(1)) below(units(other.sub(first), 1), "vectors");
        }
      }
    // Two equal eigenvalues, of which rounding makes no complex pair.
    const double = linalg.eigvals(
      tensor(
        [
          [3, 1],
          [-1, 1],
        ],
        { dtype: "float64" },
      ),
    );
    below(units(double.sub(2), 2), "values");
  });

  test("exponentials that are known", () => {
    // Of a rotation's generator, of any size; and of a nilpotent matrix.
    for (const angle of [1e-8, 0.1, 1, 30, 1000]) {
      const R = linalg.matrixExp(from(2, 2, (i, j) => (j - i) * angle));
      const wanted = from(2, 2, (i, j) => (i === j ? Math.cos(angle) : (j - i) * Math.sin(angle)));
      below(units(R.sub(wanted), Math.max(1, angle)), `angle ${angle}`);
    }
    const N = linalg.matrixExp(from(3, 3, (i, j) => (j === i + 1 ? 1e3 : 0)));
    below(units(N.sub(from(3, 3, (i, j) => [1, 1e3, 5e5][j - i] ?? 0)), 5e5), "nilpotent");
  });

  test("determinants that are known", () => {
    // Hilbert's of 6, exactly.
    const A = from(6, 6, (i, j) => 1 / (i + j + 1));
    const wanted = 5.3672998873586877e-18;
    assert.ok(Math.abs((linalg.det(A).itemSync() as number) / wanted - 1) < 1e-9);
    const { sign, logabsdet } = linalg.slogdet(A.mul(-1));
    assert.equal(sign.itemSync(), 1);
    assert.ok(Math.abs((logabsdet.itemSync() as number) - Math.log(wanted)) < 1e-9);
    // Whose product overflows.
    assert.ok(
      Math.abs((linalg.slogdet(eye(100).mul(1e5)).logabsdet.itemSync() as number) - 1151.2925) < 1e-2,
    );
  });
});
