import type { Pool } from "../threads/pool.ts";
import { runEach } from "../threads/recorder.ts";
import type { Run } from "./codegen/compiled.ts";

/** Along rows, parts are cut at multiples of so many elements: whole turns of a kernel's loop, and cache lines. */
const GRAIN = 64;
const PARTS_PER_THREAD = 2;

/** Runs calls of functions over rows on several threads. */
export class Parts {
  /** The functions' modules in jobs. */
  readonly #numbers: WeakMap<Run, number> = new WeakMap();

  /**
   * Makes the call `run(...args)` of a map over rows of elements; false, and nothing done, where a pool has no room for it.
   *
   * `sizes`: bytes of an element of each operand; zero where it does not move along a row.
   */
  run(
    pool: Pool,
    threads: number,
    run: Run,
    bytesOf: (run: Run) => Uint8Array,
    args: readonly number[],
    sizes: readonly number[],
  ): boolean {
    const [rows, n] = args;
    const count = threads * PARTS_PER_THREAD;
    // With few rows, each part has its piece of all of them.
    const alongRows = rows < count;
    const whole = alongRows ? n : rows;
    const grain = alongRows ? GRAIN : 1;
    const step = Math.ceil(whole / (count * grain)) * grain;
    const calls: number[][] = [];
    for (let start = 0; start < whole; start += step) {
      const part = [...args];
      part[alongRows ? 1 : 0] = Math.min(step, whole - start);
      for (let p = 0; p < sizes.length; p++)
        part[2 + 2 * p] = args[2 + 2 * p] + start * (alongRows ? sizes[p] : args[3 + 2 * p]);
      calls.push(part);
    }
    return this.runCalls(pool, run, bytesOf, calls);
  }

  /** Makes calls of one function, in any order; false, and nothing done, where a pool has no room for it. */
  runCalls(
    pool: Pool,
    run: Run,
    bytesOf: (run: Run) => Uint8Array,
    calls: readonly (readonly number[])[],
  ): boolean {
    let module = this.#numbers.get(run);
    if (module === undefined) {
      module = pool.register(bytesOf(run), [run]);
      this.#numbers.set(run, module);
    }
    if (module < 0) return false;
    const number = module;
    return runEach(pool, calls, (args) => pool.job.call(number, 0, args));
  }
}
