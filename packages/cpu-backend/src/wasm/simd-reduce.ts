import {
  type Backend,
  type Combine,
  isContiguous,
  type MapKernel,
  numel,
  type Shape,
  type Strided,
} from "@flambeau/backend";
import { type Arena, orderOf } from "../arena.ts";
import type { CpuStorage } from "../storage.ts";
import { getNumThreads } from "../threads/count.ts";
import type { Threads } from "../threads/threads.ts";
import { Walk } from "../walk.ts";
import { InstanceCache, ModuleCache, type Run } from "./compiled.ts";
import { hasSimd, isFused } from "./features.ts";
import { BYTES } from "./kernel-module.ts";
import { type Choice, choiceOf, choicesOf, isHeavy, nodesOf, readable } from "./lower.ts";
import { Parts } from "./map-parts.ts";
import { addressOf, fitsSlot, isInWasm, stageIn } from "./operands.ts";
import { type ReduceForm, reduceColumnsModule, reduceRowsModule, type SimdCombine } from "./reduce-module.ts";
import { MAX_OPERANDS, type Scratch, SLOT } from "./scratch.ts";

/** From so many elements on a reduction of prepared values gains; a plain one from where storages lie in WebAssembly memory. */
export const SIMD_REDUCE_FROM = 256;
const LIGHT_FROM = 1025;
/** From so many elements on a reduction is split over threads: of prepared values, and a plain one. */
const SPLIT_HEAVY_FROM = 2 ** 16;
const SPLIT_LIGHT_FROM = 2 ** 19;
const PARTS_PER_THREAD = 2;
/** Pieces of a single row: as many for any number of threads, so that it does not change the sum's last bit. */
const PIECES = 16;
/** Bytes between the doubles that parts of one run join, so that each has a cache line of its own. */
const APART = 64;
/** Runs shorter than this are left to other loops. */
const SHORTEST = 4;

/** The number of the first input's argument. */
const INPUTS = 4;

const modules = new ModuleCache();
const kept = new Walk();
const reduced = new Walk();
const reducedShape: number[] = [];

interface Traits {
  readonly from: number;
  readonly splitFrom: number;
  readonly choices: readonly Choice[];
}

const traits: (Traits | undefined)[] = [];

/** Reductions of float32 on one memory. */
export class SimdReduce {
  readonly #device: Backend;
  readonly #arena: Arena;
  readonly #scratch: Scratch;
  readonly #threads: Threads | undefined;
  readonly #parts = new Parts();
  readonly #instances = new InstanceCache();
  /** Of the call: rows, their length, the doubles, and then the inputs, each with its step from row to row. */
  readonly #args: number[] = [];

  /** Without `threads`, all is done by the calling one. */
  constructor(device: Backend, arena: Arena, scratch: Scratch, threads?: Threads) {
    this.#threads = threads;
    this.#device = device;
    this.#arena = arena;
    this.#scratch = scratch;
  }

