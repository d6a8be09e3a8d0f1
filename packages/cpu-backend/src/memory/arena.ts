/** Bytes of the smallest block: two to this power. */
const MIN_ORDER = 13;
/** The same in bytes; addresses are multiples of it. */
export const SMALLEST: number = 2 ** MIN_ORDER;
/** The memory's first size, and the least bound: 1 MiB. */
const FIRST_ORDER = 20;
const PAGE = 65536;

/** The power of two, as an exponent, of the block that holds so many bytes. */
export function orderOf(bytes: number): number {
  return bytes > 2 ** 31 ? Math.ceil(Math.log2(bytes)) : Math.max(MIN_ORDER, 32 - Math.clz32(bytes - 1));
}

/**
 * Blocks of one growable WebAssembly memory, where SIMD kernels can read large tensors in place.
 *
 * A buddy system: blocks are powers of two, a larger one is halved when none fits, halves join again when memory runs
 * short (not at once: a block just given back is warm in the cache and the next request is likely to be its twin).
 * The memory doubles when all is in use, up to the bound. Pages that were never touched cost nothing.
 * Source: Knuth, The Art of Computer Programming 1, section 2.5.
 */
export class Arena {
  /** Bytes in blocks handed out. */
  used: number = 0;
  /** Bytes of the memory. */
  size: number = 0;
  /** Called when growth has detached the views of a memory that is not shared. */
  readonly #onMove: () => void;
  readonly #limit: number;
  readonly #free: number[][] = Array.from({ length: 32 }, () => []);
  #memory: WebAssembly.Memory | undefined;
  #state: "unopened" | "open" | "unavailable" = "unopened";
  #canJoin = false;

  /** `limit`: bytes, rounded down to a power of two. */
  constructor(limit: number, onMove: () => void) {
    this.#limit = limit < 2 ** FIRST_ORDER ? 0 : 2 ** Math.min(30, Math.floor(Math.log2(limit)));
    this.#onMove = onMove;
  }

  /** The memory, once a block was asked for and where the runtime has it. */
  get memory(): WebAssembly.Memory | undefined {
    return this.#memory;
  }

  get buffer(): ArrayBufferLike {
    return (this.#memory as WebAssembly.Memory).buffer;
  }

  /** The address of a block of `2 ** order` bytes, or -1 when the bound is reached. */
  allocate(order: number): number {
    const ptr = this.#take(order);
    if (ptr >= 0) this.used += 2 ** order;
    return ptr;
  }

  free(ptr: number, order: number): void {
    this.freeScratch(ptr, order);
    this.used -= 2 ** order;
  }

  /** As `allocate`, for what a kernel keeps for itself: it does not count as used. */
  allocateScratch(order: number): number {
    return this.#take(order);
  }

  freeScratch(ptr: number, order: number): void {
    this.#free[order].push(ptr);
    this.#canJoin = true;
  }

  #take(order: number): number {
    if (2 ** order > this.#limit) return -1;
    for (;;) {
      let from = order;
      while (from < 32 && this.#free[from].length === 0) from++;
      if (from < 32) {
        const ptr = this.#free[from].pop() as number;
        while (from > order) {
          from--;
          this.#free[from].push(ptr + 2 ** from);
        }
        return ptr;
      }
      if (!this.#join(order) && !this.#grow()) return -1;
    }
  }

  /** Joins free halves to whole blocks, smallest first; true if now there may be a block of `order`. */
  #join(order: number): boolean {
    if (!this.#canJoin) return false;
    this.#canJoin = false;
    for (let o = MIN_ORDER; o < 31; o++) {
      const blocks = this.#free[o].sort((a, b) => a - b);
      const single: number[] = [];
      for (let i = 0; i < blocks.length; i++) {
        if (i + 1 < blocks.length && (blocks[i] ^ blocks[i + 1]) === 2 ** o)
          this.#free[o + 1].push(blocks[i++]);
        else single.push(blocks[i]);
      }
      this.#free[o] = single;
    }
    return this.#free.some((blocks, o) => o >= order && blocks.length > 0);
  }

  #grow(): boolean {
    if (this.#state === "unopened") return this.#open();
    if (this.#memory === undefined || this.size * 2 > this.#limit) return false;
    try {
      this.#memory.grow(this.size / PAGE);
    } catch {
      return false;
    }
    this.#free[Math.log2(this.size)].push(this.size);
    this.size *= 2;
    this.#canJoin = true;
    if (!isShared(this.buffer)) this.#onMove();
    return true;
  }

  #open(): boolean {
    this.#memory = openMemory(2 ** FIRST_ORDER, this.#limit);
    this.#state = this.#memory === undefined ? "unavailable" : "open";
    if (this.#memory === undefined) return false;
    this.size = 2 ** FIRST_ORDER;
    this.#free[FIRST_ORDER].push(0);
    return true;
  }
}

/** Shared where the runtime permits it: growth then leaves existing views valid, and threads can join later. */
function openMemory(size: number, limit: number): WebAssembly.Memory | undefined {
  if (limit < size || typeof WebAssembly === "undefined") return undefined;
  const pages = { initial: size / PAGE, maximum: limit / PAGE };
  for (const shared of typeof SharedArrayBuffer === "undefined" ? [false] : [true, false]) {
    try {
      return new WebAssembly.Memory({ ...pages, shared });
    } catch {
      // A page that is not cross-origin isolated refuses shared memory, a small device a large reservation.
    }
  }
  return undefined;
}

/** Not by `instanceof`: in a test runner's realm memory may come from another one. */
export function isShared(buffer: ArrayBufferLike): boolean {
  return buffer[Symbol.toStringTag] === "SharedArrayBuffer";
}
