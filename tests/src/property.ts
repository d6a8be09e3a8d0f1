/** How property tests run: with a fresh seed each time, which a failure prints and the environment replays. */
import process from "node:process";
import fc from "fast-check";

/**
 * Runs a property. On failure fast-check's message has the seed and the path; `FLAMBEAU_SEED=... FLAMBEAU_PATH=...`
 * before the test command draws the same again (with `--test-name-pattern` for the one test).
 */
export function check<Ts extends [unknown, ...unknown[]]>(property: fc.IProperty<Ts>, numRuns: number): void {
  const { FLAMBEAU_SEED: seed, FLAMBEAU_PATH: path } = process.env;
  fc.assert(property, {
    numRuns,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  });
}
