/*
 * Triangular systems with several right-hand sides, in place. Halves of the triangle are solved one after the other, and what lies
 * beside them is a product (Elmroth, Gustavson, Jonsson and Kagstrom, SIAM Review 46, 2004, 2.2).
 */
import { type Block, partOf, subtractProduct } from "./block.ts";

/** Up to which size a triangle is solved row by row. */
const SMALL = 24;

/** x <- L^-1 x, for the lower triangle of a square block; `unit` takes its diagonal for ones. */
export function solveLower(l: Block, x: Block, unit: boolean): void {
  const n = l.rows;
  if (n <= SMALL) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < i; k++) subtractRow(x, i, k, l.data[l.start + i * l.stride + k]);
      if (!unit) divideRow(x, i, l.data[l.start + i * (l.stride + 1)]);
    }
    return;
  }
  const half = n >> 1;
  const [above, below] = halves(x, half);
  solveLower(partOf(l, 0, 0, half, half), above, unit);
  subtractProduct(below, partOf(l, half, 0, n - half, half), above);
  solveLower(partOf(l, half, half, n - half, n - half), below, unit);
}

/** x <- U^-1 x, for the upper triangle. */
export function solveUpper(u: Block, x: Block, unit: boolean): void {
  const n = u.rows;
  if (n <= SMALL) {
    for (let i = n - 1; i >= 0; i--) {
      for (let k = i + 1; k < n; k++) subtractRow(x, i, k, u.data[u.start + i * u.stride + k]);
      if (!unit) divideRow(x, i, u.data[u.start + i * (u.stride + 1)]);
    }
    return;
  }
  const half = n >> 1;
  const [above, below] = halves(x, half);
  solveUpper(partOf(u, half, half, n - half, n - half), below, unit);
  subtractProduct(above, partOf(u, 0, half, half, n - half), below);
  solveUpper(partOf(u, 0, 0, half, half), above, unit);
}

function halves(x: Block, half: number): [Block, Block] {
  return [partOf(x, 0, 0, half, x.columns), partOf(x, half, 0, x.rows - half, x.columns)];
}

/** Row i of x loses a multiple of row k. */
function subtractRow({ data, start, stride, columns }: Block, i: number, k: number, factor: number): void {
  const [to, from] = [start + i * stride, start + k * stride];
  for (let j = 0; j < columns; j++) data[to + j] -= factor * data[from + j];
}

function divideRow({ data, start, stride, columns }: Block, i: number, by: number): void {
  const row = start + i * stride;
  for (let j = 0; j < columns; j++) data[row + j] /= by;
}
