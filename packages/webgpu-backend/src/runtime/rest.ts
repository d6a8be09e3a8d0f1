/** Milliseconds of waiting before the first pause, so that short work is met at once. */
const EAGER = 0.1;
/** The share of the time waited so far that a pause takes: how much later a result may come. */
const SHARE = 1 / 8;
const LONGEST = 1;

declare const performance: { now(): number };

interface Node {
  readonly process?: { readonly versions?: { readonly node?: string } };
  readonly Bun?: unknown;
  readonly Deno?: unknown;
  readonly setImmediate?: (callback: () => void) => unknown;
}

/**
 * Waiting in Node, where Dawn's binding asks at every turn of the event loop whether the GPU is done, without a pause
 * between: that takes a whole core. Where the GPU is the CPU itself, that core is wanted for the kernels, so turns of the
 * loop are held back a little while something is waited for.
 */
export class Rest {
  readonly #turn: (callback: () => void) => unknown;
  readonly #sleep: (milliseconds: number) => void;
  #waiting = 0;
  #began = 0;
  /** Whether the next turn of the loop is to pause: at most one pause a turn, whoever waits. */
  #isDue = false;

  /** Null where the runtime waits by itself. */
  static here(): Rest | null {
    const { process, Bun, Deno, setImmediate } = globalThis as Node;
    const isNode = process?.versions?.node !== undefined && Bun === undefined && Deno === undefined;
    if (!isNode || setImmediate === undefined) return null;
    const cell = new Int32Array(new SharedArrayBuffer(4));
    return new Rest(setImmediate, (milliseconds) => Atomics.wait(cell, 0, 0, milliseconds));
  }

  /** `turn` calls back in the next turn of the event loop; `sleep` stops the thread. */
  constructor(turn: (callback: () => void) => unknown, sleep: (milliseconds: number) => void) {
    this.#turn = turn;
    this.#sleep = sleep;
  }

  /** The promise, until whose end the loop turns slowly. */
  async during<T>(promise: Promise<T>): Promise<T> {
    this.#began = performance.now();
    this.#waiting++;
    this.#pauseNext();
    try {
      return await promise;
    } finally {
      this.#waiting--;
      this.#began = performance.now();
    }
  }

  #pauseNext(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#turn(this.#pause);
  }

  readonly #pause = (): void => {
    this.#isDue = false;
    if (this.#waiting === 0) return;
    const waited = performance.now() - this.#began;
    if (waited > EAGER) this.#sleep(Math.min(LONGEST, waited * SHARE));
    this.#pauseNext();
  };
}
