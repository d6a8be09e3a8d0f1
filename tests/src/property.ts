/** How property tests run: with the run's seed (seed.ts), which a failure prints with the path to the case. */
import fc from "fast-check";
import { shareOf } from "./draws.ts";
import { setting } from "./setting.ts";

/**
 * Runs a property. On failure fast-check's message has the seed and the path; `FLAMBEAU_SEED=... FLAMBEAU_PATH=...`
 * before the test command draws that one case again (with `--test-name-pattern` for the one test).
 */
export function check<Ts extends [unknown, ...unknown[]]>(property: fc.IProperty<Ts>, numRuns: number): void {
  const path = setting("FLAMBEAU_PATH");
  fc.assert(property, { numRuns: shareOf(numRuns), ...(path === undefined ? {} : { path }) });
}
