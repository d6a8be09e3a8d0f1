import { quote, ValueError, warn } from "@flambeau/backend";
import { hasSimd } from "../wasm/codegen/features.ts";
import { hardwareThreads, hasWorkers } from "./runtime.ts";

/** Without being told, no more than this many: the chip's other cores have other work. */
const DEFAULT_MOST = 4;
/** More than these gain nothing and cost memory. */
const MOST = 64;

let threads: number | undefined;
/** There are no workers, or they were lost. */
let isAlone = !hasWorkers();

/**
 * How many threads the CPU device uses for one large operation: what `setNumThreads` said, or as many as the machine
 * has cores, up to 4. It is 1 where there are no workers that share memory, as in a page that is not cross-origin isolated; where
 * WebAssembly may not be compiled; and from the moment on at which workers turn out not to start. A warning says why.
 *
 * @returns The number of threads, the calling one included.
 *
 * @example
 * ```ts
 * import { getNumThreads, setNumThreads } from "@flambeau/cpu-backend";
 *
 * setNumThreads(2);
 * console.log(getNumThreads());
 * // 2
 * ```
 */
export function getNumThreads(): number {
  threads ??= Math.min(DEFAULT_MOST, Math.max(1, hardwareThreads()));
  return isAlone || !hasSimd() ? 1 : threads;
}

/** From now on there are no workers, for a reason that the user has to know. */
export function oneThread(reason: string): void {
  isAlone = true;
  warn(`the CPU device runs on one thread: ${reason}`);
}

/**
 * Sets how many threads the CPU device may use for one large operation. It takes effect with the next operation;
 * workers are started when the first operation large enough comes, and keep no process alive. Where there can be none it has
 * no effect, and `getNumThreads` stays 1.
 *
 * @param count A whole number from 1, the calling thread included; more than 64 count as 64.
 * @throws ValueError when it is not a positive whole number.
 *
 * @example
 * ```ts
 * import { getNumThreads, setNumThreads } from "@flambeau/cpu-backend";
 *
 * setNumThreads(1);
 * console.log(getNumThreads());
 * // 1
 * ```
 */
export function setNumThreads(count: number): void {
  if (!Number.isInteger(count) || count < 1)
    throw new ValueError(`setNumThreads expects a positive whole number, got ${quote(count)}`);
  threads = Math.min(MOST, count);
}
