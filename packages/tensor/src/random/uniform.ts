import { type DType, isHalf, quote } from "@flambeau/backend";
import { checkArgument, checkFloat, type FloatArray } from "./check.ts";
import { fma32, fma64 } from "./fma.ts";
import type { Generator } from "./generator.ts";
import { halfRounding, uniformHalf } from "./halves.ts";
import { uniform24, uniform53 } from "./streams.ts";

const FLOAT32_MAX = (2 - 2 ** -23) * 2 ** 127;

/**
 * Fills an array with samples of the uniform distribution over [from, to): `uniform_` and `rand`. A float32 has 24
 * random bits, a float64 53, a float16 11, and a bfloat16 8.
 *
 * Source: PyTorch 1.13, `uniform_real_distribution`; its kernel fuses the scaling and the shift.
 *
 * @param dtype `float16` or `bfloat16` for a Float32Array that holds such numbers.
 * @throws DTypeError when the array holds integers.
 * @throws ValueError when `from` exceeds `to`, or one of them or their distance does not fit the dtype.
 */
export function uniform(
  generator: Generator,
  out: FloatArray,
  from: number = 0,
  to: number = 1,
  dtype?: DType,
): void {
  checkFloat("uniform", out);
  checkArgument(from <= to, `uniform needs from <= to, but got from=${from} and to=${to}`);
  const half = dtype !== undefined && isHalf(dtype) ? dtype : null;
  const max = out instanceof Float32Array ? FLOAT32_MAX : Number.MAX_VALUE;
  const fits = half === null ? Number.isFinite : (x: number) => Number.isFinite(halfRounding(half)(x));
  checkArgument(
    Math.abs(from) <= max && Math.abs(to) <= max && to - from <= max && [from, to, to - from].every(fits),
    `the range from ${quote(from)} to ${quote(to)} is too large for the tensor's dtype`,
  );
  if (half !== null) uniformHalf(generator, out as Float32Array, from, to, half);
  else if (out instanceof Float32Array) fill32(generator, out, Math.fround(from), Math.fround(to));
  else fill64(generator, out, from, to);
}

function fill32(generator: Generator, out: Float32Array, from: number, to: number): void {
  const range = Math.fround(to - from);
  uniform24(generator, out);
  // The product with 1 and the sum with 0 are exact: nothing to fuse.
  if (from !== 0 || range !== 1) for (let i = 0; i < out.length; i++) out[i] = fma32(out[i], range, from);
}

function fill64(generator: Generator, out: Float64Array, from: number, to: number): void {
  const range = to - from;
  uniform53(generator, out);
  if (from !== 0 || range !== 1) for (let i = 0; i < out.length; i++) out[i] = fma64(out[i], range, from);
}
