/**
 * The engine's garbage collector: when it should run, and how to let its finalizers run after it. As the CPU device's
 * `collector.ts`, which has the reasons.
 *
 * @module
 */

/** Counts in full as memory that is used, and costs none while nobody touches it. */
const WEIGHT = 256 * 2 ** 20;

declare function setTimeout(then: () => void, milliseconds: number): unknown;

const { Bun } = globalThis as { Bun?: { gc(atOnce: boolean): void } };

/** Resolves in another turn of the event loop: finalizers run between turns. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Makes the collector run soon: it does not see the GPU's memory that hangs on a small object. */
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
