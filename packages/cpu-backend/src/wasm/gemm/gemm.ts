import type { Backend } from "@flambeau/backend";
import type { NumberArray } from "../../interpreter/loops.ts";
import type { Matrices } from "../../kernels/matrices.ts";
import { type Arena, isShared, orderOf } from "../../memory/arena.ts";
import type { CpuStorage } from "../../memory/storage.ts";
import { getNumThreads } from "../../threads/count.ts";
import { recorderOf, runEach } from "../../threads/recorder.ts";
import type { Threads } from "../../threads/threads.ts";
import { hasRelaxedSimd, hasSimd } from "../codegen/features.ts";
import { type Place, packsRight, roundUp, ZERO_BYTES } from "./gemm-blocks.ts";
import { type GemmKernels, gemmKernels, gemmModule } from "./gemm-module.ts";
import { type Part, partsOf, SPLIT_FROM, scratchOf } from "./gemm-parts.ts";
import { type Layout, stagedLength, stageIn, stageOut } from "./gemm-stage.ts";
import { TILE_BYTES } from "./gemm-tiles.ts";

/** Below so many multiplications the plain loops are faster. */
const WORTHWHILE = 4096;
/** Scratch up to this size, as a power of two, is kept. */
const KEPT_ORDER = 23;

/** The matrices of an operand, one for each product: they differ in where they begin. */
export interface Operands {
  readonly storage: CpuStorage;
  readonly offsets: readonly number[];
}

/** What the sums start from: operands with their steps, which are zero where they are broadcast. */
export interface Start extends Operands {
  readonly row: number;
  readonly column: number;
}

/** The kernels on one memory, and the bytes of their module. */
interface Instance {
  readonly kernels: GemmKernels;
  readonly bytes: Uint8Array;
}

/** Products of float matrices in WebAssembly, where the runtime has SIMD and there is memory for scratch. */
export class Gemm {
  readonly #backend: Backend;
  readonly #arena: Arena;
  readonly #threads: Threads | undefined;
  readonly #instances: Map<string, Instance | null> = new Map();
  /** Bytes of the arena when the heaps were made. */
  #size = 0;
  #heap32: Float32Array = new Float32Array(0);
  #heap64: Float64Array = new Float64Array(0);
  #scratch = -1;
  #order = 0;

  /** Without `threads`, all is done by the calling one. */
  constructor(backend: Backend, arena: Arena, threads?: Threads) {
    this.#backend = backend;
    this.#arena = arena;
    this.#threads = threads;
  }

  /** Whether `multiply` may be asked. */
  isWorthwhile({ m, n, k }: Matrices): boolean {
    return m * n * k >= WORTHWHILE && hasSimd();
  }

