/**
 * The engine's garbage collector: when it should run, and how to let its finalizers run after it.
 *
 * @module
 */

/** Counts in full as memory that is used, and costs none while nobody touches it. */
const WEIGHT = 256 * 2 ** 20;

/** What JavaScriptCore does at once when asked; Bun shows it as a module. V8 has nothing of the kind without a flag. */
interface JavaScriptCore {
  /** Collects what was made since the last collection, at a cost that does not grow with what there is besides. */
  edenGC(): void;
  /** Collects everything. Not `Bun.gc`, which also gives the pages back to the system: the next arrays would fault. */
  fullGC(): void;
}

const { Bun, process } = globalThis as {
  Bun?: { gc(atOnce: boolean): void };
  process?: { getBuiltinModule?: (name: string) => unknown };
};
const jsc =
  Bun === undefined ? undefined : (process?.getBuiltinModule?.("bun:jsc") as JavaScriptCore | undefined);

/**
 * Bytes of ordinary arrays after which the collector is asked for: left alone, Bun lets gigabytes lie. V8 sees to them by
 * itself; asked after every 16 MB, it would spend more time than the work takes.
 */
const PATIENCE = (Bun === undefined ? 64 : 16) * 2 ** 20;
/** Bytes of slabs after which JavaScriptCore is asked for young objects. */
const SLAB_PATIENCE = 1 * 2 ** 20;
/** The share of all time, one in so many, that this may take. */
const SHARE = 40;

declare const performance: { now(): number };
declare function setTimeout(then: () => void, milliseconds: number): unknown;

/** Resolves in another turn of the event loop: finalizers run between turns, and promises alone never end one. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/**
 * Makes the collector run soon. Engines do not see how much WebAssembly memory hangs on a small object, so an array is
 * shown to them that they do see. Bun writes to it, which takes time and memory, but has functions for the purpose.
 */
export function askForCollection(): void {
  if (jsc !== undefined) {
    jsc.fullGC();
    return;
  }
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

/**
 * Notes an array made because there was no WebAssembly memory for it, or the current turn has used up its share; whether the
 * collector was asked for.
 */
export function countOrdinary(bytes: number): boolean {
  ordinary += bytes;
  if (ordinary < PATIENCE) return false;
  ordinary = 0;
  askForCollection();
  return true;
}

let inSlabs = 0;
/** Milliseconds that a collection of young objects takes. */
let cost = 2;
/** When the next one keeps to its share of the time. */
let mayCollect = 0;

/**
 * Notes a new slab. JavaScriptCore lets small objects pile up to the size of all that the program holds before it looks for
 * dead ones, which takes a training loop thousands of steps; asked earlier, it goes on in the memory that it has.
 */
export function countSlab(bytes: number): void {
  if (jsc === undefined) return;
  inSlabs += bytes;
  if (inSlabs < SLAB_PATIENCE) return;
  inSlabs = 0;
  const started = performance.now();
  if (started < mayCollect) return;
  jsc.edenGC();
  const ended = performance.now();
  // One that took long because another program had the processor says little about the next.
  cost = Math.min(ended - started, 2 * cost);
  mayCollect = ended + SHARE * cost;
}
