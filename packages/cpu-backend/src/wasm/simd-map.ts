import type { Backend, Expr, MapKernel, Strided } from "@flambeau/backend";
import type { Arena } from "../arena.ts";
import type { CpuStorage } from "../storage.ts";
import { getNumThreads } from "../threads/count.ts";
import type { Threads } from "../threads/threads.ts";
import { Walk } from "../walk.ts";
import { InstanceCache, ModuleCache, type Run } from "./compiled.ts";
import { hasSimd, isFused } from "./features.ts";
import { BYTES } from "./kernel-module.ts";
import { type Choice, choiceOf, choicesOf, isHeavy, nodesOf, readable } from "./lower.ts";
import { mapModule } from "./map-module.ts";
import { Parts } from "./map-parts.ts";
import { addressOf, extentOf, fitsSlot, isInWasm, stageIn, stageOut } from "./operands.ts";
import { MAX_OPERANDS, type Scratch, SLOT } from "./scratch.ts";

/** With fewer elements nobody need ask. */
export const SIMD_FROM = 16;
/** Nanoseconds that a call takes more than the JavaScript lowering's, and that copying an element's operands takes. */
const CALL = 230;
const COPYING = 1;
/** Nanoseconds that the JavaScript lowering takes for an element, by node: mere arithmetic, a function such as exp. */
const LIGHT = 2.5;
const HEAVY = 7;
/** From here on storages lie in WebAssembly memory. */
const IN_PLACE_FROM = 1025;
/** Where both lowerings give the same bits, a kernel on few elements is worth compiling when it has run so often. */
const OFTEN = 50;
/** From so many elements on a map is split over threads. */
const SPLIT_FROM = 2 ** 16;
/** Rows shorter than this are left to loops that run along another dimension. */
const SHORTEST_ROW = 4;
/** Of a mere copy, rows shorter than this as well, if one call does not get through so many elements of them. */
const SHORT_ROW = 16;
const WORTH_A_CALL = 128;

const modules = new ModuleCache();
const walk = new Walk();

/** What is known of a kernel without compiling it. */
interface Traits {
  /** The fewest elements it is compiled for. */
  readonly from: number;
  /** Whether the JavaScript lowering gives the same bits. */
  readonly isExact: boolean;
  /** How often it could have been compiled and was not. */
  passed: number;
  /** A copy or fill: where it converts nothing, engines do it well outside WebAssembly memory, which has to be copied then. */
  readonly isCopy: boolean;
  readonly choices: readonly Choice[];
}

const traits: (Traits | undefined)[] = [];

/** Maps over float32 on one memory. */
export class SimdMap {
  readonly #device: Backend;
  readonly #arena: Arena;
  readonly #scratch: Scratch;
  readonly #threads: Threads | undefined;
  readonly #parts = new Parts();
  readonly #instances = new InstanceCache();
  readonly #args: number[] = [];

  /** Without `threads`, all is done by the calling one. */
  constructor(device: Backend, arena: Arena, scratch: Scratch, threads?: Threads) {
    this.#device = device;
    this.#arena = arena;
    this.#scratch = scratch;
    this.#threads = threads;
  }