  /**
   * Products of one layout: o = a b, plus `start`. False, and nothing done, where there is no memory for scratch or the
   * kernels cannot be compiled; for several products also where the operands are not all in this memory (but for one that all share), or rows of the
   * output are not, or there are fewer than threads.
   *
   * Views of storages are new after this if the memory is not shared: it may have grown.
   */
  multiply(
    dtype: "float32" | "float64",
    p: Matrices,
    a: Operands,
    b: Operands,
    o: Operands,
    start?: Start,
  ): boolean {
    const size = dtype === "float32" ? 4 : 8;
    if (isBetterTurned(p, size)) {
      p = turned(p);
      [a, b] = [b, a];
      if (start !== undefined) start = { ...start, row: start.column, column: start.row };
    }
    const { m, n, k } = p;
    const count = o.offsets.length;
    const pool = m * n * k * count < SPLIT_FROM ? undefined : this.#threads?.pool;
    const threads = pool === undefined ? 1 : getNumThreads();
    const inPlace = this.#holds(o) && p.oj === 1;
    if (count > 1 && !(inPlace && count >= threads && this.#serve(a) && this.#serve(b) && this.#serve(start)))
      return false;
    const parts = partsOf(p, size, threads, count);
    const aLayout: Layout = { offset: a.offsets[0], rows: m, columns: k, row: p.ai, column: p.ak };
    const bLayout: Layout = { offset: b.offsets[0], rows: k, columns: n, row: p.bk, column: p.bj };
    const sLayout: Layout | undefined = start && {
      offset: start.offsets[0],
      rows: m,
      columns: n,
      row: start.row,
      column: start.column,
    };
    const own = scratchOf(parts);
    const aRoom = this.#room(a, aLayout, size);
    const bRoom = this.#room(b, bLayout, size);
    const sRoom = this.#room(start, sLayout, size);
    const step = roundUp(n, TILE_BYTES / size);
    const oRoom = inPlace ? 0 : m * step * size;
    const scratch = this.#reserve(own + aRoom + bRoom + sRoom + oRoom);
    if (scratch < 0) return false;
    try {
      const compiled = this.#compiled(dtype);
      if (compiled === null) return false;
      const { kernels, bytes } = compiled;
      const heap: NumberArray = size === 4 ? this.#heap32 : this.#heap64;
      for (const part of parts) {
        const zeros = scratch + part.scratch;
        heap.fill(0, zeros / size, (zeros + ZERO_BYTES) / size);
      }
      let at = scratch + own;
      const left = this.#place(heap, size, a, aLayout, at);
      at += aRoom;
      const right = this.#place(heap, size, b, bLayout, at);
      at += bRoom;
      const from = start && sLayout && this.#place(heap, size, start, sLayout, at);
      at += sRoom;
      const result: Place = inPlace
        ? { at: o.storage.ptr + o.offsets[0] * size, row: p.oi * size, column: size }
        : { at, row: step * size, column: size };
      const run = (by: GemmKernels, part: Part): void => {
        for (let t = part.first; t < part.end; t++) {
          const begin = from && start && placeOf(from, start, t, size);
          const to = placeOf(result, o, t, size);
          runPart(
            by,
            part,
            placeOf(left, a, t, size),
            placeOf(right, b, t, size),
            to,
            begin,
            scratch,
            !inPlace,
          );
        }
      };
      const recorder = pool && recorderOf(pool, kernels, bytes);
      const isSplit = pool && recorder && runEach(pool, parts, (part) => run(recorder, part));
      if (!isSplit) for (const part of parts) run(kernels, part);
      if (!inPlace) this.#unstage(kernels, heap, size, result, o, p);
    } finally {
      this.#release();
    }
    return true;
  }

  /** Whether operands lie in this memory: not in an array, nor in another device's. */
  #holds({ storage }: Operands): boolean {
    return storage.ptr >= 0 && storage.backend === this.#backend;
  }

  /** Whether the matrices of operands for several products can be had: those of this memory, or one for all. */
  #serve(operands: Operands | undefined): boolean {
    if (operands === undefined || this.#holds(operands)) return true;
    const { offsets } = operands;
    return offsets.every((at) => at === offsets[0]);
  }

  /** Bytes of the copy of an operand that does not lie in this memory. */
  #room(operands: Operands | undefined, layout: Layout | undefined, size: number): number {
    if (operands === undefined || layout === undefined || this.#holds(operands)) return 0;
    return roundUp(stagedLength(layout) * size, 16);
  }

  /** An operand's first matrix in WebAssembly memory: where it lies, or a copy at an address. */
  #place(heap: NumberArray, size: number, operands: Operands, layout: Layout, at: number): Place {
    const { offset, row, column } = layout;
    const { ptr, data } = operands.storage;
    if (this.#holds(operands)) return { at: ptr + offset * size, row: row * size, column: column * size };
    const [r, c] = stageIn(heap, at / size, data as NumberArray, layout);
    return { at, row: r * size, column: c * size };
  }

  /** Copies the result to an output of any layout, or outside WebAssembly memory. */
  #unstage(
    kernels: GemmKernels,
    heap: NumberArray,
    size: number,
    result: Place,
    o: Operands,
    { m, n, oi, oj }: Matrices,
  ): void {
    const { ptr, data } = o.storage;
    const [offset] = o.offsets;
    if (this.#holds(o) && oi === 1)
      kernels.pack(ptr + offset * size, oj * size, result.at, size, result.row, n, m);
    else {
      const layout = { offset, rows: m, columns: n, row: oi, column: oj };
      stageOut(heap, result.at / size, result.row / size, data as NumberArray, layout);
    }
  }

  #compiled(dtype: "float32" | "float64"): Instance | null {
    const relaxed = hasRelaxedSimd();
    const key = `${dtype} ${relaxed}`;
    let instance = this.#instances.get(key);
    if (instance === undefined) {
      const memory = this.#arena.memory as WebAssembly.Memory;
      const compiled = gemmModule(dtype, relaxed, isShared(memory.buffer));
      instance = compiled && { kernels: gemmKernels(compiled, memory), bytes: compiled.bytes };
      this.#instances.set(key, instance);
    }
    return instance;
  }

