import {
  type Backend,
  type DType,
  itemSize,
  type MemoryStats,
  type Strided,
  type TypedArray,
} from "@flambeau/backend";
import { isBun } from "../engine.ts";
import { Arena, isShared, orderOf, SMALLEST } from "./arena.ts";
import { askForCollection, countOrdinary, nextTurn } from "./collector.ts";
import { ordinaryArray, Slab, Spares, viewOf } from "./slab.ts";
import { CpuStorage, disposed, type Lease } from "./storage.ts";

/** Scalars and the like: a slab so small that one kept alive (a loss per step) holds little else. */
const TINY = 64;
/** Past this many bytes a storage gets a block of WebAssembly memory, before it a view of a slab. */
const SMALL = 4096;
/** Bytes that may be taken and not given back by name before a collection and a turn of the event loop are asked for. */
const EASE = 64 * 2 ** 20;
/** When no turn comes: bytes after which small blocks become ordinary arrays. */
const SMALL_SHARE = 96 * 2 ** 20;
/** The same for large blocks, for which ordinary arrays mean fresh pages each time. */
const LARGE_SHARE = 256 * 2 ** 20;
/** The same for what soon comes back. */
const TRANSIENT_SHARE = 384 * 2 ** 20;
/** A collection runs beside the program: so many turns are waited for its first find when much memory is in use. */
const TURNS = 20;
/** The power of two from which blocks are large: C libraries ask the system for pages from 128 KiB on. */
const LARGE_ORDER = 17;

/**
 * The CPU's memory: slabs for small storages, WebAssembly memory for large ones, JavaScript's own past a bound.
 *
 * Blocks of WebAssembly memory come back when the caller releases them, or after a garbage collection found their
 * lease unreachable, which only their storage holds. Such finalizers run only between turns of the event loop. When a turn has taken its share
 * of memory, who reads a result asynchronously is made to wait for the next one; a loop that never waits goes on with
 * ordinary arrays, slower and in constant memory.
 */
export class CpuMemory {
  readonly #tiny = new Slab(16 * TINY);
  readonly #small = new Slab(4 * SMALL);
  readonly #spares = new Spares();
  readonly #arena: Arena;
  readonly #collected: FinalizationRegistry<number>;
  /** Leases of free blocks, to go with them again, by address over the smallest block's size. */
  readonly #leases: (Lease | undefined)[] = [];
  /** Storages whose views must be made anew when a memory that is not shared grows; by address. */
  readonly #views: Map<number, WeakRef<CpuStorage>> = new Map();
  /** Of blocks that are or were in use, by address over the smallest block's size. */
  readonly #lastViews: { readonly dtype: DType; readonly data: TypedArray }[] = [];
  /** Bytes that were in use when finalizers last had their chance, or fewer if less has been since. */
  #settled = 0;
  #turn: Promise<void> | null = null;
  /** Blocks that collections gave back. */
  #found = 0;
  /** Whether there ever were storages without a place in WebAssembly memory that is theirs by size. */
  hasHomeless: boolean = false;

