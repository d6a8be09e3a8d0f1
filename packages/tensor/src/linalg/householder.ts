/*
 * QR factorisation by Householder reflections (Golub and Van Loan, Matrix Computations, 4th ed., 5.2 and 5.4): each
 * reflection H = I - tau v v' with v = (1, tail) clears one column below the diagonal. Matrices are row-major.
 */

/** A = Q R P': R in the upper triangle of `factors`, the tails of the reflections below it. */
export interface HouseholderQR {
  readonly rows: number;
  readonly columns: number;
  readonly factors: Float64Array;
  readonly tau: Float64Array;
  /** Column j of A P is column `pivots[j]` of A. */
  readonly pivots: Int32Array;
}

/**
 * Factors a matrix, which is left as it is.
 *
 * @param pivoting takes the longest remaining column first, so that the diagonal of R falls in size and shows the rank.
 */
export function factorQR(
  matrix: Float64Array,
  rows: number,
  columns: number,
  pivoting: boolean,
): HouseholderQR {
  const steps = Math.min(rows, columns);
  const factors = matrix.slice();
  const qr = {
    rows,
    columns,
    factors,
    tau: new Float64Array(steps),
    pivots: Int32Array.from({ length: columns }, (_, j) => j),
  };
  for (let s = 0; s < steps; s++) {
    if (pivoting) swapColumns(qr, s, longestColumn(qr, s));
    makeReflection(qr, s);
    reflect(qr, s, factors, columns, s + 1);
  }
  return qr;
}

/** target <- Q' target, for a target of `rows` rows and `width` columns. */
export function applyQTransposed(qr: HouseholderQR, target: Float64Array, width: number): void {
  for (let s = 0; s < qr.tau.length; s++) reflect(qr, s, target, width, 0);
}

/** target <- Q target, for a target of `rows` rows and `width` columns. */
export function applyQ(qr: HouseholderQR, target: Float64Array, width: number): void {
  for (let s = qr.tau.length - 1; s >= 0; s--) reflect(qr, s, target, width, 0);
}

/** Replaces column s from the diagonal down by the diagonal element of R and the tail of its reflection. */
function makeReflection({ rows, columns, factors, tau }: HouseholderQR, s: number): void {
  const diagonal = s * columns + s;
  let tail = 0;
  for (let i = s + 1; i < rows; i++) tail += factors[i * columns + s] ** 2;
  if (tail === 0) return; // Nothing to clear: tau stays 0, H is the identity.
  const alpha = factors[diagonal];
  // The sign away from alpha's, so that alpha - beta does not cancel.
  const beta = (alpha > 0 ? -1 : 1) * Math.sqrt(alpha * alpha + tail);
  tau[s] = (beta - alpha) / beta;
  for (let i = s + 1; i < rows; i++) factors[i * columns + s] /= alpha - beta;
  factors[diagonal] = beta;
}

/** Applies reflection s to the columns of `target` from `first` on. */
function reflect(qr: HouseholderQR, s: number, target: Float64Array, width: number, first: number): void {
  const { rows, columns, factors } = qr;
  const tau = qr.tau[s];
  if (tau === 0 || first >= width) return;
  const top = s * width;
  const products = target.slice(top, top + width); // v' target
  for (let i = s + 1; i < rows; i++) {
    const v = factors[i * columns + s];
    for (let j = first; j < width; j++) products[j] += v * target[i * width + j];
  }
  for (let j = first; j < width; j++) target[top + j] -= tau * products[j];
  for (let i = s + 1; i < rows; i++) {
    const step = tau * factors[i * columns + s];
    for (let j = first; j < width; j++) target[i * width + j] -= step * products[j];
  }
}

/** The column, from s on, that is longest from row s down; the first of equals. */
function longestColumn({ rows, columns, factors }: HouseholderQR, s: number): number {
  // Measured afresh at each step: cheaper updates of the lengths lose digits and need a check.
  const lengths = new Float64Array(columns);
  for (let i = s; i < rows; i++) {
    for (let j = s; j < columns; j++) lengths[j] += factors[i * columns + j] ** 2;
  }
  let longest = s;
  for (let j = s + 1; j < columns; j++) if (lengths[j] > lengths[longest]) longest = j;
  return longest;
}

function swapColumns({ rows, columns, factors, pivots }: HouseholderQR, a: number, b: number): void {
  if (a === b) return;
  for (let row = 0; row < rows * columns; row += columns) {
    [factors[row + a], factors[row + b]] = [factors[row + b], factors[row + a]];
  }
  [pivots[a], pivots[b]] = [pivots[b], pivots[a]];
}
