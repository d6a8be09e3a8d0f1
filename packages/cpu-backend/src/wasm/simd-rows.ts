import type { Backend, RowKernel, Strided } from "@flambeau/backend";
import { type Arena, orderOf } from "../memory/arena.ts";
import type { CpuStorage } from "../memory/storage.ts";
import { getNumThreads } from "../threads/count.ts";
import type { Threads } from "../threads/threads.ts";
import { InstanceCache, ModuleCache, type Run } from "./codegen/compiled.ts";
import { hasSimd, isFused } from "./codegen/features.ts";
import type { Parts } from "./map-parts.ts";
import { addressOf, fitsSlot, isInWasm, stageIn, stageOut } from "./operands.ts";
import { rowModule } from "./row-module.ts";
import { MAX_OPERANDS, type Scratch } from "./scratch.ts";

/** Fewer elements, and shorter rows, are left to other loops. */
const FROM = 256;
const SHORTEST = 4;
/** From so many elements on rows are split over threads. */
const SPLIT_FROM = 2 ** 16;
/** Bytes of an operand elsewhere that are copied to WebAssembly memory at a time, or one row. */
const BLOCK = 2 ** 16;

const modules = new ModuleCache();

/** An operand over rows: where it begins, and how it moves from row to row and along a row, in elements. */
interface Operand {
  readonly of: Strided;
  readonly down: number;
  readonly right: number;
  /** Where a block of it is copied to, when it lies elsewhere; -1 when it lies in WebAssembly memory. */
  readonly block: number;
  /** The order of a block that is to be given back, or -1. */
  readonly order: number;
  /** Rows that one call can have. */
  readonly height: number;
}

/** Row kernels on one memory. */
export class SimdRows {
  readonly #device: Backend;
  readonly #arena: Arena;
  readonly #scratch: Scratch;
  readonly #threads: Threads | undefined;
  readonly #parts: Parts;
  readonly #instances = new InstanceCache();

  constructor(device: Backend, arena: Arena, scratch: Scratch, parts: Parts, threads?: Threads) {
    this.#device = device;
    this.#arena = arena;
    this.#scratch = scratch;
    this.#threads = threads;
    this.#parts = parts;
  }

