/** Many draws at a time: the same numbers as one by one, without a call for each. */
import type { Generator } from "./generator.ts";

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
    generator.fill32(some);
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
