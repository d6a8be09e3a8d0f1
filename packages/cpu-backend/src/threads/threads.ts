import { type Arena, isShared } from "../memory/arena.ts";
import { getNumThreads, oneThread } from "./count.ts";
import { Pool } from "./pool.ts";

/** The threads of one device, as far as its memory can be shared. */
export class Threads {
  readonly #arena: Arena;
  #pool: Pool | undefined;

  constructor(arena: Arena) {
    this.#arena = arena;
  }

  /**
   * The pool, if a kernel that is large enough to be split has more than one thread now. Workers start with the first
   * such call; until they are ready, kernels run on one.
   */
  get pool(): Pool | undefined {
    const wanted = getNumThreads();
    const { memory } = this.#arena;
    if (wanted === 1 || memory === undefined || !isShared(memory.buffer)) return undefined;
    this.#pool ??= new Pool(memory, oneThread);
    return this.#pool.threads(wanted) > 1 ? this.#pool : undefined;
  }
}
