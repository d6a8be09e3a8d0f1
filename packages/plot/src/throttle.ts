/** What a {@link Throttle} measures and waits by, in milliseconds. */
export interface Timers {
  now(): number;
  setTimeout(callback: () => void, milliseconds: number): unknown;
  clearTimeout(timer: unknown): void;
}

/**
 * Draws what changes often, at most once an interval, one drawing after the other. The last change is drawn, too: after the interval,
 * or at once by `flush`.
 */
export class Throttle {
  readonly #draw: () => unknown;
  readonly #interval: number;
  readonly #timers: Timers;
  /** Whether there is something that was not drawn. */
  #isDue = false;
  #running: Promise<void> | null = null;
  #timer: unknown = null;
  /** When the last drawing ended. */
  #last = Number.NEGATIVE_INFINITY;
  #errors: unknown[] = [];

  /** @param draw - may return a promise, which is waited for. */
  constructor(draw: () => unknown, interval: number, timers: Timers) {
    this.#draw = draw;
    this.#interval = interval;
    this.#timers = timers;
  }

  /**
   * Says that something has changed. Draws it at once where the last drawing is long enough ago: a loop that never waits has no timers.
   *
   * @throws what a drawing threw since the last call.
   */
  request(): void {
    this.#isDue = true;
    this.#schedule();
    this.#throwError();
  }

  /** Draws what was not drawn yet, and waits until it is. @throws what a drawing threw since the last call. */
  async flush(): Promise<void> {
    await this.#running;
    if (this.#isDue) this.#start();
    await this.#running;
    this.#throwError();
  }

  #schedule(): void {
    // What runs looks for changes at its end.
    if (this.#running !== null || !this.#isDue) return;
    const wait = this.#last + this.#interval - this.#timers.now();
    if (wait <= 0) this.#start();
    else this.#timer ??= this.#timers.setTimeout(() => this.#start(), wait);
  }

  #start(): void {
    if (this.#timer !== null) this.#timers.clearTimeout(this.#timer);
    this.#timer = null;
    this.#isDue = false;
    try {
      const result = this.#draw();
      if (result instanceof Promise) this.#running = this.#ended(result);
    } catch (error) {
      this.#errors.push(error);
    }
    this.#last = this.#timers.now();
  }

  async #ended(drawing: Promise<unknown>): Promise<void> {
    try {
      await drawing;
    } catch (error) {
      this.#errors.push(error);
    }
    this.#running = null;
    this.#last = this.#timers.now();
    this.#schedule();
  }

  #throwError(): void {
    const [error] = this.#errors.splice(0);
    if (error !== undefined) throw error;
  }
}
