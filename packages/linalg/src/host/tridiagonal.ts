/*
 * A symmetric matrix as Q T Q' with a tridiagonal T, by Householder reflections (Golub and Van Loan, Matrix Computations, 4th ed.,
 * 8.3.1), with the signs of LAPACK's dsytd2 for a lower triangle.
 */
import { reflectionOf } from "./reflections.ts";

/** What is left of a symmetric matrix. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Below the diagonal, with one more element. */
  readonly beside: Float64Array;
  /** Orthogonal, n x n. */
  readonly q: Float64Array;
}

/** Reads both triangles of a symmetric matrix, and overwrites it. */
export function tridiagonalize(a: Float64Array, n: number): Tridiagonal {
  const diagonal = new Float64Array(n);
  const beside = new Float64Array(n);
  const tails: { readonly tau: number; readonly v: Float64Array }[] = [];
  for (let s = 0; s < n - 1; s++) {
    const tail = Float64Array.from({ length: n - s - 2 }, (_, i) => a[(s + 2 + i) * n + s]);
    const alpha = a[(s + 1) * n + s];
    const found = reflectionOf(alpha, tail);
    diagonal[s] = a[s * n + s];
    beside[s] = found?.beta ?? alpha;
    const v = Float64Array.from({ length: n - s - 1 }, (_, i) => (i === 0 ? 1 : tail[i - 1]));
    const tau = found?.tau ?? 0;
    tails.push({ tau, v });
    if (tau !== 0) reflectBothSides(a, n, s + 1, v, tau);
  }
  if (n > 0) diagonal[n - 1] = a[n * n - 1];
  return { diagonal, beside, q: multiplied(tails, n) };
}

/** A <- H A H for the square from row and column s on: A - v w' - w v', with w = tau (A v - (tau / 2) (v' A v) v). */
function reflectBothSides(a: Float64Array, n: number, s: number, v: Float64Array, tau: number): void {
  const size = v.length;
  const w = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const row = (s + i) * n + s;
    let sum = 0;
    for (let j = 0; j < size; j++) sum += a[row + j] * v[j];
    w[i] = tau * sum;
  }
  let inner = 0;
  for (let i = 0; i < size; i++) inner += w[i] * v[i];
  for (let i = 0; i < size; i++) w[i] -= 0.5 * tau * inner * v[i];
  for (let i = 0; i < size; i++) {
    const row = (s + i) * n + s;
    for (let j = 0; j < size; j++) a[row + j] -= v[i] * w[j] + w[i] * v[j];
  }
}

/** The product of the reflections, of which number s begins in row s + 1. */
function multiplied(
  tails: readonly { readonly tau: number; readonly v: Float64Array }[],
  n: number,
): Float64Array {
  const q = new Float64Array(n * n);
  for (let i = 0; i < n; i++) q[i * n + i] = 1;
  const products = new Float64Array(n);
  for (let s = tails.length - 1; s >= 0; s--) {
    const { tau, v } = tails[s];
    if (tau === 0) continue;
    products.fill(0);
    for (let i = 0; i < v.length; i++) {
      for (let j = s + 1; j < n; j++) products[j] += v[i] * q[(s + 1 + i) * n + j];
    }
    for (let i = 0; i < v.length; i++) {
      for (let j = s + 1; j < n; j++) q[(s + 1 + i) * n + j] -= tau * v[i] * products[j];
    }
  }
  return q;
}
