/** How property tests run: with a fresh seed each time, which a failure prints and the environment replays. */
import fc from "fast-check";
import { setting } from "./setting.ts";

/**
 * Runs a property. On failure fast-check's message has the seed and the path; `FLAMBEAU_SEED=... FLAMBEAU_PATH=...`
 * before the test command draws the same again (with `--test-name-pattern` for the one test).
 */
export function check<Ts extends [unknown, ...unknown[]]>(property: fc.IProperty<Ts>, numRuns: number): void {
  const seed = setting("FLAMBEAU_SEED");
  const path = setting("FLAMBEAU_PATH");
  fc.assert(property, {
    numRuns,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  });
}
