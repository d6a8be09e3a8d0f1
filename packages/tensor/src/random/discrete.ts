import { quote, type TypedArray } from "@flambeau/backend";
import { checkArgument } from "./check.ts";
import type { Generator } from "./generator.ts";
import { bernoulli53, eachWords } from "./streams.ts";

/**
 * Fills an array of any dtype with ones, each with probability `p`, and zeros: `bernoulli_(p)`, dropout's mask.
 * Source: PyTorch 1.13, `bernoulli_kernel` with a scalar, the build without MKL.
 *
 * @throws ValueError when `p` does not lie in [0, 1].
 */
export function bernoulli(generator: Generator, out: TypedArray, p: number = 0.5): void {
  checkArgument(p >= 0 && p <= 1, `bernoulli needs p in [0, 1], but got ${quote(p)}`);
  // A draw of 53 bits, 21 in one word and 32 in the next, is below p where the integer of the two is below this one.
  const limit = Math.ceil(p * 2 ** 53);
  if (out instanceof Float32Array && bernoulli53(generator, out, limit)) return;
  const high = Math.floor(limit / 2 ** 32);
  const low = limit - high * 2 ** 32;
  eachWords(generator, 2 * out.length, (words, start) => {
    const count = words.length / 2;
    const first = start / 2;
    /** Without a branch but for one draw of two million: which way it goes cannot be foretold. */
    const sample = (i: number): number => {
      const above = words[2 * i] & 0x1fffff;
      return above === high ? Number(words[2 * i + 1] < low) : (above - high) >>> 31;
    };
    if (out instanceof BigInt64Array) for (let i = 0; i < count; i++) out[first + i] = BigInt(sample(i));
    else for (let i = 0; i < count; i++) out[first + i] = sample(i);
  });
}

/**
 * Fills an array of any dtype with ones, the i-th with probability `p[i]`, and zeros: `bernoulli(p)` and
 * `bernoulli_(p)` of a tensor. Probabilities in float64 are compared with a draw of 53 bits, all others with one of 24.
 *
 * @param p as many probabilities as `out` has elements.
 * @throws ValueError when one does not lie in [0, 1], or they are too many or too few; nothing is drawn then.
 */
export function bernoulliEach(generator: Generator, out: TypedArray, p: Float32Array | Float64Array): void {
  checkArgument(p.length === out.length, `bernoulli got ${p.length} probabilities for ${out.length} samples`);
  const wrong = p.findIndex((value) => !(value >= 0 && value <= 1));
  checkArgument(wrong < 0, `bernoulli needs probabilities in [0, 1], but got ${quote(p[wrong])}`);
  const draw = p instanceof Float64Array ? () => generator.uniform53() : () => generator.uniform24();
  fill(out, (i) => (draw() < p[i] ? 1 : 0));
}

/**
 * Fills an array of any dtype with samples of the geometric distribution, the trials up to the first success:
 * `geometric_`. Source: PyTorch 1.13, `transformation::geometric`.
 *
 * @throws ValueError when `p` does not lie in (0, 1).
 */
export function geometric(generator: Generator, out: TypedArray, p: number): void {
  checkArgument(p > 0 && p < 1, `geometric needs p in (0, 1), but got ${quote(p)}`);
  const logFailure = Math.log(1 - p);
  fill(out, () => Math.ceil(Math.log(generator.uniform53()) / logFailure));
}

function fill(out: TypedArray, draw: (i: number) => number): void {
  if (out instanceof BigInt64Array) for (let i = 0; i < out.length; i++) out[i] = BigInt(draw(i));
  else for (let i = 0; i < out.length; i++) out[i] = draw(i);
}
