import type { HouseholderQR } from "./householder.ts";

/*
 * Incremental condition estimation (Bischof, SIAM J. Matrix Anal. Appl. 11, 1990), as in LAPACK's dlaic1: estimates of the
 * largest and the smallest singular value of the leading triangles of R, one column after the other.
 */

/** An estimate and the unit vector x with |x' R| equal to it. */
interface Estimate {
  readonly value: number;
  readonly x: Float64Array;
}

/**
 * How many leading columns of R have an estimated condition of at most 1 / rcond: the rank as LAPACK's dgelsy counts it. R's
 * diagonal falls, so what follows is no better.
 */
export function rankByCondition({ tau, columns, factors }: HouseholderQR, rcond: number): number {
  if (tau.length === 0 || factors[0] === 0) return 0;
  const first = { value: Math.abs(factors[0]), x: Float64Array.of(1) };
  let [largest, smallest]: Estimate[] = [first, first];
  let rank = 1;
  while (rank < tau.length) {
    const column = Float64Array.from({ length: rank + 1 }, (_, i) => factors[i * columns + rank]);
    const [larger, smaller] = [extend(largest, column, true), extend(smallest, column, false)];
    if (larger.value * rcond > smaller.value) break;
    largest = larger;
    smallest = smaller;
    rank++;
  }
  return rank;
}

/** The estimate for one more column: the larger or the smaller eigenvalue of a 2 x 2 matrix, and its vector. */
function extend({ value, x }: Estimate, column: Float64Array, wantsLarger: boolean): Estimate {
  const gamma = column[x.length];
  let alpha = 0;
  for (let i = 0; i < x.length; i++) alpha += x[i] * column[i];
  // diag(value^2, 0) + [alpha, gamma]' [alpha, gamma]
  const a = value * value + alpha * alpha;
  const b = alpha * gamma;
  const d = gamma * gamma;
  const root = Math.hypot(a - d, 2 * b);
  const top = Math.sqrt((a + d + root) / 2);
  let [s, c] = a >= d ? [(a - d + root) / 2, b] : [b, (d - a + root) / 2];
  const length = Math.hypot(s, c);
  [s, c] = length === 0 ? [1, 0] : [s / length, c / length];
  if (!wantsLarger) [s, c] = [-c, s];
  const next = new Float64Array(x.length + 1);
  for (let i = 0; i < x.length; i++) next[i] = s * x[i];
  next[x.length] = c;
  // The determinant gives the smaller eigenvalue without a difference.
  return { value: wantsLarger ? top : top === 0 ? 0 : Math.abs(value * gamma) / top, x: next };
}