  /**
   * Runs a kernel over `n` elements if it and its operands are such as SIMD code exists for; otherwise false, and nothing
   * was done.
   */
  run(
    kernel: MapKernel,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    outputs: readonly Strided[],
    n: number,
  ): boolean {
    const known = traitsOf(kernel);
    const { from, isCopy, choices } = known;
    const count = outputs.length + inputs.length;
    if (n < from || count > MAX_OPERANDS || !hasSimd()) return false;
    const isPlainCopy = isCopy && inputs.every(isFloat32) && outputs.every(isFloat32);
    if (n < IN_PLACE_FROM && known.isExact && known.passed < OFTEN) {
      known.passed++;
      return false;
    }
    const staging = this.#plan(inputs, outputs, n);
    if (
      staging === "no" ||
      (isPlainCopy && (staging !== "none" || !isWorthCalls())) ||
      (staging !== "none" && !this.#scratch.prepare())
    )
      return false;
    const run = this.#runOf(kernel, inputs, params, outputs, choices, isFused(n));
    if (run === null) return false;
    const args = this.#args;
    // Cutting an array anew each time takes as long as copying an operand.
    if (args.length !== 2 + 2 * count + kernel.params) args.length = 2 + 2 * count + kernel.params;
    for (let k = 0; k < kernel.params; k++) args[2 + 2 * count + k] = Number(params[k]);
    if (staging === "none" && n >= SPLIT_FROM && walk.ndim <= 2 && this.#runSplit(run, inputs, outputs))
      return true;
    const hasRoom = staging !== "whole" || this.#takeRoom(inputs, outputs);
    const block = staging === "blocks" ? SLOT / 4 : walk.sizes[0];
    if (hasRoom) this.#runRows(run, inputs, outputs, block);
    this.#scratch.giveBack();
    return hasRoom;
  }

  /** Room for operands that lie elsewhere and fit no slot. */
  #takeRoom(inputs: readonly Strided[], outputs: readonly Strided[]): boolean {
    for (let p = 0; p < outputs.length + inputs.length; p++) {
      const operand = operandOf(inputs, outputs, p);
      if (isInWasm(operand, this.#device)) continue;
      if (!this.#scratch.take(p, extentOf(walk, p) * itemSizeOf(operand))) return false;
    }
    // The memory may have grown.
    return this.#scratch.prepare();
  }

  /** The one call that a map of up to two dimensions takes, on several threads; false, and nothing done, where it cannot be. */
  #runSplit(run: Run, inputs: readonly Strided[], outputs: readonly Strided[]): boolean {
    const operands = [...outputs, ...inputs];
    if (!outputs.every((_, k) => isApart(operands, k, outputs.length))) return false;
    const pool = this.#threads?.pool;
    if (pool === undefined) return false;
    const args = this.#args;
    args[0] = walk.ndim > 1 ? walk.sizes[1] : 1;
    args[1] = walk.sizes[0];
    const sizes: number[] = [];
    operands.forEach((operand, p) => {
      const size = itemSizeOf(operand);
      args[2 + 2 * p] = addressOf(operand, size);
      args[3 + 2 * p] = walk.ndim > 1 ? walk.steps[p][1] * size : 0;
      sizes.push(walk.steps[p][0] * size);
    });
    const bytesOf = (known: Run): Uint8Array => this.#instances.bytesOf(known);
    return this.#parts.run(pool, getNumThreads(), run, bytesOf, args, sizes);
  }

  /** Sets the walk over the operands, outputs first. What of them has to be copied to scratch: all at once, block by block. */
  #plan(
    inputs: readonly Strided[],
    outputs: readonly Strided[],
    n: number,
  ): "no" | "none" | "whole" | "blocks" {
    const { shape } = outputs[0];
    walk.reset(shape);
    for (const output of outputs) walk.add(output, shape);
    for (const input of inputs) walk.add(input, shape);
    walk.merge();
    if (walk.sizes[0] < SHORTEST_ROW) return "no";
    let staging: "none" | "whole" | "blocks" = "none";
    for (let p = 0; p < outputs.length + inputs.length; p++) {
      const isOutput = p < outputs.length;
      const operand = operandOf(inputs, outputs, p);
      const step = walk.steps[p][0];
      if ((operand.storage as CpuStorage).released || (step !== 1 && (isOutput || step !== 0))) return "no";
      const isKnown = isOutput
        ? operand.dtype === "float32" || operand.dtype === "bool"
        : readable(operand.dtype) >= 0;
      if (!isKnown) return "no";
      if (isInWasm(operand, this.#device)) continue;
      const extent = extentOf(walk, p);
      // An output with gaps would have to be read first.
      if (isOutput && extent !== n) return "no";
      if (fitsSlot(extent, itemSizeOf(operand))) staging = staging === "blocks" ? staging : "whole";
      else staging = walk.ndim === 1 ? "blocks" : "whole";
    }
    return staging;
  }

  #runOf(
    kernel: MapKernel,
    inputs: readonly Strided[],
    params: readonly (number | bigint)[],
    outputs: readonly Strided[],
    choices: readonly Choice[],
    fused: boolean,
  ): Run | null {
    let form = 0;
    for (let k = 0; k < outputs.length; k++) form = form * 2 + (outputs[k].dtype === "bool" ? 1 : 0);
    for (let i = 0; i < inputs.length; i++) {
      form = form * 6 + 2 * readable(inputs[i].dtype) + walk.steps[outputs.length + i][0];
    }
    for (const choice of choices) form = form * 4 + choiceOf(choice, Number(params[choice.param]));
    form = form * 2 + (fused ? 1 : 0);
    const known = this.#instances.get(kernel.id, form);
    if (known !== undefined) return known;
    return this.#instances.make(modules, kernel.id, form, this.#arena.memory, (shared) =>
      mapModule(kernel.outputs, {
        inputs: inputs.map(({ dtype }, i) => ({
          kind: readable(dtype),
          mode: walk.steps[outputs.length + i][0] === 1 ? "each" : "one",
        })),
        params: kernel.params,
        bools: outputs.map(({ dtype }) => dtype === "bool"),
        choices: new Map(choices.map((c) => [c.param, choiceOf(c, Number(params[c.param]))])),
        fused,
        shared,
      }),
    );
  }

  /**
   * Goes along the first dimension a block at a time, which of operands that lie elsewhere is copied to scratch and back.
   * One call does two dimensions.
   */
  #runRows(run: Run, inputs: readonly Strided[], outputs: readonly Strided[], block: number): void {
    const args = this.#args;
    const scratch = this.#scratch;
    const length = walk.sizes[0];
    args[0] = walk.ndim > 1 ? walk.sizes[1] : 1;
    for (let start = 0; start < length; start += block) {
      const count = Math.min(block, length - start);
      args[1] = count;
      for (let p = 0; p < outputs.length + inputs.length; p++) {
        const operand = operandOf(inputs, outputs, p);
        const size = itemSizeOf(operand);
        const step = walk.steps[p][0];
        args[3 + 2 * p] = walk.ndim > 1 ? walk.steps[p][1] * size : 0;
        if (isInWasm(operand, this.#device)) {
          args[2 + 2 * p] = addressOf(operand, size) + start * step * size;
          continue;
        }
        const slot = scratch.slot(p);
        args[2 + 2 * p] = slot;
        const extent = extentOf(walk, p) - (length - count) * step;
        if (p >= outputs.length) stageIn(scratch, operand, operand.offset + start * step, extent, size, slot);
      }
      this.#runOuter(run, walk.ndim - 1, inputs, outputs);
      for (let p = 0; p < outputs.length; p++) {
        const operand = operandOf(inputs, outputs, p);
        if (isInWasm(operand, this.#device)) continue;
        const extent = extentOf(walk, p) - (length - count);
        stageOut(scratch, operand, operand.offset + start, extent, itemSizeOf(operand), scratch.slot(p));
      }
    }
  }

  /** Walks over the dimensions above two. */
  #runOuter(run: Run, dim: number, inputs: readonly Strided[], outputs: readonly Strided[]): void {
    const args = this.#args;
    if (dim < 2) {
      run(...args);
      return;
    }
    const size = walk.sizes[dim];
    const move = (by: number): void => {
      for (let p = 0; p < outputs.length + inputs.length; p++)
        args[2 + 2 * p] += by * walk.steps[p][dim] * itemSizeOf(operandOf(inputs, outputs, p));
    };
    for (let i = 0; i < size; i++) {
      this.#runOuter(run, dim - 1, inputs, outputs);
      move(1);
    }
    move(-size);
  }
}

/** The p-th operand, outputs first. An array of both would cost a small map a tenth of its time. */
function operandOf(inputs: readonly Strided[], outputs: readonly Strided[], p: number): Strided {
  return p < outputs.length ? outputs[p] : inputs[p - outputs.length];
}

/**
 * Whether what is written into the k-th operand, an output, is read, if at all, only for the same element: then the order
 * does not matter.
 */
function isApart(operands: readonly Strided[], k: number, outputs: number): boolean {
  const { storage, offset } = operands[k];
  return operands.every((other, p) => {
    if (p === k || other.storage !== storage) return true;
    if (p < outputs || other.offset !== offset) return false;
    for (let d = 0; d < walk.ndim; d++) if (walk.steps[p][d] !== walk.steps[k][d]) return false;
    return true;
  });
}

/** Whether a copy's calls, each of two dimensions, take less time than loops along the longest. */
function isWorthCalls(): boolean {
  const [length, rows] = walk.sizes;
  return walk.ndim <= 2 || length >= SHORT_ROW || length * rows >= WORTH_A_CALL;
}

function itemSizeOf({ dtype }: Strided): number {
  return BYTES[readable(dtype)];
}

function traitsOf(kernel: MapKernel): Traits {
  const known = traits[kernel.id];
  if (known !== undefined) return known;
  const { outputs } = kernel;
  const nodes = nodesOf(outputs);
  let heavy = 0;
  let light = 0;
  for (const node of nodes) {
    if (isHeavy(node)) heavy++;
    else if (!isLeaf(node)) light++;
  }
  const saved = heavy * HEAVY + light * LIGHT - COPYING;
  const made: Traits = {
    from: saved > 0 ? Math.max(SIMD_FROM, Math.ceil(CALL / saved)) : IN_PLACE_FROM,
    isExact: heavy === 0,
    passed: 0,
    isCopy: outputs.every(isLeaf),
    choices: choicesOf(nodes),
  };
  traits[kernel.id] = made;
  return made;
}

function isFloat32({ dtype }: Strided): boolean {
  return dtype === "float32";
}

function isLeaf({ kind }: Expr): boolean {
  return kind === "input" || kind === "param" || kind === "const";
}
