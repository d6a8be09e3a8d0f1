declare const performance: { now(): number };

/**
 * Milliseconds on a clock of the runtime that never goes back, in fractions.
 *
 * @internal
 */
export function now(): number {
  return performance.now();
}
