import {
  type Backend,
  DeviceError,
  type DType,
  itemSize,
  type MemoryStats,
  type TypedArray,
  typedArray,
} from "@flambeau/backend";
import { Arena, orderOf } from "./arena.ts";
import { Slab, viewOf } from "./slab.ts";
import { CpuStorage, disposed } from "./storage.ts";

/** Scalars and the like: a slab so small that one kept alive (a loss per step) holds little else. */
const TINY = 64;
/** Past this many bytes a storage gets a block of WebAssembly memory, before it a view of a slab. */
const SMALL = 4096;
/** Bytes allocated and not given back by name after which the garbage collector is told that memory is short. */
const PRESSURE = 64 * 2 ** 20;

/**
 * The CPU's memory: slabs for small storages, WebAssembly memory for large ones, JavaScript's own past a bound.
 *
 * Blocks of WebAssembly memory come back when the caller releases them, or after a garbage collection found their
 * storage unreachable. Such finalizers run only between turns of the event loop; a synchronous loop that drops large
 * tensors meanwhile reaches the bound and goes on with ordinary arrays, slower and in constant memory.
 */
export class CpuMemory {
  readonly #tiny = new Slab(16 * TINY);
  readonly #small = new Slab(4 * SMALL);
  readonly #arena: Arena;
  readonly #collected: FinalizationRegistry<number>;
  /** Storages whose views must be made anew when a memory that is not shared grows; by address. */
  readonly #views: Map<number, WeakRef<CpuStorage>> = new Map();
  #debt = 0;

  /** `limit`: bytes of WebAssembly memory. */
  constructor(limit: number) {
    this.#arena = new Arena(limit, () => this.#renewViews());
    // The number is an address with its block's order in the low bits.
    this.#collected = new FinalizationRegistry((block) => this.#free(Math.floor(block / 64), block % 64));
  }

  /** Where large storages are, for kernels that need room beside them. */
  get arena(): Arena {
    return this.#arena;
  }

  /** Blocks of WebAssembly memory; slabs and ordinary arrays are the engine's and not counted. */
  stats(): MemoryStats {
    return { used: this.#arena.used, pooled: this.#arena.size - this.#arena.used };
  }

  allocate(backend: Backend, dtype: DType, length: number): CpuStorage {
    const bytes = itemSize(dtype) * length;
    if (bytes <= TINY)
      return new CpuStorage(backend, dtype, length, this.#tiny.take(dtype, length), "slab", -1);
    if (bytes <= SMALL)
      return new CpuStorage(backend, dtype, length, this.#small.take(dtype, length), "slab", -1);
    const order = orderOf(bytes);
    const ptr = this.#arena.allocate(order);
    if (ptr < 0) return new CpuStorage(backend, dtype, length, ordinaryArray(dtype, length), "own", -1);
    const data = viewOf(dtype, this.#arena.buffer, ptr, length);
    const storage = new CpuStorage(backend, dtype, length, data, "wasm", ptr);
    this.#collected.register(storage, ptr * 64 + order, storage);
    if (this.#arena.buffer instanceof ArrayBuffer) this.#views.set(ptr, new WeakRef(storage));
    this.#feelPressure(2 ** order);
    return storage;
  }

  release(storage: CpuStorage): void {
    if (storage.released) return;
    storage.released = true;
    this.#vacate(storage);
    storage.data = NOTHING;
    storage.place = "own";
  }

  /**
   * Moves the elements to an array of their own, which outlives the storage; the same one every time.
   *
   * @throws DeviceError when the storage was released.
   */
  expose(storage: CpuStorage): TypedArray {
    if (storage.released) throw disposed(storage);
    if (storage.place !== "own") {
      const data = ordinaryArray(storage.dtype, storage.length);
      data.set(storage.data as Uint8Array & BigInt64Array);
      this.#vacate(storage);
      storage.data = data;
      storage.place = "own";
    }
    return storage.data;
  }

  #vacate(storage: CpuStorage): void {
    if (storage.place !== "wasm") return;
    const order = orderOf(itemSize(storage.dtype) * storage.length);
    this.#collected.unregister(storage);
    this.#free(storage.ptr, order);
    this.#debt = Math.max(0, this.#debt - 2 ** order);
    storage.ptr = -1;
  }

  #free(ptr: number, order: number): void {
    this.#views.delete(ptr);
    this.#arena.free(ptr, order);
  }

  #renewViews(): void {
    for (const reference of this.#views.values()) {
      const storage = reference.deref();
      if (storage === undefined) continue;
      storage.data = viewOf(storage.dtype, this.#arena.buffer, storage.ptr, storage.length);
    }
  }

  /**
   * Engines do not see how much a storage's block weighs, and would not collect for gigabytes of them. An untouched
   * array costs no memory and counts in full.
   */
  #feelPressure(bytes: number): void {
    this.#debt += bytes;
    if (this.#debt < PRESSURE) return;
    this.#debt = 0;
    new ArrayBuffer(2 * PRESSURE);
  }
}

/** @throws DeviceError when there is no room for it. */
function ordinaryArray(dtype: DType, length: number): TypedArray {
  try {
    return typedArray(dtype, length);
  } catch {
    const size = (itemSize(dtype) * length) / 2 ** 30;
    throw new DeviceError(
      `not enough memory on the CPU for ${length} elements of ${dtype} (${size.toPrecision(3)} GiB)`,
    );
  }
}

const NOTHING = new Uint8Array(0);
