import type { Matrices } from "../../kernels/matrices.ts";
import type { GemmKernels } from "./gemm-module.ts";
import { TILE_BYTES, TILE_ROWS, WIDE_ROWS } from "./gemm-tiles.ts";

/** Elements along k that one pass sums: a tile's rows of a (12 KB) stay in the first cache, while b's panels go through it. */
const DEPTH = 512;
/** The same where a's rows share their places in that cache. */
const CROWDED_DEPTH = 256;
/** Rows share their places in the first cache at multiples of so many bytes. */
const CROWDED = 2048;
/** Bytes of a's block, where it is packed, and of b's: for the second cache. */
const A_BLOCK = 2 ** 18;
const B_BLOCK = 2 ** 20;
/** Rows of a's block where it is read in place. */
const ROWS = 2040;
/** With so few rows packing b costs more than it gains, even if it lies far away. */
const FEW_ROWS = 24;
/** As long as b is no larger, it stays in the second cache as it is. */
const NEAR = 2 ** 19;

/** Rows of a panel that share their places in the first cache fall out of it before the next rows of a come, if there are so many. */
const SHARED_FROM = 8;

/** Whether to copy b into panels. */
export function packsRight({ m, k, bk, bj }: Matrices, itemSize: number): boolean {
  if (bj !== 1) return true;
  const row = bk * itemSize;
  if (row % CROWDED === 0 && k >= SHARED_FROM && m > TILE_ROWS) return true;
  return m > FEW_ROWS && k * row > NEAR;
}

/** Panels packed at once: so many 32-byte pieces of a row lie side by side. */
const AT_ONCE = 64;
/** Between panels, as otherwise lines that are written at once would share their place in the caches. */
const APART = 64;

/** Scratch that holds the zeros from which sums start: a row of the widest tile. */
export const ZERO_BYTES: number = 2 * TILE_BYTES;

/** A matrix in WebAssembly memory: an address and distances in bytes. */
export interface Place {
  readonly at: number;
  readonly row: number;
  readonly column: number;
}

/** How a product is cut into blocks, and what scratch that takes. */
export class Blocking {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** Elements along k, rows of a and columns of b in a block. */
  readonly depth: number;
  readonly rows: number;
  readonly columns: number;
  readonly packsA: boolean;
  readonly packsB: boolean;
  /** Bytes of scratch. */
  readonly bytes: number;
  readonly #itemSize: number;
  /** Elements in a row of a tile. */
  readonly #width: number;
  readonly #aRow: number;
  readonly #panel: number;

