import { isThenable, ValueError } from "@flambeau/backend";

/** A scope and the mode that holds in it. */
interface Scope<M> {
  mode: M;
}

/**
 * The open scopes of a mode, the innermost last; the first is the program itself. A scope is taken out wherever it lies, so that
 * asynchronous ones that end in another order than they began leave the right mode behind.
 */
export class Scopes<M> {
  readonly #open: Scope<M>[];
  readonly #apply: (mode: M) => void;

  /** @param apply - is called with the mode that holds, whenever that may be another. */
  constructor(mode: M, apply: (mode: M) => void) {
    this.#open = [{ mode }];
    this.#apply = apply;
  }

  /** Begins a scope; the function ends it. */
  enter(mode: M): () => void {
    const scope = { mode };
    this.#open.push(scope);
    this.#apply(mode);
    return () => {
      const at = this.#open.lastIndexOf(scope);
      if (at > 0) this.#open.splice(at, 1);
      this.#apply(this.#open[this.#open.length - 1].mode);
    };
  }

  /** Sets the mode of the innermost scope. */
  set(mode: M): void {
    this.#open[this.#open.length - 1].mode = mode;
    this.#apply(mode);
  }
}

/**
 * What a body returns that runs in a scope, which ends with it; if that is a promise, when it settles.
 *
 * @throws ValueError when the body returns an iterator, whose steps would run after the scope.
 */
export function within<T>(what: string, guard: Disposable, body: () => T): T {
  let result: T;
  try {
    result = body();
  } catch (error) {
    guard[Symbol.dispose]();
    throw error;
  }
  if (isThenable(result)) return Promise.resolve(result).finally(() => guard[Symbol.dispose]()) as T;
  guard[Symbol.dispose]();
  if (isIterator(result)) {
    throw new ValueError(
      `${what}: the body returned an iterator, whose steps run when ${what} has ended; put the loop inside, as in ${what}(() => { for (const x of steps()) ... }), or call ${what} within each step`,
    );
  }
  return result;
}

/** What a generator function gives: an object that computes later, step by step. */
function isIterator(x: unknown): boolean {
  if (typeof x !== "object" || x === null || typeof (x as Iterator<unknown>).next !== "function")
    return false;
  return Symbol.iterator in x || Symbol.asyncIterator in x;
}
