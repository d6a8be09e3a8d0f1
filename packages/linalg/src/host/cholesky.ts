/*
 * A = L L', half by half (Gustavson, IBM J. Res. Dev. 41, 1997): the first half of L, what lies below it, and the second half of what
 * is left of A.
 */
import { type Block, blockOf, partOf, setTransposed, subtractProduct, transposed } from "./block.ts";
import { solveLower } from "./triangular.ts";

const SMALL = 24;

/**
 * Overwrites the lower triangle of a symmetric matrix, of which only that is read, with L.
 *
 * @returns 0, or the order of the first leading minor that is not positive.
 */
export function factorCholesky(a: Float64Array, n: number): number {
  return factor(blockOf(a, n, n));
}

function factor(a: Block): number {
  const n = a.rows;
  if (n <= SMALL) return factorRows(a);
  const half = n >> 1;
  const rest = n - half;
  const first = partOf(a, 0, 0, half, half);
  const failed = factor(first);
  if (failed > 0) return failed;
  const below = partOf(a, half, 0, rest, half);
  const across = blockOf(transposed(below), half, rest);
  solveLower(first, across, false);
  setTransposed(below, across.data);
  const second = partOf(a, half, half, rest, rest);
  subtractSquare(second, below, across);
  const later = factor(second);
  return later > 0 ? half + later : 0;
}

/** Up to which size a square is not worth being halved. */
const WHOLE = 96;

/** c <- c - x x' in the lower triangle of c, given x' too; what lies above is of no use any more. */
function subtractSquare(c: Block, x: Block, across: Block): void {
  const n = c.rows;
  if (n <= WHOLE) {
    subtractProduct(c, x, across);
    return;
  }
  const [half, k] = [n >> 1, x.columns];
  const rest = n - half;
  const [upper, lower] = [partOf(x, 0, 0, half, k), partOf(x, half, 0, rest, k)];
  const left = partOf(across, 0, 0, k, half);
  subtractSquare(partOf(c, 0, 0, half, half), upper, left);
  subtractProduct(partOf(c, half, 0, rest, half), lower, left);
  subtractSquare(partOf(c, half, half, rest, rest), lower, partOf(across, 0, half, k, rest));
}

function factorRows({ data, start, stride, rows }: Block): number {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j <= i; j++) {
      const [row, other] = [start + i * stride, start + j * stride];
      let sum = data[row + j];
      for (let l = 0; l < j; l++) sum -= data[row + l] * data[other + l];
      if (j < i) data[row + j] = sum / data[other + j];
      else if (sum > 0) data[row + j] = Math.sqrt(sum);
      else return i + 1; // Nan too.
    }
  }
  return 0;
}