  /** `limit`: bytes of WebAssembly memory. */
  constructor(limit: number) {
    this.#arena = new Arena(limit, () => this.#renewViews());
    // Of leases; the number is an address with its block's order in the low bits.
    this.#collected = new FinalizationRegistry((block) => {
      this.#found++;
      this.#free(Math.floor(block / 64), block % 64);
    });
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
    if (bytes <= SMALL) {
      const spare = dtype === "float32" ? this.#spares.take(length) : undefined;
      return new CpuStorage(backend, dtype, length, spare ?? this.#small.take(dtype, length), "slab", -1);
    }
    const order = orderOf(bytes);
    const ptr = this.#isShort(backend.transient ? TRANSIENT_SHARE : shareOf(order))
      ? -1
      : this.#arena.allocate(order);
    if (ptr < 0) {
      // Blocks that nobody holds may be all that fills the memory.
      if (countOrdinary(bytes)) this.#turn ??= this.#awaitTurn();
      this.hasHomeless = true;
      return new CpuStorage(backend, dtype, length, ordinaryArray(dtype, length), "homeless", -1);
    }
    const storage = new CpuStorage(backend, dtype, length, this.#viewAt(ptr, dtype, length), "wasm", ptr);
    this.#watch(storage, order);
    return storage;
  }

  /** Lets the storage, which is in WebAssembly memory now, hold its block's lease. */
  #watch(storage: CpuStorage, order: number): void {
    const { ptr } = storage;
    const at = ptr / SMALLEST;
    let lease = this.#leases[at];
    this.#leases[at] = undefined;
    if (lease?.order !== order) {
      // A block of another size began here: it is no more.
      if (lease !== undefined) this.#collected.unregister(lease);
      lease = { order };
      this.#collected.register(lease, ptr * 64 + order, lease);
    }
    storage.lease = lease;
    if (!isShared(this.#arena.buffer)) this.#views.set(ptr, new WeakRef(storage));
  }

  /** Moves operands that are ordinary arrays for want of room into WebAssembly memory, if there is room for them now. */
  house(backend: Backend, operands: readonly Strided[]): void {
    for (let k = 0; k < operands.length; k++) {
      const storage = operands[k].storage as CpuStorage;
      if (storage.place === "homeless" && storage.backend === backend) this.#house(storage);
    }
  }

  #house(storage: CpuStorage): void {
    const { dtype, length, data } = storage;
    const order = orderOf(itemSize(dtype) * length);
    const ptr = this.#isShort(shareOf(order)) ? -1 : this.#arena.allocate(order);
    if (ptr < 0) return;
    storage.ptr = ptr;
    storage.place = "wasm";
    storage.data = this.#viewAt(ptr, dtype, length);
    storage.data.set(data as Uint8Array & BigInt64Array);
    this.#watch(storage, order);
  }

  /** The block's last view if it fits: a loop takes the same blocks for the same purposes step by step. */
  #viewAt(ptr: number, dtype: DType, length: number): TypedArray {
    const at = ptr / SMALLEST;
    const last = this.#lastViews[at];
    // One that growth has detached has no length.
    if (last !== undefined && last.dtype === dtype && last.data.length === length) return last.data;
    const data = viewOf(dtype, this.#arena.buffer, ptr, length);
    this.#lastViews[at] = { dtype, data };
    return data;
  }

  release(storage: CpuStorage): void {
    if (storage.released) return;
    storage.released = true;
    this.#vacate(storage);
    const { data, place } = storage;
    // Bun makes views faster than they are found again, and its heap keeps its size if slabs come and go.
    if (!isBun && place === "slab" && data instanceof Float32Array && data.byteLength > TINY)
      this.#spares.give(data);
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
    if (storage.place === "homeless") storage.place = "own";
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
    const lease = storage.lease as Lease;
    this.#leases[storage.ptr / SMALLEST] = lease;
    storage.lease = null;
    this.#free(storage.ptr, lease.order);
    storage.ptr = -1;
  }

  #free(ptr: number, order: number): void {
    this.#views.delete(ptr);
    this.#arena.free(ptr, order);
    this.#settled = Math.min(this.#settled, this.#arena.used);
  }

  #renewViews(): void {
    for (const reference of this.#views.values()) {
      const storage = reference.deref();
      if (storage === undefined) continue;
      storage.data = viewOf(storage.dtype, this.#arena.buffer, storage.ptr, storage.length);
    }
  }

  /** The turn of the event loop that finalizers need, where one has been asked for. */
  get turn(): Promise<void> | null {
    return this.#turn;
  }

  /** Whether this turn has taken so many bytes that there had better be an ordinary array. */
  #isShort(share: number): boolean {
    const taken = this.#arena.used - this.#settled;
    if (taken < EASE) return false;
    if (this.#turn === null) {
      askForCollection();
      this.#turn = this.#awaitTurn();
    }
    return taken >= share;
  }

  async #awaitTurn(): Promise<void> {
    const found = this.#found;
    let turns = 0;
    do await nextTurn();
    while (++turns < TURNS && this.#arena.used > LARGE_SHARE && this.#found === found);
    this.#settled = this.#arena.used;
    this.#turn = null;
  }
}

function shareOf(order: number): number {
  return order < LARGE_ORDER ? SMALL_SHARE : LARGE_SHARE;
}

const NOTHING = new Uint8Array(0);
