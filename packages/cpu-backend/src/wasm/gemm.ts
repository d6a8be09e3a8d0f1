import type { Backend } from "@flambeau/backend";
import { type Arena, isShared, orderOf } from "../arena.ts";
import type { NumberArray } from "../loops.ts";
import type { Matrices } from "../matrices.ts";
import type { CpuStorage } from "../storage.ts";
import { getNumThreads } from "../threads/count.ts";
import type { Functions } from "../threads/mailbox.ts";
import type { Pool } from "../threads/pool.ts";
import type { Threads } from "../threads/threads.ts";
import { hasRelaxedSimd, hasSimd } from "./features.ts";
import { Blocking, type Place, packsRight, roundUp, ZERO_BYTES } from "./gemm-blocks.ts";
import { type GemmKernels, gemmKernels, gemmModule, recorded } from "./gemm-module.ts";
import { LINE, PARTS_PER_THREAD, type Part, partsOf, SPLIT_FROM, scratchOf } from "./gemm-parts.ts";
import { type Layout, stagedLength, stageIn, stageOut } from "./gemm-stage.ts";
import { TILE_BYTES } from "./gemm-tiles.ts";

/** Below so many multiplications the plain loops are faster. */
const WORTHWHILE = 4096;
/** Scratch up to this size, as a power of two, is kept. */
const KEPT_ORDER = 23;

/** One matrix of an operand. */
export interface Operand {
  readonly storage: CpuStorage;
  readonly offset: number;
}

/** What the sums start from: an operand with its steps, which are zero where it is broadcast. */
export interface Start extends Operand {
  readonly row: number;
  readonly column: number;
}

/** The matrices of many products, which differ in where they begin. */
export interface Operands {
  readonly storage: CpuStorage;
  readonly offsets: readonly number[];
}

/** What `multiplyMany` takes. */
export interface Many {
  readonly a: Operands;
  readonly b: Operands;
  readonly o: Operands;
  readonly start?: Operands & Pick<Start, "row" | "column">;
}