  /**
   * Joins `prepare` of the inputs' elements into `acc`, in the row-major order of `outputShape`, if there is SIMD code for
   * them; otherwise false, and nothing was done.
   *
   * Views of storages are new after this if the memory is not shared: it may have grown.
   */
  run(
    prepare: MapKernel,
    combine: Combine,
    shape: Shape,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    outputShape: Shape,
    acc: Float64Array,
  ): boolean {
    if (combine !== "sum" && combine !== "max" && combine !== "min") return false;
    const elements = numel(shape);
    const { from, splitFrom, choices } = traitsOf(prepare);
    const isBytes = inputs.length === 1 && readable(inputs[0].dtype) === 1;
    if (elements < (isBytes ? SIMD_REDUCE_FROM : from) || inputs.length >= MAX_OPERANDS || !hasSimd())
      return false;
    for (const { storage, dtype } of inputs)
      if ((storage as CpuStorage).released || readable(dtype) < 0) return false;
    this.#walk(shape, inputs, outputShape);
    const byRows = isLine(reduced, inputs.length) && (reduced.sizes[0] >= 16 || !isLine(kept, inputs.length));
    if (!byRows && !(isLine(kept, inputs.length) && kept.steps[inputs.length][0] === 1)) return false;
    const block = this.#blockOf(inputs, elements);
    if (!this.#scratch.prepare()) return false;
    const across = byRows ? kept : reduced;
    const along = byRows ? reduced : kept;
    const fused = isFused(elements);
    const run = this.#runOf(prepare, combine, inputs, params, choices, along, byRows, fused);
    if (run === null) return false;

    const outputs = numel(outputShape);
    const bytes = 8 * outputs + 32;
    const isLarge = bytes > SLOT;
    const doubles = isLarge
      ? this.#arena.allocateScratch(orderOf(bytes))
      : this.#scratch.slot(MAX_OPERANDS - 1);
    if (doubles < 0) return false;
    // The memory may have grown for them.
    const hasRoom = this.#scratch.prepare() && (block < elements || this.#takeRoom(inputs));
    if (!hasRoom) {
      this.#scratch.giveBack();
      if (isLarge) this.#arena.freeScratch(doubles, orderOf(bytes));
      return false;
    }
    const at = doubles / 8;
    const neutral = combine === "sum" ? 0 : combine === "max" ? -Infinity : Infinity;
    this.#scratch.doubles.fill(neutral, at, at + outputs);
    const args = this.#args;
    const first = INPUTS + 2 * inputs.length;
    if (args.length !== first + prepare.params) args.length = first + prepare.params;
    for (let k = 0; k < prepare.params; k++) args[first + k] = Number(params[k]);
    args[0] = across.sizes[0];
    args[2] = doubles;
    args[3] = 8 * kept.steps[inputs.length][0];
    for (let i = 0; i < inputs.length; i++)
      args[INPUTS + 1 + 2 * i] = across.steps[i][0] * itemSizeOf(inputs[i]);
    const canSplit = byRows && elements >= splitFrom && block === elements;
    for (let start = 0; start < along.sizes[0]; start += block) {
      this.#place(inputs, along, start, Math.min(block, along.sizes[0] - start));
      if (!(canSplit && this.#runSplit(run, combine, inputs))) this.#runOuter(run, inputs);
    }
    const joined = this.#scratch.doubles;
    if (outputs === 1) acc[0] = joined[at];
    else acc.set(joined.subarray(at, at + outputs));
    this.#scratch.giveBack();
    if (isLarge) this.#arena.freeScratch(doubles, orderOf(bytes));
    return true;
  }

  #walk(shape: Shape, inputs: readonly Strided[], outputShape: Shape): void {
    const elements = numel(shape);
    if (
      numel(outputShape) === 1 &&
      inputs.every((x) => numel(x.shape) === elements && isContiguous(x.shape, x.strides))
    ) {
      reduced.line(inputs.length, elements, 1);
      kept.line(inputs.length + 1, 1, 0);
      return;
    }
    reducedShape.length = shape.length;
    for (let d = 0; d < shape.length; d++) reducedShape[d] = outputShape[d] === 1 ? shape[d] : 1;
    kept.reset(outputShape);
    reduced.reset(reducedShape);
    for (const x of inputs) {
      kept.add(x, outputShape);
      reduced.add(x, reducedShape);
    }
    kept.addRowMajor(outputShape, outputShape);
    kept.merge();
    reduced.merge();
  }

  /** How many elements are taken at a time: all, or of one line with an operand outside that is large a slot's worth. */
  #blockOf(inputs: readonly Strided[], elements: number): number {
    let block = elements;
    for (let i = 0; i < inputs.length; i++) {
      if (isInWasm(inputs[i], this.#device)) continue;
      if (fitsSlot(this.#extentOf(i), itemSizeOf(inputs[i]))) continue;
      if (kept.ndim === 1 && kept.sizes[0] === 1 && reduced.ndim === 1) block = SLOT / 4;
    }
    return block;
  }

  /** Room for inputs that lie elsewhere and fit no slot. */
  #takeRoom(inputs: readonly Strided[]): boolean {
    for (let i = 0; i < inputs.length; i++) {
      if (isInWasm(inputs[i], this.#device)) continue;
      if (!this.#scratch.take(i, this.#extentOf(i) * itemSizeOf(inputs[i]))) return false;
    }
    // The memory may have grown.
    return this.#scratch.prepare();
  }

  #extentOf(i: number): number {
    let extent = 1;
    for (const walk of [kept, reduced])
      for (let d = 0; d < walk.ndim; d++) extent += (walk.sizes[d] - 1) * walk.steps[i][d];
    return extent;
  }

  /** Sets the addresses of so many elements along rows, which of inputs outside are copied to scratch. */
  #place(inputs: readonly Strided[], along: Walk, start: number, count: number): void {
    this.#args[1] = count;
    for (let i = 0; i < inputs.length; i++) {
      const x = inputs[i];
      const size = itemSizeOf(x);
      const step = along.steps[i][0];
      let address = addressOf(x, size) + start * step * size;
      if (!isInWasm(x, this.#device)) {
        address = this.#scratch.slot(i);
        const extent = this.#extentOf(i) - (along.sizes[0] - count) * step;
        stageIn(this.#scratch, x, x.offset + start * step, extent, size, address);
      }
      this.#args[INPUTS + 2 * i] = address;
    }
  }

  /** Rows on several threads, or pieces of a single one; false, and nothing done, where it cannot be. */
  #runSplit(run: Run, combine: SimdCombine, inputs: readonly Strided[]): boolean {
    if (kept.ndim > 1 || reduced.ndim > 1) return false;
    const args = this.#args;
    const [rows, n, doubles] = args;
    const threads = getNumThreads();
    if (rows > 1 && rows < threads * PARTS_PER_THREAD) return false;
    const pool = this.#threads?.pool;
    const bytesOf = (known: Run): Uint8Array => this.#instances.bytesOf(known);
    if (rows > 1) {
      if (pool === undefined) return false;
      const sizes = new Array<number>(1 + inputs.length).fill(0);
      return this.#parts.run(pool, threads, run, bytesOf, args, sizes);
    }
    const piece = Math.ceil(n / PIECES / 64) * 64;
    const calls: number[][] = [];
    for (let start = 0; start < n; start += piece) {
      const call = [...args];
      call[1] = Math.min(piece, n - start);
      call[2] = doubles + APART * calls.length;
      inputs.forEach((x, i) => {
        call[INPUTS + 2 * i] += start * reduced.steps[i][0] * itemSizeOf(x);
      });
      calls.push(call);
    }
    const parts = new Float64Array(this.#arena.buffer, doubles, (APART / 8) * calls.length);
    parts.fill(parts[0]);
    if (pool === undefined || !this.#parts.runCalls(pool, run, bytesOf, calls))
      for (const call of calls) run(...call);
    for (let k = 1; k < calls.length; k++) {
      const part = parts[(APART / 8) * k];
      parts[0] = combine === "sum" ? parts[0] + part : Math[combine](parts[0], part);
    }
    return true;
  }

  /** Of the dimensions kept and reduced the innermost are the rows and their length, or the other way round; the rest is walked here. */
  #runOuter(run: Run, inputs: readonly Strided[]): void {
    this.#outer(kept, inputs, kept.ndim - 1, () =>
      this.#outer(reduced, inputs, reduced.ndim - 1, () => run(...this.#args)),
    );
  }

  /** Every position along a walk's dimensions but the innermost. */
  #outer(walk: Walk, inputs: readonly Strided[], dim: number, each: () => void): void {
    if (dim < 1) {
      each();
      return;
    }
    const size = walk.sizes[dim];
    const args = this.#args;
    const move = (by: number): void => {
      for (let i = 0; i < inputs.length; i++)
        args[INPUTS + 2 * i] += by * walk.steps[i][dim] * itemSizeOf(inputs[i]);
      if (walk === kept) args[2] += by * walk.steps[inputs.length][dim] * 8;
    };
    for (let k = 0; k < size; k++) {
      this.#outer(walk, inputs, dim - 1, each);
      move(1);
    }
    move(-size);
  }

  #runOf(
    prepare: MapKernel,
    combine: SimdCombine,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    choices: readonly Choice[],
    along: Walk,
    byRows: boolean,
    fused: boolean,
  ): Run | null {
    let form = (byRows ? 3 : 0) + (combine === "sum" ? 0 : combine === "max" ? 1 : 2);
    for (let i = 0; i < inputs.length; i++)
      form = form * 6 + 2 * readable(inputs[i].dtype) + along.steps[i][0];
    for (const choice of choices) form = form * 4 + choiceOf(choice, Number(params[choice.param]));
    form = form * 2 + (fused ? 1 : 0);
    const known = this.#instances.get(prepare.id, form);
    if (known !== undefined) return known;
    return this.#instances.make(modules, prepare.id, form, this.#arena.memory, (shared) => {
      const wanted: ReduceForm = {
        inputs: inputs.map(({ dtype }, i) => ({
          kind: readable(dtype),
          mode: along.steps[i][0] === 1 ? "each" : "one",
        })),
        params: prepare.params,
        combine,
        choices: new Map(choices.map((c) => [c.param, choiceOf(c, Number(params[c.param]))])),
        fused,
        shared,
      };
      return (byRows ? reduceRowsModule : reduceColumnsModule)(prepare.outputs[0], wanted);
    });
  }
}

/** Whether the inputs move along a walk's innermost dimension from element to element, or not at all, and it is long. */
function isLine(walk: Walk, inputs: number): boolean {
  if (walk.sizes[0] < SHORTEST) return false;
  let moves = false;
  for (let i = 0; i < inputs; i++) {
    const step = walk.steps[i][0];
    if (step !== 0 && step !== 1) return false;
    moves ||= step === 1;
  }
  return moves;
}

function itemSizeOf({ dtype }: Strided): number {
  return BYTES[readable(dtype)];
}

function traitsOf(prepare: MapKernel): Traits {
  const known = traits[prepare.id];
  if (known !== undefined) return known;
  const nodes = nodesOf(prepare.outputs);
  const heavy = [...nodes].some(isHeavy);
  const made: Traits = {
    from: heavy ? SIMD_REDUCE_FROM : LIGHT_FROM,
    splitFrom: heavy ? SPLIT_HEAVY_FROM : SPLIT_LIGHT_FROM,
    choices: choicesOf(nodes),
  };
  traits[prepare.id] = made;
  return made;
}
