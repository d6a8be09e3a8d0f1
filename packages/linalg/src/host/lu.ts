/*
 * P A = L U with partial pivoting: the left half of the columns is factored first, the right half is brought up to date by a
 * product, and factored in turn (Toledo, SIAM J. Matrix Anal. Appl. 18, 1997), so that most of the work is in products.
 */
import { type Block, blockOf, partOf, subtractProduct } from "./block.ts";
import { solveLower, solveUpper } from "./triangular.ts";

/** Up to how many columns are factored one by one. */
const NARROW = 12;

/**
 * Overwrites an m x n matrix with its factors: U in the upper triangle, L below it, without its ones.
 *
 * @param pivots row `i` was exchanged with row `pivots[i]`, counted from 0.
 * @returns 0, or the number of the first pivot, counted from 1, that is zero.
 */
export function factorLU(a: Float64Array, m: number, n: number, pivots: Float64Array): number {
  const k = Math.min(m, n);
  const whole = blockOf(a, m, n);
  factorColumns(whole, 0, k, pivots);
  if (n > k) {
    const right = partOf(whole, 0, k, m, n - k);
    exchangeRows(right, pivots, 0, k);
    solveLower(partOf(whole, 0, 0, k, k), right, true);
  }
  for (let i = 0; i < k; i++) if (a[i * n + i] === 0) return i + 1;
  return 0;
}

/** Factors `count` columns from `first` on, from the diagonal down. Other columns keep their rows. */
function factorColumns(a: Block, first: number, count: number, pivots: Float64Array): void {
  if (count <= NARROW) {
    for (let j = first; j < first + count; j++) eliminate(a, j, first, first + count, pivots);
    return;
  }
  const half = count >> 1;
  const middle = first + half;
  const rest = count - half;
  factorColumns(a, first, half, pivots);
  exchangeRows(partOf(a, 0, middle, a.rows, rest), pivots, first, middle);
  const beside = partOf(a, first, middle, half, rest);
  solveLower(partOf(a, first, first, half, half), beside, true);
  const below = a.rows - middle;
  subtractProduct(partOf(a, middle, middle, below, rest), partOf(a, middle, first, below, half), beside);
  factorColumns(a, middle, rest, pivots);
  exchangeRows(partOf(a, 0, first, a.rows, half), pivots, middle, first + count);
}

/** Clears column j below the diagonal, in the columns from `first` to `end`. */
function eliminate(a: Block, j: number, first: number, end: number, pivots: Float64Array): void {
  const { data, start, stride, rows } = a;
  const at = (i: number, column: number): number => start + i * stride + column;
  let pivot = j;
  for (let i = j + 1; i < rows; i++) if (Math.abs(data[at(i, j)]) > Math.abs(data[at(pivot, j)])) pivot = i;
  pivots[j] = pivot;
  swapRows(data, at(j, first), at(pivot, first), end - first);
  const diagonal = data[at(j, j)];
  if (diagonal === 0) return;
  for (let i = j + 1; i < rows; i++) {
    const factor = data[at(i, j)] / diagonal;
    data[at(i, j)] = factor;
    if (factor === 0) continue;
    const [to, from] = [at(i, 0), at(j, 0)];
    for (let l = j + 1; l < end; l++) data[to + l] -= factor * data[from + l];
  }
}

/** Exchanges rows as the steps from `first` to `end` did. */
export function exchangeRows(x: Block, pivots: Float64Array, first: number, end: number): void {
  for (let i = first; i < end; i++)
    swapRows(x.data, x.start + i * x.stride, x.start + pivots[i] * x.stride, x.columns);
}

function swapRows(data: Float64Array, a: number, b: number, count: number): void {
  if (a === b) return;
  for (let j = 0; j < count; j++) {
    const kept = data[a + j];
    data[a + j] = data[b + j];
    data[b + j] = kept;
  }
}

/** x <- A^-1 x, by the factors of a square A. */
export function solveByLU(
  lu: Float64Array,
  n: number,
  pivots: Float64Array,
  x: Float64Array,
  k: number,
): void {
  const [factors, target] = [blockOf(lu, n, n), blockOf(x, n, k)];
  exchangeRows(target, pivots, 0, n);
  solveLower(factors, target, true);
  solveUpper(factors, target, false);
}

/** 1, or -1 where the rows were exchanged an odd number of times. */
export function signOfPivots(pivots: Float64Array): number {
  let sign = 1;
  for (let i = 0; i < pivots.length; i++) if (pivots[i] !== i) sign = -sign;
  return sign;
}

/** The determinant of an n x n matrix, which is overwritten with its factors. */
export function determinant(a: Float64Array, n: number, pivots: Float64Array): number {
  factorLU(a, n, n, pivots);
  let value = signOfPivots(pivots);
  for (let i = 0; i < n; i++) value *= a[i * n + i];
  return value;
}