/** Products of float matrices in WebAssembly, where the runtime has SIMD and there is memory for scratch. */
export class Gemm {
  readonly #backend: Backend;
  readonly #arena: Arena;
  readonly #threads: Threads | undefined;
  readonly #kernels: Map<string, GemmKernels> = new Map();
  /** Of each kernels in use: those that write their calls down; null where they cannot be called in jobs. */
  readonly #recorders: Map<GemmKernels, GemmKernels | null> = new Map();
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
   * o = a b, plus `start`. False, and nothing done, where there is no memory for scratch.
   *
   * Views of storages are new after this if the memory is not shared: it may have grown.
   */
  multiply(
    dtype: "float32" | "float64",
    p: Matrices,
    a: Operand,
    b: Operand,
    o: Operand,
    start?: Start,
  ): boolean {
    const size = dtype === "float32" ? 4 : 8;
    if (isBetterTurned(p, size)) {
      p = turned(p);
      [a, b] = [b, a];
      if (start !== undefined) start = { ...start, row: start.column, column: start.row };
    }
    const { m, n, k } = p;
    const aLayout: Layout = { offset: a.offset, rows: m, columns: k, row: p.ai, column: p.ak };
    const bLayout: Layout = { offset: b.offset, rows: k, columns: n, row: p.bk, column: p.bj };
    const oLayout: Layout = { offset: o.offset, rows: m, columns: n, row: p.oi, column: p.oj };
    const sLayout: Layout | undefined = start && {
      offset: start.offset,
      rows: m,
      columns: n,
      row: start.row,
      column: start.column,
    };
    const pool = m * n * k < SPLIT_FROM ? undefined : this.#threads?.pool;
    const parts = partsOf(p, size, pool === undefined ? 1 : getNumThreads());
    const own = scratchOf(parts);
    const inPlace = this.#holds(o.storage) && p.oj === 1;
    const step = roundUp(n, TILE_BYTES / size);
    const room = (operand: Operand | undefined, layout: Layout | undefined): number =>
      layout === undefined || this.#holds((operand as Operand).storage)
        ? 0
        : roundUp(stagedLength(layout) * size, 16);
    const aRoom = room(a, aLayout);
    const bRoom = room(b, bLayout);
    const sRoom = room(start, sLayout);
    const oRoom = inPlace ? 0 : m * step * size;
    const bytes = own + aRoom + bRoom + sRoom + oRoom;
    const scratch = this.#reserve(bytes);
    if (scratch < 0) return false;
    try {
      const kernels = this.#kernelsFor(dtype);
      const heap: NumberArray = size === 4 ? this.#heap32 : this.#heap64;
      let at = scratch + own;
      for (const part of parts) {
        const zeros = scratch + part.scratch;
        heap.fill(0, zeros / size, (zeros + ZERO_BYTES) / size);
      }
      const aPlace = this.#place(heap, size, a, aLayout, at);
      at += aRoom;
      const bPlace = this.#place(heap, size, b, bLayout, at);
      at += bRoom;
      const result: Place = inPlace
        ? { at: o.storage.ptr + o.offset * size, row: p.oi * size, column: size }
        : { at: at + sRoom, row: step * size, column: size };
      const from = start && sLayout && this.#place(heap, size, start, sLayout, at);
      const run = (by: GemmKernels, part: Part): void =>
        runPart(by, part, aPlace, bPlace, result, from, scratch, !inPlace);
      const isRepeatable = start?.storage !== o.storage;
      if (pool === undefined || !this.#runSplit(pool, kernels, dtype, parts, run, isRepeatable))
        for (const part of parts) run(kernels, part);
      if (!inPlace) this.#unstage(kernels, heap, size, result, o, oLayout);
    } finally {
      this.#release();
    }
    return true;
  }

  /**
   * As `multiply`, for products of one layout. False, and nothing done, also where not all operands are in this memory (but
   * for one that all products share), or rows of the output are not.
   */
  multiplyMany(dtype: "float32" | "float64", p: Matrices, many: Many): boolean {
    const size = dtype === "float32" ? 4 : 8;
    let { a, b, start } = many;
    if (isBetterTurned(p, size)) {
      p = turned(p);
      [a, b] = [b, a];
      if (start !== undefined) start = { ...start, row: start.column, column: start.row };
    }
    const { m, n, k } = p;
    const count = many.o.offsets.length;
    const pool = m * n * k * count < SPLIT_FROM ? undefined : this.#threads?.pool;
    const threads = pool === undefined ? 1 : getNumThreads();
    const places = (x: Operands): boolean =>
      this.#holds(x.storage) || x.offsets.every((at) => at === x.offsets[0]);
    if (p.oj !== 1 || !this.#holds(many.o.storage) || !places(a) || !places(b)) return false;
    if ((start !== undefined && !places(start)) || count < threads) return false;
    const tasks = pool === undefined ? 1 : Math.min(count, PARTS_PER_THREAD * threads);
    const blocking = new Blocking(p, size);
    const each = roundUp(blocking.bytes, LINE);
    const layouts: [Operands, Layout][] = [
      [a, { offset: a.offsets[0], rows: m, columns: k, row: p.ai, column: p.ak }],
      [b, { offset: b.offsets[0], rows: k, columns: n, row: p.bk, column: p.bj }],
    ];
    if (start !== undefined)
      layouts.push([
        start,
        { offset: start.offsets[0], rows: m, columns: n, row: start.row, column: start.column },
      ]);
    const rooms = layouts.map(([{ storage }, layout]) =>
      this.#holds(storage) ? 0 : roundUp(stagedLength(layout) * size, 16),
    );
    const scratch = this.#reserve(tasks * each + rooms.reduce((sum, room) => sum + room, 0));
    if (scratch < 0) return false;
    try {
      const kernels = this.#kernelsFor(dtype);
      const heap: NumberArray = size === 4 ? this.#heap32 : this.#heap64;
      for (let task = 0; task < tasks; task++) {
        const zeros = scratch + task * each;
        heap.fill(0, zeros / size, (zeros + ZERO_BYTES) / size);
      }
      let at = scratch + tasks * each;
      const [left, right, from] = layouts.map(([{ storage, offsets }, layout], i) => {
        const place = this.#place(heap, size, { storage, offset: offsets[0] }, layout, at);
        at += rooms[i];
        return place;
      });
      const result: Place = {
        at: many.o.storage.ptr + many.o.offsets[0] * size,
        row: p.oi * size,
        column: size,
      };
      const one = (place: Place, { offsets }: Operands, t: number): Place => ({
        ...place,
        at: place.at + (offsets[t] - offsets[0]) * size,
      });
      const run = (by: GemmKernels, task: number): void => {
        const part = { blocking, row: 0, column: 0, scratch: task * each };
        for (let t = Math.floor((task * count) / tasks); t < Math.floor(((task + 1) * count) / tasks); t++)
          runPart(
            by,
            part,
            one(left, a, t),
            one(right, b, t),
            one(result, many.o, t),
            start && one(from, start, t),
            scratch,
            false,
          );
      };
      const parts = Array.from({ length: tasks }, (_, task) => task);
      const isRepeatable = start?.storage !== many.o.storage;
      if (pool === undefined || !this.#runSplit(pool, kernels, dtype, parts, run, isRepeatable))
        for (const part of parts) run(kernels, part);
    } finally {
      this.#release();
    }
    return true;
  }

  /** Runs the parts on several threads; false, and nothing done, where they cannot be written down for them. */
  #runSplit<T>(
    pool: Pool,
    kernels: GemmKernels,
    dtype: "float32" | "float64",
    parts: readonly T[],
    run: (kernels: GemmKernels, part: T) => void,
    isRepeatable: boolean,
  ): boolean {
    let recorder = this.#recorders.get(kernels);
    if (recorder === undefined) {
      const { bytes } = gemmModule(dtype, hasRelaxedSimd(), true);
      const module = pool.register(bytes, Object.values(kernels) as unknown as Functions);
      recorder = module < 0 ? null : recorded(kernels, (call, args) => pool.job.call(module, call, args));
      this.#recorders.set(kernels, recorder);
    }
    if (recorder === null) return false;
    const job = pool.newJob();
    for (const part of parts) {
      job.task();
      run(recorder, part);
    }
    if (!job.isComplete) return false;
    pool.run(job, isRepeatable);
    return true;
  }

  /** Whether a storage lies in this memory: not in an array, nor in another device's. */
  #holds(storage: CpuStorage): boolean {
    return storage.ptr >= 0 && storage.backend === this.#backend;
  }

  /** An operand's matrix in WebAssembly memory: where it lies, or a copy at an address. */
  #place(heap: NumberArray, size: number, { storage }: Operand, layout: Layout, at: number): Place {
    const { offset, row, column } = layout;
    if (this.#holds(storage))
      return { at: storage.ptr + offset * size, row: row * size, column: column * size };
    const [r, c] = stageIn(heap, at / size, storage.data as NumberArray, layout);
    return { at, row: r * size, column: c * size };
  }

  /** Copies the result to an output of any layout, or outside WebAssembly memory. */
  #unstage(
    kernels: GemmKernels,
    heap: NumberArray,
    size: number,
    result: Place,
    o: Operand,
    layout: Layout,
  ): void {
    const { rows, columns, row, column, offset } = layout;
    if (this.#holds(o.storage) && row === 1) {
      const to = o.storage.ptr + offset * size;
      kernels.pack(to, column * size, result.at, size, result.row, columns, rows);
    } else stageOut(heap, result.at / size, result.row / size, o.storage.data as NumberArray, layout);
  }

  #kernelsFor(dtype: "float32" | "float64"): GemmKernels {
    const relaxed = hasRelaxedSimd();
    const key = `${dtype} ${relaxed}`;
    let kernels = this.#kernels.get(key);
    if (kernels === undefined) {
      const module = gemmModule(dtype, relaxed, isShared(this.#arena.buffer));
      kernels = gemmKernels(module, this.#arena.memory as WebAssembly.Memory);
      this.#kernels.set(key, kernels);
    }
    return kernels;
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
