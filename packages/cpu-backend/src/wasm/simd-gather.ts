import { type Backend, itemSize, numel, type Strided } from "@flambeau/backend";
import { type Arena, isShared } from "../memory/arena.ts";
import { type Compiled, compile } from "./codegen/compiled.ts";
import { hasSimd } from "./codegen/features.ts";
import { type GatherRows, gatherModule } from "./gather-module.ts";
import { addressOf, fitsSlot, isInWasm, stageIn } from "./operands.ts";
import type { Scratch } from "./scratch.ts";

/** Fewer elements are left to JavaScript. */
const FROM = 256;
const INDEX_BYTES = 8;

/** By whether their memory is shared. */
const modules = new Map<boolean, Compiled | null>();

function moduleFor(shared: boolean): Compiled | null {
  let compiled = modules.get(shared);
  if (compiled === undefined) {
    compiled = compile(gatherModule(shared));
    modules.set(shared, compiled);
  }
  return compiled;
}

/** Rows of a table picked by int64 indices, on one memory: an embedding, `x[ids]`, a batch of a data set. */
export class SimdGather {
  readonly #device: Backend;
  readonly #arena: Arena;
  readonly #scratch: Scratch;
  #rows: GatherRows | null | undefined;

  constructor(device: Backend, arena: Arena, scratch: Scratch) {
    this.#device = device;
    this.#arena = arena;
    this.#scratch = scratch;
  }

  /**
   * Picks rows if operands are such as it is made for; otherwise, or where an index is out of range, false, and the caller does all of
   * it once more.
   */
  run(input: Strided, dim: number, index: Strided, output: Strided): boolean {
    const { shape } = output;
    const item = itemSize(output.dtype);
    if (dim !== 0 || index.dtype !== "int64" || item < 4 || numel(shape) < FROM || !hasSimd()) return false;
    if (!isInWasm(output, this.#device) || !areRows(output, 0) || !areRows(input, 0)) return false;
    if (output.strides[0] !== numel(shape) / shape[0] || !isPerRow(index)) return false;
    // A table of several dimensions has rows of the same ones.
    for (let d = 1; d < shape.length; d++) if (input.shape[d] !== shape[d]) return false;
    const [count, size] = [shape[0], input.shape[0]];
    const xExtent = (size - 1) * input.strides[0] + numel(shape) / count;
    const indexExtent = (count - 1) * index.strides[0] + 1;
    const x = this.#place(0, input, size === 0 ? 0 : xExtent, item);
    const from = this.#place(1, index, indexExtent, INDEX_BYTES);
    if (x < 0 || from < 0) return false;
    if (this.#rows === undefined) this.#rows = this.#make();
    if (this.#rows === null) return false;
    const bytes = (numel(shape) / count) * item;
    const xRow = input.strides[0] * item;
    const step = index.strides[0] * INDEX_BYTES;
    return this.#rows(count, bytes, from, step, size, x, xRow, addressOf(output, item)) === count;
  }

  /** An operand's address: its own, or that of a slot that it is copied to; -1 where it fits none. */
  #place(slot: number, operand: Strided, extent: number, item: number): number {
    if (isInWasm(operand, this.#device)) return addressOf(operand, item);
    if (extent <= 0 || !fitsSlot(extent, item) || !this.#scratch.prepare()) return -1;
    const address = this.#scratch.slot(slot);
    stageIn(this.#scratch, operand, operand.offset, extent, item, address);
    return address;
  }

  #make(): GatherRows | null {
    const memory = this.#arena.memory as WebAssembly.Memory;
    const compiled = moduleFor(isShared(memory.buffer));
    if (compiled === null) return null;
    return new WebAssembly.Instance(compiled.module, { env: { memory } }).exports
      .run as unknown as GatherRows;
  }
}

/** Whether each slice along the first dimension lies in one piece. */
function areRows({ shape, strides }: Strided, first: number): boolean {
  let step = 1;
  for (let d = shape.length - 1; d > first; d--) {
    if (shape[d] !== 1 && strides[d] !== step) return false;
    step *= shape[d];
  }
  return strides[first] >= 0;
}

/** Whether there is one index for all of a row. */
function isPerRow({ shape, strides }: Strided): boolean {
  for (let d = 1; d < shape.length; d++) if (shape[d] !== 1 && strides[d] !== 0) return false;
  return strides[0] >= 0;
}
