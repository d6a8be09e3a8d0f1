/** Many draws at a time: the same numbers as one by one, without a call for each. */
import type { Generator } from "./generator.ts";

/** Draws of many words at a time, which give the position in the state afterwards. */
interface Bulk {
  words(state: Uint32Array, position: number, out: Uint32Array): number;
  uniform24(state: Uint32Array, position: number, out: Float32Array): number;
  bernoulli(state: Uint32Array, position: number, out: Float32Array, limit: number): number;
}

/** Fewer words are drawn sooner one by one. */
const BULK_FROM = 64;

let bulk: Bulk | null = null;

/** Replaces the loops over words by faster ones that draw the same; null where there are none. */
export function provideBulk(draws: Bulk | null): void {
  bulk = draws;
}

/** Draws that are made at a time. */
const CHUNK = 512;
const words = new Uint32Array(2 * CHUNK);
const doubles = new Float64Array(CHUNK);

/** Calls `use` with `count` integers in [0, 2^32), as `generator.random32()` draws them, some at a time. */
export function eachWords(
  generator: Generator,
  count: number,
  use: (words: Uint32Array, start: number) => void,
): void {
  for (let start = 0; start < count; start += words.length) {
    const some = words.subarray(0, Math.min(words.length, count - start));
    const draws = some.length < BULK_FROM ? null : bulk;
    if (draws === null) generator.fill32(some);
    else generator.drawMany((state, position) => draws.words(state, position, some));
    use(some, start);
  }
}

/** Calls `use` with `count` numbers, as `generator.uniform53()` draws them, some at a time. */
export function eachUniform53(
  generator: Generator,
  count: number,
  use: (uniform: Float64Array, start: number) => void,
): void {
  for (let start = 0; start < count; start += CHUNK) {
    const some = doubles.subarray(0, Math.min(CHUNK, count - start));
    uniform53(generator, some);
    use(some, start);
  }
}

/** Fills an array with what `generator.uniform24()` draws one by one. */
export function uniform24(generator: Generator, out: Float32Array): void {
  const draws = out.length < BULK_FROM ? null : bulk;
  if (draws !== null) {
    generator.drawMany((state, position) => draws.uniform24(state, position, out));
    return;
  }
  eachWords(generator, out.length, (some, start) => {
    for (let i = 0; i < some.length; i++) out[start + i] = (some[i] & 0xffffff) * 2 ** -24;
  });
}

/** Fills an array with what `generator.uniform53()` draws one by one. */
export function uniform53(generator: Generator, out: Float64Array): void {
  eachWords(generator, 2 * out.length, (some, start) => {
    const first = start / 2;
    for (let i = 0; i < some.length; i += 2) {
      out[first + i / 2] = ((some[i] & 0x1fffff) * 2 ** 32 + some[i + 1]) * 2 ** -53;
    }
  });
}

/**
 * Fills an array with ones and zeros: ones where `generator.uniform53()` is below `limit * 2^-53`, for an integer `limit`. False, and
 * nothing is drawn, where only a loop can do that.
 */
export function bernoulli53(generator: Generator, out: Float32Array, limit: number): boolean {
  const draws = out.length < BULK_FROM ? null : bulk;
  if (draws === null) return false;
  generator.drawMany((state, position) => draws.bernoulli(state, position, out, limit));
  return true;
}