  /** See `Backend.rows`. */
  run(
    kernel: RowKernel,
    inputs: readonly Strided[],
    params: readonly number[],
    output: Strided,
    results: readonly (Strided | null)[],
  ): boolean {
    const [rows, n] = output.shape;
    if (rows * n < FROM || n < SHORTEST || !hasSimd()) return false;
    const strided = [output, ...inputs, ...results.filter((x) => x !== null)];
    if (!strided.every(isUsable) || output.strides[1] !== 1 || !inputs.every(isEven)) return false;
    if (!this.#scratch.prepare()) return false;
    const run = this.#runOf(kernel, inputs, n, results, isFused(rows * n));
    if (run === null) return false;
    const operands: Operand[] = [];
    const isPlaced =
      this.#place(operands, output, output.strides[0], 1, rows, n) &&
      inputs.every((x) => {
        const down = x.shape[0] === 1 ? 0 : x.strides[0];
        return this.#place(operands, x, down, stepOf(x, n), rows, n);
      }) &&
      results.every((x) => this.#place(operands, x ?? output, x === null ? 0 : 1, 0, rows, n));
    if (isPlaced) {
      operands.push(operands[0]);
      this.#runBlocks(kernel, run, operands, params, rows, n);
    }
    // The last is the first once more.
    for (let p = 0; p < operands.length - (isPlaced ? 1 : 0); p++) {
      const { block, order } = operands[p];
      if (order >= 0) this.#arena.freeScratch(block, order);
    }
    return isPlaced;
  }

  /** Notes an operand, with room for all or a block of it where it lies elsewhere; false when there is none. */
  #place(operands: Operand[], of: Strided, down: number, right: number, rows: number, n: number): boolean {
    if (isInWasm(of, this.#device)) {
      operands.push({ of, down, right, block: -1, order: -1, height: rows });
      return true;
    }
    // A weight, or a number of each row, is copied as a whole.
    const isSmall = fitsSlot(extent(down, right, rows, n), 4) && operands.length < MAX_OPERANDS;
    const height = isSmall ? rows : Math.max(1, Math.min(rows, Math.floor(BLOCK / 4 / n)));
    const order = isSmall ? -1 : orderOf(4 * extent(down, right, height, n));
    const block = isSmall ? this.#scratch.slot(operands.length) : this.#arena.allocateScratch(order);
    if (block < 0) return false;
    operands.push({ of, down, right, block, order, height });
    return true;
  }

  /** As many rows at a time as all operands can have, with what lies elsewhere copied. */
  #runBlocks(
    kernel: RowKernel,
    run: Run,
    operands: readonly Operand[],
    params: readonly number[],
    rows: number,
    n: number,
  ): void {
    // Growth for the blocks may have moved the memory.
    this.#scratch.prepare();
    const { inputs } = kernel;
    let height = rows;
    for (const operand of operands) height = Math.min(height, operand.height);
    for (let start = 0; start < rows; start += height) {
      const count = Math.min(height, rows - start);
      const args = [count, n];
      operands.forEach(({ of, down, right, block }, p) => {
        args.push(block < 0 ? addressOf(of, 4) + 4 * start * down : block, 4 * down);
        const isInput = p >= 1 && p <= inputs;
        // What lies between an output's rows is copied back with them.
        const hasGaps = p === 0 && down > n;
        if (block >= 0 && (hasGaps || (isInput && (down !== 0 || start === 0))))
          stageIn(this.#scratch, of, of.offset + start * down, extent(down, right, count, n), 4, block);
      });
      args.push(...params);
      this.#call(run, operands, args);
      operands.slice(0, -1).forEach(({ of, down, right, block }, p) => {
        if (block < 0 || (p >= 1 && (p <= inputs || down === 0))) return;
        stageOut(this.#scratch, of, of.offset + start * down, extent(down, right, count, n), 4, block);
      });
    }
  }

  /** One call, on several threads where that gains. */
  #call(run: Run, operands: readonly Operand[], args: readonly number[]): void {
    const [rows, n] = args;
    const threads = getNumThreads();
    const pool = rows * n >= SPLIT_FROM && rows >= 2 * threads ? this.#threads?.pool : undefined;
    if (pool === undefined) {
      run(...args);
      return;
    }
    const sizes = operands.map(() => 0);
    const bytesOf = (known: Run): Uint8Array => this.#instances.bytesOf(known);
    if (!this.#parts.run(pool, threads, run, bytesOf, args, sizes)) run(...args);
  }

  #runOf(
    kernel: RowKernel,
    inputs: readonly Strided[],
    n: number,
    results: readonly (Strided | null)[],
    fused: boolean,
  ): Run | null {
    let form = 0;
    for (const x of inputs) form = 2 * form + stepOf(x, n);
    for (const result of results) form = 2 * form + (result === null ? 0 : 1);
    form = 2 * form + (fused ? 1 : 0);
    const known = this.#instances.get(kernel.id, form);
    if (known !== undefined) return known;
    return this.#instances.make(modules, kernel.id, form, this.#arena.memory, (shared) =>
      rowModule(kernel, {
        inputs: inputs.map((x) => ({ kind: 0, mode: stepOf(x, n) === 1 ? "each" : "one" })),
        stores: kernel.steps.map((_, k) => (results[k] ?? null) !== null),
        fused,
        shared,
      }),
    );
  }
}

function isUsable({ dtype, storage }: Strided): boolean {
  return dtype === "float32" && !(storage as CpuStorage).released;
}

/** Along a row, from element to element or not at all; down the rows, not backwards. */
function isEven({ shape, strides }: Strided): boolean {
  return (shape[1] === 1 || strides[1] === 0 || strides[1] === 1) && (shape[0] === 1 || strides[0] >= 0);
}

function stepOf({ shape, strides }: Strided, n: number): number {
  return shape[1] === 1 && n > 1 ? 0 : strides[1];
}

/** Elements from the first to the last of so many rows, both included. */
function extent(down: number, right: number, rows: number, n: number): number {
  return 1 + (rows - 1) * down + (n - 1) * right;
}
