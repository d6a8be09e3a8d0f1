import { type Backend, DeviceError, type DType, type MemoryStats } from "@flambeau/backend";
import { askForCollection, nextTurn } from "./collector.ts";
import { type Block, bytesOf, GpuStorage } from "./storage.ts";
import type { Stream } from "./stream.ts";

/** Bytes that may be taken and not given back by name before a turn of the event loop is asked for. */
const EASE = 64 * 2 ** 20;
/** What a block counts as at least: small ones cost more in the driver and in JavaScript than their bytes. */
const LEAST_WEIGHT = 16 * 2 ** 10;

/**
 * The GPU's memory: blocks from the stream's pool. They come back when the caller releases them, or after a garbage
 * collection found their storage unreachable. Finalizers run only between turns of the event loop, so who reads a
 * result after much was taken waits for one.
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

  constructor(stream: Stream) {
    this.#stream = stream;
    this.#collected = new FinalizationRegistry((block) => this.#give(block));
  }

  stats(): MemoryStats {
    return { used: this.#used, pooled: this.#stream.pool.pooled };
  }

  /**
   * A storage whose contents are undefined. One that is `fresh` has a block that no waiting command uses, so that it can
   * be written at once.
   *
   * @throws DeviceError when it is larger than the adapter's limits or the device was lost.
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
    const block = stream.pool.take(bytes, limit, fresh ? stream.batch : undefined);
    const storage = new GpuStorage(backend, dtype, length, block);
    this.#collected.register(storage, block, storage);
    this.#used += block.size;
    this.#weight += weightOf(block);
    if (this.#weight - this.#settled > EASE) this.#turn ??= this.#askForTurn();
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
    this.#settled = Math.min(this.#settled, this.#weight);
    this.#stream.pool.give(block);
  }

  /** The turn of the event loop that finalizers need, where one has been asked for. */
  get turn(): Promise<void> | null {
    return this.#turn;
  }

  async #askForTurn(): Promise<void> {
    askForCollection();
    await nextTurn();
    this.#settled = this.#weight;
    this.#turn = null;
  }
}

function weightOf(block: Block): number {
  return Math.max(block.size, LEAST_WEIGHT);
}
