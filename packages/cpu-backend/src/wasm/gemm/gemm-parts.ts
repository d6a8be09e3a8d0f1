import type { Matrices } from "../../kernels/matrices.ts";
import { Blocking, roundUp } from "./gemm-blocks.ts";
import { TILE_BYTES, TILE_ROWS } from "./gemm-tiles.ts";

/** From so many multiplications on a product is split over threads. */
export const SPLIT_FROM: number = 2 ** 21;
/** Parts for each thread: a thread that was held up leaves its later ones to the others. */
const PARTS_PER_THREAD = 2;
/** Scratches of threads lie in cache lines of their own. */
const LINE = 128;

/** A block of the result, all of whose sums one thread makes, of one product or of several. */
export interface Part {
  readonly blocking: Blocking;
  /** Its first row and column. */
  readonly row: number;
  readonly column: number;
  /** Where its scratch is, counted from the product's. */
  readonly scratch: number;
  /** The products. */
  readonly first: number;
  readonly end: number;
}

/** The parts of several products of one layout, or of one, for so many threads. */
export function partsOf(p: Matrices, itemSize: number, threads: number, products: number): Part[] {
  if (threads === 1)
    return [{ blocking: new Blocking(p, itemSize), row: 0, column: 0, scratch: 0, first: 0, end: products }];
  return products > 1 ? deal(p, itemSize, threads, products) : cut(p, itemSize, threads);
}

/** Whole products for each. */
function deal(p: Matrices, itemSize: number, threads: number, products: number): Part[] {
  const count = Math.min(products, PARTS_PER_THREAD * threads);
  const blocking = new Blocking(p, itemSize);
  const bytes = roundUp(blocking.bytes, LINE);
  const from = (part: number): number => Math.floor((part * products) / count);
  return Array.from({ length: count }, (_, k) => {
    return { blocking, row: 0, column: 0, scratch: k * bytes, first: from(k), end: from(k + 1) };
  });
}

/**
 * Cuts a product along the dimension that leaves nothing to be packed twice if there is one. The sums along k are cut
 * the same way however many parts there are, so every element is the same to the last bit.
 */
function cut(p: Matrices, itemSize: number, threads: number): Part[] {
  const { m, n } = p;
  const count = PARTS_PER_THREAD * threads;
  const width = (2 * TILE_BYTES) / itemSize;
  const byColumns = n >= 2 * width && (p.ak === 1 || n >= m);
  const columns = byColumns ? roundUp(Math.ceil(n / count), width) : n;
  const rows = byColumns ? m : roundUp(Math.ceil(m / count), 2 * TILE_ROWS);
  const parts: Part[] = [];
  let scratch = 0;
  for (let row = 0; row < m; row += rows) {
    for (let column = 0; column < n; column += columns) {
      const height = Math.min(rows, m - row);
      const wide = Math.min(columns, n - column);
      const blocking = new Blocking({ ...p, m: height, n: wide }, itemSize);
      parts.push({ blocking, row, column, scratch, first: 0, end: 1 });
      scratch += roundUp(blocking.bytes, LINE);
    }
  }
  return parts;
}

/** Bytes of scratch of all parts. */
export function scratchOf(parts: readonly Part[]): number {
  const last = parts[parts.length - 1];
  return last.scratch + roundUp(last.blocking.bytes, LINE);
}
