/*
 * A = L D L' of a symmetric indefinite matrix by its lower triangle, with D of blocks of one and two rows: the diagonal pivoting of
 * Bunch and Kaufman (Math. Comp. 31, 1977; Golub and Van Loan, Matrix Computations, 4th ed., 4.4), laid out as LAPACK's dsytf2 and
 * dsytrs.
 */

/** Where two rows are taken at once: (1 + sqrt(17)) / 8. */
const ALPHA = (1 + Math.sqrt(17)) / 8;

/**
 * Overwrites the lower triangle with L and D. Pivots count from 1: row k was exchanged with row `pivots[k]`; both pivots of a block
 * of two are negative, and its second row was exchanged.
 *
 * @returns 0, or the number of the first block of D, counted from 1, that is zero.
 */
export function factorLDL(a: Float64Array, n: number, pivots: Float64Array): number {
  let info = 0;
  const at = (i: number, j: number): number => i * n + j;
  for (let k = 0; k < n; ) {
    const size = Math.abs(a[at(k, k)]);
    let largest = k;
    let below = 0;
    for (let i = k + 1; i < n; i++) {
      if (Math.abs(a[at(i, k)]) > below) [largest, below] = [i, Math.abs(a[at(i, k)])];
    }
    if (Math.max(size, below) === 0 || Number.isNaN(size)) {
      if (info === 0) info = k + 1;
      pivots[k] = k + 1;
      k++;
      continue;
    }
    let exchanged = k;
    let step = 1;
    if (size < ALPHA * below) {
      let row = 0;
      for (let j = k; j < largest; j++) row = Math.max(row, Math.abs(a[at(largest, j)]));
      for (let i = largest + 1; i < n; i++) row = Math.max(row, Math.abs(a[at(i, largest)]));
      if (size < ALPHA * below * (below / row)) {
        exchanged = largest;
        if (Math.abs(a[at(largest, largest)]) < ALPHA * row) step = 2;
      }
    }
    exchange(a, n, k, k + step - 1, exchanged);
    if (step === 1) {
      eliminateOne(a, n, k);
      pivots[k] = exchanged + 1;
    } else {
      eliminateTwo(a, n, k);
      pivots[k] = pivots[k + 1] = -(exchanged + 1);
    }
    k += step;
  }
  return info;
}

/** Rows and columns `to` and `other` of what is left of the lower triangle from column k on. */
function exchange(a: Float64Array, n: number, k: number, to: number, other: number): void {
  if (to === other) return;
  const swap = (x: number, y: number): void => {
    [a[x], a[y]] = [a[y], a[x]];
  };
  for (let i = other + 1; i < n; i++) swap(i * n + to, i * n + other);
  for (let i = to + 1; i < other; i++) swap(i * n + to, other * n + i);
  swap(to * n + to, other * n + other);
  if (k < to) swap(to * n + k, other * n + k);
}

function eliminateOne(a: Float64Array, n: number, k: number): void {
  const d = a[k * n + k];
  for (let i = k + 1; i < n; i++) {
    const factor = a[i * n + k] / d;
    for (let j = k + 1; j <= i; j++) a[i * n + j] -= factor * a[j * n + k];
  }
  for (let i = k + 1; i < n; i++) a[i * n + k] /= d;
}

function eliminateTwo(a: Float64Array, n: number, k: number): void {
  const d21 = a[(k + 1) * n + k];
  const d11 = a[(k + 1) * n + k + 1] / d21;
  const d22 = a[k * n + k] / d21;
  const scale = 1 / (d11 * d22 - 1) / d21;
  for (let j = k + 2; j < n; j++) {
    const [x, y] = [a[j * n + k], a[j * n + k + 1]];
    const first = scale * (d11 * x - y);
    const second = scale * (d22 * y - x);
    for (let i = j; i < n; i++) a[i * n + j] -= a[i * n + k] * first + a[i * n + k + 1] * second;
    a[j * n + k] = first;
    a[j * n + k + 1] = second;
  }
}

/** x <- A^-1 x, by what `factorLDL` has left. */
export function solveByLDL(
  a: Float64Array,
  n: number,
  pivots: Float64Array,
  x: Float64Array,
  width: number,
): void {
  const swapRows = (i: number, j: number): void => {
    for (let c = 0; i !== j && c < width; c++)
      [x[i * width + c], x[j * width + c]] = [x[j * width + c], x[i * width + c]];
  };
  const subtract = (i: number, k: number, factor: number): void => {
    for (let c = 0; c < width; c++) x[i * width + c] -= factor * x[k * width + c];
  };
  for (let k = 0; k < n; ) {
    const isOne = pivots[k] > 0;
    const step = isOne ? 1 : 2;
    swapRows(k + step - 1, Math.abs(pivots[k]) - 1);
    for (let i = k + step; i < n; i++) for (let s = 0; s < step; s++) subtract(i, k + s, a[i * n + k + s]);
    if (isOne) for (let c = 0; c < width; c++) x[k * width + c] /= a[k * n + k];
    else divideByTwo(a, n, k, x, width);
    k += step;
  }
  for (let k = n - 1; k >= 0; ) {
    const step = pivots[k] > 0 ? 1 : 2;
    const first = k - step + 1;
    for (let i = k + 1; i < n; i++) for (let s = first; s <= k; s++) subtract(s, i, a[i * n + s]);
    swapRows(k, Math.abs(pivots[k]) - 1);
    k -= step;
  }
}

/** Rows k and k + 1 of x by the block of two there. */
function divideByTwo(a: Float64Array, n: number, k: number, x: Float64Array, width: number): void {
  const beside = a[(k + 1) * n + k];
  const [upper, lower] = [a[k * n + k] / beside, a[(k + 1) * n + k + 1] / beside];
  const determinant = upper * lower - 1;
  for (let c = 0; c < width; c++) {
    const [p, q] = [x[k * width + c] / beside, x[(k + 1) * width + c] / beside];
    x[k * width + c] = (lower * p - q) / determinant;
    x[(k + 1) * width + c] = (upper * q - p) / determinant;
  }
}
