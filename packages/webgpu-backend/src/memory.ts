import { type Backend, DeviceError, type DType, type MemoryStats, warn } from "@flambeau/backend";
import { askForCollection, nextTurn } from "./collector.ts";
import { softwareOf } from "./software.ts";
import { type Block, bytesOf, GpuStorage } from "./storage.ts";
import type { Stream } from "./stream.ts";

/** Bytes that may be taken and not given back by name before a turn of the event loop is asked for. */
const EASE = 64 * 2 ** 20;
/** What a block counts as at least: small ones cost more in the driver and in JavaScript than their bytes. */
const LEAST_WEIGHT = 16 * 2 ** 10;
/** Bytes that may be taken in one turn and not given back by name: of a GPU, and of the machine itself where that plays the GPU. */
const PER_TURN = 16 * 2 ** 30;
const PER_TURN_IN_SOFTWARE = 4 * 2 ** 30;
/** The share of these at which there is a warning. */
const WARNING = 1 / 4;
/** What a block counts as at least there: about what JavaScript holds of it. */
const LEAST_LOAD = 2 ** 10;

/**
 * The GPU's memory: blocks from the stream's pool. They come back when the caller releases them, or after a garbage
 * collection found their storage unreachable. Finalizers run only between turns of the event loop, so who reads a
 * result after much was taken waits for one, and a program that never lets the loop turn is stopped before it has taken all
 * there is.
 */
export class GpuMemory {
  readonly #stream: Stream;
  readonly #collected: FinalizationRegistry<Block>;
  #used = 0;
  /** As `#used`, small blocks counted for more. */
  #weight = 0;
  /** The weight when finalizers last had their chance, or less if it has been less since. */
  #settled = 0;
  #turn: Promise<void> | null = null;
  readonly #perTurn: number;
  readonly #ease: number;
  /** As `#used`, the smallest blocks counted for more; and what it was when finalizers last had their chance, or less. */
  #load = 0;
  #base = 0;
  #hasWarned = false;

  /** `perTurn`: bytes that may be taken in one turn of the event loop and not given back by name. */
  constructor(stream: Stream, perTurn?: number) {
    this.#stream = stream;
    this.#perTurn = perTurn ?? (softwareOf(stream) === "gpu" ? PER_TURN : PER_TURN_IN_SOFTWARE);
    this.#ease = Math.min(EASE, (this.#perTurn * WARNING) / 2);
    this.#collected = new FinalizationRegistry((block) => this.#give(block));
  }

  stats(): MemoryStats {
    return { used: this.#used, pooled: this.#stream.pool.pooled };
  }

  /**
   * A storage whose contents are undefined. One that is `fresh` has a block that no waiting command uses, so that it can
   * be written at once.
   *
   * @throws DeviceError when it is larger than the adapter's limits, more was taken in this turn than may be, or the device
   *   was lost.
   */
  allocate(backend: Backend, dtype: DType, length: number, fresh: boolean = false): GpuStorage {
    const stream = this.#stream;
    stream.checkPresent();
    // A copy to JavaScript moves whole words.
    const bytes = Math.ceil((bytesOf(dtype) * length) / 4) * 4;
    const { maxStorageBufferBindingSize, maxBufferSize } = stream.limits;
    const limit = Math.min(maxStorageBufferBindingSize, maxBufferSize);
    if (bytes > limit) {
      throw new DeviceError(
        `${length} elements of ${dtype} take ${bytes} bytes on the GPU; its limit for one tensor is ${limit}`,
      );
    }
    this.#checkTurn(bytes);
    const block = stream.pool.take(bytes, limit, fresh ? stream.batch : undefined);
    const storage = new GpuStorage(backend, dtype, length, block);
    this.#collected.register(storage, block, storage);
    this.#used += block.size;
    this.#weight += weightOf(block);
    this.#load += loadOf(block);
    if (this.#weight - this.#settled > this.#ease) this.#turn ??= this.#askForTurn();
    return storage;
  }

  release(storage: GpuStorage): void {
    if (storage.released) return;
    storage.released = true;
    this.#collected.unregister(storage);
    this.#give(storage.block);
  }

  #give(block: Block): void {
    this.#used -= block.size;
    this.#weight -= weightOf(block);
    this.#load -= loadOf(block);
    this.#base = Math.min(this.#base, this.#load);
    this.#settled = Math.min(this.#settled, this.#weight);
    this.#stream.pool.give(block);
  }

  /** Nothing that was dropped in this turn can come back in it: what is left is to say so, and in the end to stop. */
  #checkTurn(bytes: number): void {
    const taken = this.#load - this.#base + bytes;
    if (taken > this.#perTurn) throw new DeviceError(`${heldText(taken)}. ${ADVICE}. ${RAISE}`);
    if (taken > this.#perTurn * WARNING && !this.#hasWarned) {
      this.#hasWarned = true;
      warn(`${heldText(this.#perTurn * WARNING)}. ${ADVICE}`);
    }
  }

  /** The turn of the event loop that finalizers need, where one has been asked for. */
  get turn(): Promise<void> | null {
    return this.#turn;
  }

  async #askForTurn(): Promise<void> {
    askForCollection();
    await nextTurn();
    this.#settled = this.#weight;
    this.#base = this.#load;
    this.#turn = null;
  }
}

const ADVICE =
  "A loop keeps all that it drops until it awaits something: await every so many steps, as in `await loss.item()`, and evaluate in noGrad()";
const RAISE = "If so much is really in use at a time, raise the bound: webgpu.init({ memoryPerTurn: bytes })";

function heldText(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB of the GPU's memory were taken since the program last awaited`;
}

function loadOf(block: Block): number {
  return Math.max(block.size, LEAST_LOAD);
}

function weightOf(block: Block): number {
  return Math.max(block.size, LEAST_WEIGHT);
}
