import { type GpuDevice, usage } from "./api.ts";
import { type Block, isBusy } from "./storage.ts";

/** The smallest size class, in bytes. */
const SMALLEST = 256;
/** Bytes kept for reuse beyond what is in use. */
const KEPT = 512 * 2 ** 20;
/** Blocks up to this size are parts of a buffer of that size: making one takes longer than a small kernel. */
export const PART = 4096;
export const WHOLE: number = 256 * 1024;

let count = 0;

/**
 * Buffers by size class: powers of two, with three steps between from 64 KiB on. Small ones are parts of larger buffers, so
 * that a loop that takes other blocks at each round still binds the same buffers. What is given back is kept for the next
 * taker, up to a bound; past it buffers of sizes not used lately are destroyed, once no command waits to use them.
 */
export class BufferPool {
  readonly #device: GpuDevice;
  /**
   * By size, the first made last: the lowest is taken first, so that a loop that takes and gives alike gets the same blocks
   * for the same purposes at each round.
   */
  readonly #free: Map<number, Block[]> = new Map();
  /** Destroyed after the next submission: commands not yet submitted may name them. */
  #doomed: Block[] = [];
  #allocated = 0;
  #pooled = 0;
  readonly #onDestroy: () => void;

  /** `onDestroy` hears of it before buffers are destroyed: who keeps bind groups must drop them. */
  constructor(device: GpuDevice, onDestroy: () => void) {
    this.#device = device;
    this.#onDestroy = onDestroy;
  }

  /** Bytes of all buffers. */
  get allocated(): number {
    return this.#allocated;
  }

  /** Bytes of the buffers that nobody uses. */
  get pooled(): number {
    return this.#pooled;
  }

  /**
   * A block of at least so many bytes, and at most `limit`, which holds them. With `batch`, the one being recorded, a block
   * that no command uses that is not submitted.
   */
  take(bytes: number, limit: number, batch?: number): Block {
    const size = Math.min(sizeClass(bytes), limit - (limit % 4));
    const list = this.#free.get(size);
    if (list !== undefined) {
      for (let i = list.length - 1; i >= 0; i--) {
        const block = list[i];
        if (batch !== undefined && isBusy(block, batch)) continue;
        list.splice(i, 1);
        this.#pooled -= size;
        return block;
      }
    }
    if (size > PART) return this.#make(size, size)[0];
    const [block, ...rest] = this.#make(WHOLE, size);
    for (const other of rest) this.give(other);
    return block;
  }

  /** A buffer as blocks of this size. */
  #make(bytes: number, size: number): Block[] {
    this.#allocated += bytes;
    const flags = usage.storage | usage.copySource | usage.copyTarget;
    // wgpu counts as written what a binding shows without its dynamic offset, and clears the rest before it is read:
    // a buffer that was mapped counts as written everywhere.
    const hasParts = bytes > size;
    const buffer = this.#device.createBuffer({ size: bytes, usage: flags, mappedAtCreation: hasParts });
    if (hasParts) buffer.unmap();
    const bufferId = count;
    return Array.from({ length: bytes / size }, (_, i) => ({
      id: count++,
      buffer,
      bufferId,
      start: i * size,
      size,
      usedIn: -1,
      holds: 0,
    }));
  }

  give(block: Block): void {
    let list = this.#free.get(block.size);
    if (list === undefined) {
      list = [];
      this.#free.set(block.size, list);
    } else {
      // The class used last is the last to be trimmed.
      this.#free.delete(block.size);
      this.#free.set(block.size, list);
    }
    let at = list.length;
    while (at > 0 && list[at - 1].id < block.id) at--;
    list.splice(at, 0, block);
    this.#pooled += block.size;
    while (this.#pooled > KEPT && this.#drop());
  }

  /** Takes the newest buffer of the class used longest ago out of the pool, if there is one that nobody uses a part of. */
  #drop(): boolean {
    for (const [size, list] of this.#free) {
      const block = size > PART ? list.shift() : takeWhole(list, WHOLE / size);
      if (block === undefined) {
        if (list.length === 0) this.#free.delete(size);
        continue;
      }
      this.#pooled -= block.size;
      this.#doomed.push(block);
      return true;
    }
    return false;
  }

  /** Destroys what was trimmed and no command uses that is not submitted; call it after a submission. */
  sweep(batch: number): void {
    if (this.#doomed.length === 0) return;
    const kept = this.#doomed.filter((block) => isBusy(block, batch));
    if (kept.length === this.#doomed.length) return;
    this.#onDestroy();
    for (const block of this.#doomed) {
      if (isBusy(block, batch)) continue;
      block.buffer.destroy();
      this.#allocated -= block.size;
    }
    this.#doomed = kept;
  }
}

/** Takes a buffer all of whose parts are in the list out of it, as one block. */
function takeWhole(list: Block[], parts: number): Block | undefined {
  // Those of one buffer were numbered one after the other, and the list is in that order, backwards.
  for (let i = 0; i + parts <= list.length; i++) {
    if (list[i + parts - 1].id !== list[i].bufferId) continue;
    const own = list.slice(i, i + parts);
    if (own.some(({ holds }) => holds > 0)) continue;
    list.splice(i, parts);
    const usedIn = Math.max(...own.map((block) => block.usedIn));
    return { ...own[parts - 1], size: parts * own[0].size, usedIn };
  }
  return undefined;
}

/** The least size class that holds so many bytes. */
export function sizeClass(bytes: number): number {
  if (bytes <= SMALLEST) return SMALLEST;
  const power = 2 ** Math.ceil(Math.log2(bytes));
  if (power <= 65536) return power;
  const step = power / 8;
  return Math.ceil(bytes / step) * step;
}