  /** The address of scratch of so many bytes, or -1; with it, views of the memory as it is now. */
  #reserve(bytes: number): number {
    const order = orderOf(bytes);
    if (this.#scratch < 0 || order > this.#order) {
      if (this.#scratch >= 0) this.#arena.freeScratch(this.#scratch, this.#order);
      this.#scratch = this.#arena.allocateScratch(order);
      this.#order = order;
      if (this.#scratch < 0) return -1;
    }
    if (this.#size !== this.#arena.size) {
      this.#size = this.#arena.size;
      this.#heap32 = new Float32Array(this.#arena.buffer);
      this.#heap64 = new Float64Array(this.#arena.buffer);
    }
    return this.#scratch;
  }

  #release(): void {
    if (this.#order <= KEPT_ORDER) return;
    this.#arena.freeScratch(this.#scratch, this.#order);
    this.#scratch = -1;
  }
}

/** An operand's matrix for a product, from that for the first. */
function placeOf(place: Place, { offsets }: Operands, product: number, size: number): Place {
  return product === 0 ? place : { ...place, at: place.at + (offsets[product] - offsets[0]) * size };
}

/** One part, from `start` if there is one. */
function runPart(
  kernels: GemmKernels,
  { blocking, row, column, scratch }: Part,
  a: Place,
  b: Place,
  result: Place,
  start: Place | undefined,
  ownScratch: number,
  isPadded: boolean,
): void {
  const to = movedBy(result, row, column);
  if (start !== undefined) {
    const from = movedBy(start, row, column);
    kernels.pack(to.at, to.row, from.at, from.row, from.column, blocking.m, blocking.n);
  }
  const left = movedBy(a, row, 0);
  const right = movedBy(b, 0, column);
  blocking.run(kernels, left, right, to, ownScratch + scratch, start !== undefined, isPadded);
}

function movedBy(place: Place, rows: number, columns: number): Place {
  if (rows === 0 && columns === 0) return place;
  return { ...place, at: place.at + rows * place.row + columns * place.column };
}

/** Whether to compute the transposed product instead: what it has to copy is less. */
function isBetterTurned(p: Matrices, size: number): boolean {
  return copied(p, size) > copied(turned(p), size);
}

function turned({ m, n, k, ai, ak, bk, bj, oi, oj }: Matrices): Matrices {
  return { m: n, n: m, k, ai: bj, ak: bk, bk: ak, bj: ai, oi: oj, oj: oi };
}

/** Elements copied by packing, and by moving a result whose rows do not lie as tiles do (written and read twice). */
function copied(p: Matrices, size: number): number {
  const { m, n, k } = p;
  return (p.ak === 1 ? 0 : m * k) + (packsRight(p, size) ? n * k : 0) + (p.oj === 1 ? 0 : 4 * m * n);
}
