/**
 * Draws of 16-bit floats, which come as the float32 that they are rounded to.
 *
 * @module
 */
import { type DType, epsilonOf, halfBits, halfValue } from "@flambeau/backend";
import type { Generator } from "./generator.ts";
import { eachWords } from "./streams.ts";

/** The function that rounds to a 16-bit float. */
export function halfRounding(dtype: DType): (x: number) => number {
  const [bits, value] = [halfBits(dtype), halfValue(dtype)];
  return (x) => value(bits(x));
}

/**
 * Fills an array with uniform samples over [from, to), of one word each: the lowest bits, as many as the dtype has digits.
 * Source: PyTorch 1.13, `transformation::uniform_real`.
 */
export function uniformHalf(
  generator: Generator,
  out: Float32Array,
  from: number,
  to: number,
  dtype: DType,
): void {
  const round = halfRounding(dtype);
  const unit = epsilonOf(dtype) / 2;
  const mask = 1 / unit - 1;
  const [first, last] = [round(from), round(to)];
  const range = round(last - first);
  eachWords(generator, out.length, (words, start) => {
    for (let i = 0; i < words.length; i++) out[start + i] = round((words[i] & mask) * unit * range + first);
  });
}

/**
 * Turns 16 uniform samples into normal ones, in place: of float16 in float32, of bfloat16 with a rounding after each step.
 * Source: PyTorch 1.13, `normal_fill_16`, whose functions of bfloat16 give bfloat16, and those of float16 float32.
 */
export function blockHalf(
  out: Float32Array,
  mean: number,
  std: number,
  dtype: DType,
): (start: number) => void {
  const round = halfRounding(dtype);
  const step = dtype === "bfloat16" ? round : Math.fround;
  const [m, s] = [round(mean), round(std)];
  const shifted = (x: number): number => round(step(step(x * s) + m));
  return (start) => {
    for (let i = start; i < start + 8; i++) {
      const radius = round(step(Math.sqrt(step(-2 * step(Math.log(round(1 - out[i])))))));
      const angle = round(2 * Math.PI * out[i + 8]);
      out[i] = shifted(step(radius * step(Math.cos(angle))));
      out[i + 8] = shifted(step(radius * step(Math.sin(angle))));
    }
  };
}
