/*
 * The real Schur form A = Z T Z' of a matrix with real eigenvalues: Hessenberg form by Householder reflections, then implicit double
 * QR steps (Francis; Golub and Van Loan, Matrix Computations, 4th ed., 7.4 and 7.5).
 */
import { LinAlgError } from "@flambeau/backend";
import { identity } from "./block.ts";
import { reflectionOf } from "./reflections.ts";
import { standardize } from "./schur-pair.ts";

/** T, upper triangular, and Z, orthogonal. */
export interface Schur {
  readonly t: Float64Array;
  readonly z: Float64Array;
}

const MOST_STEPS = 30;

/**
 * Of an n x n matrix, which is left as it is. Null where two eigenvalues are a complex pair.
 *
 * @throws LinAlgError when the eigenvalues do not converge.
 */
export function realSchur(a: Float64Array, n: number): Schur | null {
  const schur = { t: a.slice(), z: identity(n) };
  const { t } = schur;
  for (let k = 0; k < n - 2; k++) reflect(schur, n, k + 1, columnBelow(t, n, k + 1, k, n), 0, n);
  const largest = t.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  let steps = 0;
  for (let high = n - 1; high > 0; ) {
    const low = startOfBlock(t, n, high, largest);
    if (low === high) {
      high--;
      steps = 0;
    } else if (low === high - 1) {
      if (!splitPair(schur, n, low)) return null;
      high -= 2;
      steps = 0;
    } else {
      if (steps++ > MOST_STEPS) throw new LinAlgError("eig: the eigenvalues did not converge");
      doubleStep(schur, n, low, high, steps % 10 === 0);
    }
  }
  for (let i = 0; i < n; i++) t.fill(0, i * n, i * n + i);
  return schur;
}

function columnBelow(t: Float64Array, n: number, row: number, column: number, end: number): Float64Array {
  return Float64Array.from({ length: end - row }, (_, i) => t[(row + i) * n + column]);
}

/** The reflection that clears all of `x` but its first element, on rows and columns from `s` on; rows up to `end` have the column. */
function reflect({ t, z }: Schur, n: number, s: number, x: Float64Array, from: number, end: number): void {
  const tail = x.slice(1);
  const found = reflectionOf(x[0], tail);
  if (found === null) return;
  const v = [1, ...tail];
  const { tau } = found;
  for (let j = from; j < n; j++) {
    let sum = 0;
    for (let i = 0; i < v.length; i++) sum += v[i] * t[(s + i) * n + j];
    for (let i = 0; i < v.length; i++) t[(s + i) * n + j] -= tau * sum * v[i];
  }
  const right = (matrix: Float64Array, rows: number): void => {
    for (let i = 0; i < rows; i++) {
      let sum = 0;
      for (let j = 0; j < v.length; j++) sum += matrix[i * n + s + j] * v[j];
      for (let j = 0; j < v.length; j++) matrix[i * n + s + j] -= tau * sum * v[j];
    }
  };
  right(t, end);
  right(z, n);
}

/**
 * The first row of the block that ends in row `high`: what lies left of it is as good as zero beside the diagonal, or the largest element
 * where that is zero, and becomes zero.
 */
function startOfBlock(t: Float64Array, n: number, high: number, largest: number): number {
  for (let low = high; low > 0; low--) {
    const beside = Math.abs(t[low * n + low - 1]);
    const size = Math.abs(t[(low - 1) * n + low - 1]) + Math.abs(t[low * n + low]) || largest;
    if (beside <= (Number.EPSILON / 2) * size || beside < 2 ** -1022) {
      t[low * n + low - 1] = 0;
      return low;
    }
  }
  return 0;
}

/** Makes the block of rows k and k + 1 triangular; false where its eigenvalues are complex. */
function splitPair({ t, z }: Schur, n: number, k: number): boolean {
  const [upper, lower] = [k * n + k, (k + 1) * n + k];
  const found = standardize(t[upper], t[upper + 1], t[lower], t[lower + 1]);
  if (found === null) return false;
  const { a, b, d, cosine, sine } = found;
  for (let j = 0; j < n; j++) {
    const [x, y] = [t[k * n + j], t[(k + 1) * n + j]];
    t[k * n + j] = cosine * x + sine * y;
    t[(k + 1) * n + j] = cosine * y - sine * x;
  }
  for (const matrix of [t, z]) {
    for (let i = k; i < n * n; i += n) {
      const [x, y] = [matrix[i], matrix[i + 1]];
      matrix[i] = cosine * x + sine * y;
      matrix[i + 1] = cosine * y - sine * x;
    }
  }
  [t[upper], t[upper + 1], t[lower], t[lower + 1]] = [a, b, 0, d];
  return true;
}

/** One step with both eigenvalues of the last two rows as shifts; an `odd` one, where others go round in circles, with others. */
function doubleStep(schur: Schur, n: number, low: number, high: number, odd: boolean): void {
  const { t } = schur;
  const at = (i: number, j: number): number => t[i * n + j];
  const size = Math.abs(at(high, high - 1)) + Math.abs(at(high - 1, high - 2));
  const trace = odd ? 1.5 * size : at(high - 1, high - 1) + at(high, high);
  const determinant = odd
    ? size * size
    : at(high - 1, high - 1) * at(high, high) - at(high - 1, high) * at(high, high - 1);
  const first = at(low, low);
  let x: Float64Array = Float64Array.of(
    first * first + at(low, low + 1) * at(low + 1, low) - trace * first + determinant,
    at(low + 1, low) * (first + at(low + 1, low + 1) - trace),
    at(low + 1, low) * at(low + 2, low + 1),
  );
  for (let k = low; k < high; k++) {
    if (k > low) x = columnBelow(t, n, k, k - 1, Math.min(k + 3, high + 1));
    reflect(schur, n, k, x, Math.max(k - 1, low), Math.min(k + 4, high + 1));
    for (let i = k + 1; k > low && i < Math.min(k + 3, high + 1); i++) t[i * n + k - 1] = 0;
  }
}
