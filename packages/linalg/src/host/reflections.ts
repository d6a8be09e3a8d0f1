/*
 * Householder reflections H = I - tau v v' with v = (0, .., 1, tail), with LAPACK's signs (dlarfg, dgeqr2, dorg2r, dorm2r): the
 * diagonal of R is of the other sign than what it replaces.
 */
import { lengthOf } from "./length.ts";

/** A reflection that makes (alpha, tail) into (beta, 0); `tail` becomes that of v. Null where nothing is to be cleared. */
export function reflectionOf(alpha: number, tail: Float64Array): { tau: number; beta: number } | null {
  const length = lengthOf(tail);
  if (length === 0) return null;
  const beta = (alpha < 0 ? 1 : -1) * Math.hypot(alpha, length);
  for (let i = 0; i < tail.length; i++) tail[i] /= alpha - beta;
  return { tau: (beta - alpha) / beta, beta };
}

/** Overwrites an m x n matrix with R in its upper triangle and the tails of the reflections below it; `tau` takes min(m, n). */
export function factorQR(a: Float64Array, m: number, n: number, tau: Float64Array): void {
  for (let s = 0; s < Math.min(m, n); s++) {
    const tail = Float64Array.from({ length: m - s - 1 }, (_, i) => a[(s + 1 + i) * n + s]);
    const found = reflectionOf(a[s * n + s], tail);
    tau[s] = found?.tau ?? 0;
    if (found === null) continue;
    a[s * n + s] = found.beta;
    for (let i = 0; i < tail.length; i++) a[(s + 1 + i) * n + s] = tail[i];
    reflectRows(a, n, s, tail, found.tau, s + 1);
  }
}

/** x <- H x in the columns of x from `first` on, for the reflection whose 1 is in row s. */
function reflectRows(
  x: Float64Array,
  width: number,
  s: number,
  tail: Float64Array,
  tau: number,
  first: number,
): void {
  if (tau === 0 || first >= width) return;
  const top = s * width;
  const products = x.slice(top, top + width);
  for (let i = 0; i < tail.length; i++) {
    const row = top + (i + 1) * width;
    for (let j = first; j < width; j++) products[j] += tail[i] * x[row + j];
  }
  for (let j = first; j < width; j++) x[top + j] -= tau * products[j];
  for (let i = 0; i < tail.length; i++) {
    const row = top + (i + 1) * width;
    const step = tau * tail[i];
    for (let j = first; j < width; j++) x[row + j] -= step * products[j];
  }
}

/**
 * x <- Q x or Q' x, for x of m rows and `width` columns and Q the product of the reflections in the first columns of an m x n
 * matrix.
 */
export function applyReflections(
  a: Float64Array,
  m: number,
  n: number,
  tau: Float64Array,
  x: Float64Array,
  width: number,
  isTransposed: boolean,
): void {
  for (let step = 0; step < tau.length; step++) {
    const s = isTransposed ? step : tau.length - 1 - step;
    const tail = Float64Array.from({ length: m - s - 1 }, (_, i) => a[(s + 1 + i) * n + s]);
    reflectRows(x, width, s, tail, tau[s], 0);
  }
}

/** The first `columns` columns of the product of reflections, m x columns. */
export function productOfReflections(
  a: Float64Array,
  m: number,
  n: number,
  tau: Float64Array,
  columns: number,
): Float64Array {
  const q = new Float64Array(m * columns);
  for (let i = 0; i < Math.min(m, columns); i++) q[i * columns + i] = 1;
  applyReflections(a, m, n, tau, q, columns, false);
  return q;
}
