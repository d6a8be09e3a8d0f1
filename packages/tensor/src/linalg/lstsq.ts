import { ShapeError } from "@flambeau/backend";
import { rankByCondition } from "./condition.ts";
import { applyQ, applyQTransposed, factorQR, type HouseholderQR } from "./householder.ts";
import { powerOfTwoNear } from "./scale.ts";
import { solveUpper, solveUpperTransposed } from "./triangular.ts";

/** The least-squares solution of A X = B. */
export interface LeastSquares {
  /** n x k, row-major: of all X that minimise |A X - B|, the one of least norm. */
  readonly solution: Float64Array;
  /** The k squared lengths of the columns of A X - B where m > n and A has full rank, otherwise empty. */
  readonly residuals: Float64Array;
  readonly rank: number;
  /** The min(m, n) singular values of A in falling order, where the method finds them. */
  readonly singularValues?: Float64Array;
}

/** @throws ShapeError when an array is not as long as its shape says. */
export function checkSizes(a: Float64Array, m: number, n: number, b: Float64Array, k: number): void {
  if (a.length !== m * n)
    throw new ShapeError(`lstsq: A of ${m} x ${n} needs ${m * n} elements, has ${a.length}`);
  if (b.length !== m * k)
    throw new ShapeError(`lstsq: B of ${m} x ${k} needs ${m * k} elements, has ${b.length}`);
}

/**
 * Solves A X = B in the least-squares sense, for any shape and rank.
 *
 * A is factored by QR with column pivoting; where its rank r is less than n, the first r rows of R are factored once
 * more from the right (a complete orthogonal decomposition), which gives the solution of least norm: the method of
 * LAPACK's dgelsy, PyTorch's default on the CPU. See Golub and Van Loan, Matrix Computations, 4th ed., 5.4 and 5.5.
 *
 * @param a m x n, row-major.
 * @param b m x k, row-major.
 * @param rcond leading columns count towards the rank while their estimated condition is at most 1 / rcond, as in dgelsy.
 *   The default is PyTorch's for float64.
 * @throws ShapeError when an array is not as long as its shape says.
 * @throws LinAlgError when a number is infinite or NaN.
 */
export function lstsq(
  a: Float64Array,
  m: number,
  n: number,
  b: Float64Array,
  k: number,
  rcond: number = Number.EPSILON * Math.max(m, n),
): LeastSquares {
  checkSizes(a, m, n, b, k);
  // Squares of the largest elements must not overflow, those of all elements together not vanish.
  const scaleA = powerOfTwoNear("lstsq: A", a);
  const scaleB = powerOfTwoNear("lstsq: B", b);

  const qr = factorQR(
    a.map((value) => value / scaleA),
    m,
    n,
    true,
  );
  const target = b.map((value) => value / scaleB);
  applyQTransposed(qr, target, k);
  const rank = rankByCondition(qr, rcond);

  const pivoted = rank === n ? backSubstitute(qr, target, k) : leastNorm(qr, rank, target, k);
  const solution = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < k; j++) solution[qr.pivots[i] * k + j] = pivoted[i * k + j] * (scaleB / scaleA);
  }
  return { solution, residuals: residualsBelow(target, m, rank === n ? n : m, k, scaleB), rank };
}

/** The squared lengths of the columns of Q' B below row n, which R does not reach: what no X removes. */
export function residualsBelow(
  target: Float64Array,
  m: number,
  n: number,
  k: number,
  scale: number,
): Float64Array {
  const residuals = new Float64Array(m > n ? k : 0);
  for (let i = n; i < m; i++) {
    for (let j = 0; j < residuals.length; j++) residuals[j] += (target[i * k + j] * scale) ** 2;
  }
  return residuals;
}

/** Solves R X = the first n rows of the target. */
function backSubstitute(
  { columns: n, factors }: HouseholderQR,
  target: Float64Array,
  k: number,
): Float64Array {
  const x = target.slice(0, n * k);
  solveUpper(factors, n, n, x, k);
  return x;
}

/** The X of least norm with S X = the first r rows of the target, S being the first r rows of R: S' = Z T gives X = Z T'^-1. */
function leastNorm(qr: HouseholderQR, rank: number, target: Float64Array, k: number): Float64Array {
  const n = qr.columns;
  const transposed = new Float64Array(n * rank);
  for (let i = 0; i < rank; i++) {
    for (let j = i; j < n; j++) transposed[j * rank + i] = qr.factors[i * n + j];
  }
  const zt = factorQR(transposed, n, rank, false);
  const x = new Float64Array(n * k);
  x.set(target.subarray(0, rank * k));
  solveUpperTransposed(zt.factors, rank, rank, x, k);
  applyQ(zt, x, k);
  return x;
}
