import { ShapeError, ValueError } from "@flambeau/backend";
import { applyQ, applyQTransposed, factorQR, type HouseholderQR } from "./householder.ts";

/** The least-squares solution of A X = B. */
export interface LeastSquares {
  /** n x k, row-major: of all X that minimise |A X - B|, the one of least norm. */
  readonly solution: Float64Array;
  /** The k squared lengths of the columns of A X - B where m > n and A has full rank, otherwise empty. */
  readonly residuals: Float64Array;
  readonly rank: number;
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
 * @param rcond a diagonal element of R counts towards the rank while it is larger than rcond times the first. The
 * default is PyTorch's for float64; dgelsy estimates singular values instead, so that a matrix at the very border of
 * singularity may be judged differently.
 * @throws ShapeError when an array is not as long as its shape says.
 * @throws ValueError when a number is infinite or NaN.
 */
export function lstsq(
  a: Float64Array,
  m: number,
  n: number,
  b: Float64Array,
  k: number,
  rcond: number = Number.EPSILON * Math.max(m, n),
): LeastSquares {
  if (a.length !== m * n)
    throw new ShapeError(`lstsq: A of ${m} x ${n} needs ${m * n} elements, has ${a.length}`);
  if (b.length !== m * k)
    throw new ShapeError(`lstsq: B of ${m} x ${k} needs ${m * k} elements, has ${b.length}`);
  // Squares of the largest elements must not overflow, those of all elements together not vanish.
  const scaleA = powerOfTwoNear(a, "A");
  const scaleB = powerOfTwoNear(b, "B");

  const qr = factorQR(
    a.map((value) => value / scaleA),
    m,
    n,
    true,
  );
  const target = b.map((value) => value / scaleB);
  applyQTransposed(qr, target, k);
  const rank = rankOf(qr, rcond);

  const pivoted = rank === n ? backSubstitute(qr, target, k) : leastNorm(qr, rank, target, k);
  const solution = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < k; j++) solution[qr.pivots[i] * k + j] = pivoted[i * k + j] * (scaleB / scaleA);
  }
  // Q' B below the rows that R can reach is what no X removes.
  const residuals = new Float64Array(m > n && rank === n ? k : 0);
  for (let i = n; i < m; i++) {
    for (let j = 0; j < residuals.length; j++) residuals[j] += (target[i * k + j] * scaleB) ** 2;
  }
  return { solution, residuals, rank };
}

/** A power of two of the size of the largest magnitude (1 for zeros): dividing by it loses no digit. */
function powerOfTwoNear(values: Float64Array, name: string): number {
  let largest = 0;
  for (const value of values) {
    if (!Number.isFinite(value)) throw new ValueError(`lstsq: ${name} must be finite, it holds ${value}`);
    largest = Math.max(largest, Math.abs(value));
  }
  return largest === 0 ? 1 : 2 ** Math.min(1023, Math.floor(Math.log2(largest)));
}

function rankOf({ tau, columns, factors }: HouseholderQR, rcond: number): number {
  const least = rcond * Math.abs(factors[0]);
  let rank = 0;
  while (rank < tau.length && Math.abs(factors[rank * columns + rank]) > least) rank++;
  return rank;
}

/** Solves R X = the first n rows of the target. */
function backSubstitute(
  { columns: n, factors }: HouseholderQR,
  target: Float64Array,
  k: number,
): Float64Array {
  const x = target.slice(0, n * k);
  for (let i = n - 1; i >= 0; i--) {
    for (let j = 0; j < k; j++) {
      let sum = x[i * k + j];
      for (let l = i + 1; l < n; l++) sum -= factors[i * n + l] * x[l * k + j];
      x[i * k + j] = sum / factors[i * n + i];
    }
  }
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
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j < k; j++) {
      let sum = target[i * k + j];
      for (let l = 0; l < i; l++) sum -= zt.factors[l * rank + i] * x[l * k + j];
      x[i * k + j] = sum / zt.factors[i * rank + i];
    }
  }
  applyQ(zt, x, k);
  return x;
}
