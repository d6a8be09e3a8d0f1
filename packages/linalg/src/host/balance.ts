/*
 * Balancing before eigenvalues are computed: P' A P with rows and columns exchanged so that eigenvalues which stand alone lie in the
 * corners, and D^-1 A D with powers of two so that the rows and columns of the rest are about as long as each other. Neither rounds. Source:
 * James, Langou and Lowery, "On matrix balancing and eigenvector computation" (2014), which is LAPACK's dgebal; dgebak is the way back.
 */

/** How a matrix was balanced. */
export interface Balance {
  /** The rows and columns from `low` to `high` are the rest; the others are triangular already. */
  readonly low: number;
  readonly high: number;
  /** With which row each before `low` and after `high` was exchanged, those from the last on first. */
  readonly exchanged: Int32Array;
  /** The elements of D, powers of two: 1 outside of the rest. */
  readonly scale: Float64Array;
}

/** Balances an n x n matrix in place. */
export function balance(a: Float64Array, n: number): Balance {
  const exchanged = Int32Array.from({ length: n }, (_, i) => i);
  const swap = (i: number, j: number): void => {
    exchanged[j] = i;
    if (i === j) return;
    for (let k = 0; k < n; k++) [a[i * n + k], a[j * n + k]] = [a[j * n + k], a[i * n + k]];
    for (let k = 0; k < n; k++) [a[k * n + i], a[k * n + j]] = [a[k * n + j], a[k * n + i]];
  };
  let [low, high] = [0, n - 1];
  /** Whether line i has nothing but its diagonal element among the rest. */
  const standsAlone = (i: number, step: number, across: number): boolean => {
    for (let j = low; j <= high; j++) if (j !== i && a[i * step + j * across] !== 0) return false;
    return true;
  };
  const find = (step: number, across: number): number => {
    for (let i = high; i >= low; i--) if (standsAlone(i, step, across)) return i;
    return -1;
  };
  for (let row = find(n, 1); row >= 0 && high > low; row = find(n, 1)) swap(row, high--);
  for (let column = find(1, n); column >= 0 && high > low; column = find(1, n)) swap(column, low++);
  return { low, high, exchanged, scale: scaled(a, n, low, high) };
}

/** Up to which factor a line is made longer or shorter in all. */
const LARGEST = 2 ** 900;
/** A step that gains less is none. */
const GAIN = 0.95;

function scaled(a: Float64Array, n: number, low: number, high: number): Float64Array {
  const scale = new Float64Array(n).fill(1);
  const lengthFrom = (start: number, step: number): number => {
    let [largest, sum] = [0, 0];
    for (let j = low; j <= high; j++) largest = Math.max(largest, Math.abs(a[start + j * step]));
    if (largest === 0) return 0;
    for (let j = low; j <= high; j++) sum += (a[start + j * step] / largest) ** 2;
    return largest * Math.sqrt(sum);
  };
  for (let isDone = false; !isDone; ) {
    isDone = true;
    for (let i = low; i <= high; i++) {
      const [column, row] = [lengthFrom(i, n), lengthFrom(i * n, 1)];
      if (column === 0 || row === 0) continue;
      // The power of two nearest to the root of the quotient.
      const f = 2 ** Math.round((Math.log2(row) - Math.log2(column)) / 2);
      if (Math.hypot(column * f, row / f) >= GAIN * Math.hypot(column, row)) continue;
      if (scale[i] * f > LARGEST || scale[i] * f < 1 / LARGEST) continue;
      scale[i] *= f;
      isDone = false;
      for (let j = 0; j < n; j++) a[i * n + j] /= f;
      for (let j = 0; j < n; j++) a[j * n + i] *= f;
    }
  }
  return scale;
}

/** Turns eigenvectors of the balanced matrix, columns of an n x n matrix, into those of the one before. */
export function unbalance(vectors: Float64Array, n: number, { low, high, exchanged, scale }: Balance): void {
  for (let i = low; i <= high; i++) for (let j = 0; j < n; j++) vectors[i * n + j] *= scale[i];
  const swap = (i: number, k: number): void => {
    for (let j = 0; j < n; j++)
      [vectors[i * n + j], vectors[k * n + j]] = [vectors[k * n + j], vectors[i * n + j]];
  };
  for (let i = low - 1; i >= 0; i--) swap(i, exchanged[i]);
  for (let i = high + 1; i < n; i++) swap(i, exchanged[i]);
}
