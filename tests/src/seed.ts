/**
 * Loaded before every test file: one seed for all that is random in the tests, the properties' draws, `Math.random`, and
 * with it the generators of the libraries that nobody seeded. So a run is a function of the commit.
 *
 * `FLAMBEAU_SEED=... npm test -- FILE` draws other cases, as `npm run test:explore` does.
 */
import fc from "fast-check";
import { setting } from "./setting.ts";

/** What the gate draws with. Any number does; a change of it changes what is tested. */
const gate = 20_261_201;

/** The seed of this run. */
export const seed: number = Number(setting("FLAMBEAU_SEED") ?? gate);

fc.configureGlobal({ seed });
Math.random = mulberry32(seed);

/** Numbers in [0, 1), by Tommy Ettinger's Mulberry32. */
function mulberry32(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}
