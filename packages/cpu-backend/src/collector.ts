/**
 * The engine's garbage collector: when it should run, and how to let its finalizers run after it.
 *
 * @module
 */

/** Counts in full as memory that is used, and costs none while nobody touches it. */
const WEIGHT = 256 * 2 ** 20;

const { Bun } = globalThis as { Bun?: { gc(atOnce: boolean): void } };

/**
 * Bytes of ordinary arrays after which the collector is asked for: left alone, Bun lets gigabytes lie. V8 sees to them by
 * itself; asked after every 16 MB, it would spend more time than the work takes.
 */
const PATIENCE = (Bun === undefined ? 64 : 16) * 2 ** 20;

declare function setTimeout(then: () => void, milliseconds: number): unknown;

/** Resolves in another turn of the event loop: finalizers run between turns, and promises alone never end one. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Makes the collector run soon. Engines do not see how much WebAssembly memory hangs on a small object, so an array is
 * shown to them that they do see. Bun writes to it, which takes time and memory, but has a function for the purpose.
 */
export function askForCollection(): void {
  if (Bun !== undefined) {
    Bun.gc(true);
    return;
  }
  try {
    new ArrayBuffer(WEIGHT);
  } catch {
    // An engine that has no room for it has just looked for some.
  }
}

let ordinary = 0;

/** Notes an array made because the current turn has used up its share of WebAssembly memory. */
export function countOrdinary(bytes: number): void {
  ordinary += bytes;
  if (ordinary < PATIENCE) return;
  ordinary = 0;
  askForCollection();
}