  constructor(p: Matrices, itemSize: number) {
    const { m, n, k } = p;
    this.m = m;
    this.n = n;
    this.k = k;
    this.#itemSize = itemSize;
    this.#width = TILE_BYTES / itemSize;
    this.packsA = p.ak !== 1;
    this.packsB = packsRight(p, itemSize);
    const isCrowded = !this.packsA && (p.ai * itemSize) % CROWDED === 0;
    this.depth = even(k, isCrowded ? CROWDED_DEPTH : DEPTH, 8);
    this.#panel = this.depth * TILE_BYTES + APART;
    this.#aRow = this.depth * itemSize;
    this.rows = even(m, this.packsA ? Math.floor(A_BLOCK / this.#aRow) : ROWS, TILE_ROWS);
    const columns = even(n, Math.floor(B_BLOCK / (this.depth * TILE_BYTES)) * this.#width, this.#width);
    // Rows of one tile read b once, those of two find it in the second cache.
    this.columns = this.packsB || m > TILE_ROWS ? columns : roundUp(n, this.#width);
    this.bytes =
      ZERO_BYTES +
      this.rows * TILE_BYTES +
      (this.packsA ? this.rows * this.#aRow : 0) +
      (this.packsB ? this.columns / this.#width : 1) * this.#panel;
  }

  /**
   * c = a b, or c += a b with `accumulates`. `scratch` is the address of `bytes` bytes, of which the first
   * `ZERO_BYTES` are zero. With `isPadded` c's rows have room for whole tiles.
   */
  run(
    kernels: GemmKernels,
    a: Place,
    b: Place,
    c: Place,
    scratch: number,
    accumulates: boolean,
    isPadded: boolean,
  ): void {
    const { m, n, k, depth, rows, columns } = this;
    const edge = scratch + ZERO_BYTES;
    const aBlock = edge + rows * TILE_BYTES;
    const bBlock = aBlock + (this.packsA ? rows * this.#aRow : 0);
    for (let j = 0; j < n; j += columns) {
      const width = Math.min(columns, n - j);
      for (let q = 0; q < k; q += depth) {
        const steps = Math.min(depth, k - q);
        const bAt = b.at + q * b.row + j * b.column;
        this.#packB(kernels, bBlock, bAt, b, steps, width);
        for (let i = 0; i < m; i += rows) {
          const height = Math.min(rows, m - i);
          let aAt = a.at + i * a.row + q * a.column;
          let aRow = a.row;
          if (this.packsA) {
            kernels.pack(aBlock, this.#aRow, aAt, a.row, a.column, height, steps);
            aAt = aBlock;
            aRow = this.#aRow;
          }
          const cAt = c.at + i * c.row + j * this.#itemSize;
          const isFirst = q === 0 && !accumulates;
          this.#tiles(
            kernels,
            height,
            width,
            steps,
            aAt,
            aRow,
            bBlock,
            bAt,
            b.row,
            cAt,
            c.row,
            isFirst,
            scratch,
            edge,
            isPadded,
          );
        }
      }
    }
  }

  /** Packs b's panels; only a ragged last one (over a width's end nothing may be read) if b is read where it lies. */
  #packB(kernels: GemmKernels, block: number, from: number, b: Place, steps: number, width: number): void {
    const whole = Math.floor(width / this.#width);
    const rest = width - whole * this.#width;
    if (this.packsB) {
      if (b.column !== this.#itemSize) {
        const step = this.#width * b.column;
        if (whole > 0)
          kernels.turned(block, this.#panel, from, step, b.row, b.column, steps, this.#width, whole);
      } else
        for (let p = 0; p < whole; p += AT_ONCE) {
          const to = block + p * this.#panel;
          kernels.panels(to, this.#panel, from + p * TILE_BYTES, b.row, steps, Math.min(AT_ONCE, whole - p));
        }
      block += whole * this.#panel;
    }
    if (rest === 0) return;
    // What lies in the other columns is multiplied too, and never stored.
    kernels.pack(block, TILE_BYTES, from + whole * this.#width * b.column, b.row, b.column, steps, rest);
  }

  #tiles(
    kernels: GemmKernels,
    height: number,
    width: number,
    steps: number,
    a: number,
    aRow: number,
    bBlock: number,
    bAt: number,
    bRow: number,
    c: number,
    cRow: number,
    isFirst: boolean,
    zeros: number,
    edge: number,
    isPadded: boolean,
  ): void {
    const whole = Math.floor(width / this.#width);
    const rest = width - whole * this.#width;
    const wide = !this.packsB && height <= WIDE_ROWS ? Math.floor(whole / 2) : 0;
    if (wide > 0) {
      const panel = 2 * TILE_BYTES;
      if (isFirst) kernels.wide(height, wide, steps, a, aRow, bAt, bRow, panel, c, cRow, zeros, 0, 0);
      else kernels.wide(height, wide, steps, a, aRow, bAt, bRow, panel, c, cRow, c, cRow, panel);
    }
    if (whole > 2 * wide) {
      const [from, row, panel] = this.packsB
        ? [bBlock, TILE_BYTES, this.#panel]
        : [bAt + 2 * wide * TILE_BYTES, bRow, TILE_BYTES];
      const to = c + 2 * wide * TILE_BYTES;
      const panels = whole - 2 * wide;
      if (isFirst) kernels.tiles(height, panels, steps, a, aRow, from, row, panel, to, cRow, zeros, 0, 0);
      else kernels.tiles(height, panels, steps, a, aRow, from, row, panel, to, cRow, to, cRow, TILE_BYTES);
    }
    if (rest === 0) return;
    const run = 2 * rest <= this.#width ? kernels.narrow : kernels.tiles;
    const from = this.packsB ? bBlock + whole * this.#panel : bBlock;
    c += whole * TILE_BYTES;
    if (isPadded) {
      if (isFirst) run(height, 1, steps, a, aRow, from, TILE_BYTES, 0, c, cRow, zeros, 0, 0);
      else run(height, 1, steps, a, aRow, from, TILE_BYTES, 0, c, cRow, c, cRow, 0);
      return;
    }
    if (isFirst) run(height, 1, steps, a, aRow, from, TILE_BYTES, 0, edge, TILE_BYTES, zeros, 0, 0);
    else {
      kernels.pack(edge, TILE_BYTES, c, cRow, this.#itemSize, height, rest);
      run(height, 1, steps, a, aRow, from, TILE_BYTES, 0, edge, TILE_BYTES, edge, TILE_BYTES, 0);
    }
    kernels.pack(c, cRow, edge, TILE_BYTES, this.#itemSize, height, rest);
  }
}

/** The next multiple of a unit. */
export function roundUp(size: number, unit: number): number {
  return Math.ceil(size / unit) * unit;
}

/** The size of even parts of `size`, each at most `most` and a multiple of `unit`. */
function even(size: number, most: number, unit: number): number {
  const parts = Math.ceil(size / Math.max(unit, most - (most % unit)));
  return roundUp(Math.ceil(size / parts), unit);
}
