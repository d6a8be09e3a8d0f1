import { type DType, isHalf, quote } from "@flambeau/backend";
import { checkArgument, checkFloat, type FloatArray } from "./check.ts";
import { log32, sincos32 } from "./float32.ts";
import { fma32, fma64 } from "./fma.ts";
import type { Generator } from "./generator.ts";
import { blockHalf, uniformHalf } from "./halves.ts";
import { uniform24, uniform53 } from "./streams.ts";

/** Arrays from this length on are filled block by block; shorter ones sample by sample. */
const BLOCK = 16;
const HALF = BLOCK / 2;

type TransformBlocks = (out: Float32Array, mean: number, std: number, one: (start: number) => void) => void;

/** Turns whole blocks of uniform samples into normal ones: one by one, until `provideTransform` replaces it. */
let transformBlocks: TransformBlocks = (out, _mean, _std, one) => eachBlock(out, one);

function eachBlock(out: FloatArray, one: (start: number) => void): void {
  for (let start = 0; start <= out.length - BLOCK; start += BLOCK) one(start);
}

/** Replaces the loop over blocks by a faster one that computes the same bits. */
export function provideTransform(transform: TransformBlocks): void {
  transformBlocks = transform;
}

/**
 * Fills an array with samples of the normal distribution: `normal_` and `randn`.
 *
 * Fewer than 16 samples are drawn one by one in float64. From 16 on, the array is filled with uniform samples, and each
 * block of 16 turned into normal ones, its first half giving the radii and its second half the angles (Box and
 * Muller); where 16 does not divide the length, the last 16 are drawn anew. Source: PyTorch 1.13, `normal_fill` in
 * `aten/src/ATen/native/cpu/DistributionTemplates.h`, the AVX2 variant for float32.
 *
 * @param dtype `float16` or `bfloat16` for a Float32Array that holds such numbers.
 * @throws DTypeError when the array holds integers.
 * @throws ValueError when `std` is negative or NaN.
 */
export function normal(
  generator: Generator,
  out: FloatArray,
  mean: number = 0,
  std: number = 1,
  inBlocks: boolean = out.length >= BLOCK,
  dtype?: DType,
): void {
  checkFloat("normal", out);
  checkArgument(std >= 0, `normal needs std >= 0, but got ${quote(std)}`);
  if (!inBlocks) {
    for (let i = 0; i < out.length; i++) out[i] = scaled(generator.normal(), std, mean);
  } else if (dtype !== undefined && isHalf(dtype)) {
    fillBlocks(
      out as Float32Array,
      (part) => uniformHalf(generator, part, 0, 1, dtype),
      (part) => eachBlock(part, blockHalf(part, mean, std, dtype)),
    );
  } else if (out instanceof Float32Array) {
    const [m, s] = [Math.fround(mean), Math.fround(std)];
    fillBlocks(
      out,
      (part) => uniform24(generator, part),
      (part) => transformBlocks(part, m, s, block32(part, m, s)),
    );
  } else {
    fillBlocks(
      out,
      (part) => uniform53(generator, part),
      (part) => eachBlock(part, block64(part, mean, std)),
    );
  }
}

/**
 * Fills an array with the exponentials of normal samples: `log_normal_`.
 *
 * @param mean the mean of the samples' logarithm.
 * @param std the standard deviation of the samples' logarithm.
 * @throws DTypeError when the array holds integers.
 * @throws ValueError when `std` is not positive.
 */
export function logNormal(generator: Generator, out: FloatArray, mean: number = 1, std: number = 2): void {
  checkFloat("logNormal", out);
  checkArgument(std > 0, `logNormal needs std > 0, but got ${quote(std)}`);
  for (let i = 0; i < out.length; i++) out[i] = Math.exp(scaled(generator.normal(), std, mean));
}

/** `transform` takes whole blocks of what is there, and leaves the rest. */
function fillBlocks<A extends FloatArray>(
  out: A,
  uniform: (part: A) => void,
  transform: (part: A) => void,
): void {
  uniform(out);
  transform(out);
  if (out.length % BLOCK === 0) return;
  const last = out.subarray(out.length - BLOCK) as A;
  uniform(last);
  transform(last);
}

/** Turns 16 uniform float32 samples into normal ones, in place. */
export function block32(out: Float32Array, mean: number, std: number): (start: number) => void {
  const { fround } = Math;
  const twoPi = fround(2 * Math.PI);
  const direction = { sine: 0, cosine: 0 };
  return (start) => {
    for (let i = start; i < start + HALF; i++) {
      const radius = fround(Math.sqrt(-2 * log32(fround(1 - out[i]))));
      sincos32(fround(twoPi * out[i + HALF]), direction);
      out[i] = fma32(fround(radius * direction.cosine), std, mean);
      out[i + HALF] = fma32(fround(radius * direction.sine), std, mean);
    }
  };
}

/** Turns 16 uniform float64 samples into normal ones, in place. */
function block64(out: Float64Array, mean: number, std: number): (start: number) => void {
  return (start) => {
    for (let i = start; i < start + HALF; i++) {
      const radius = Math.sqrt(-2 * Math.log(1 - out[i]));
      const theta = 2 * Math.PI * out[i + HALF];
      out[i] = scaled(radius * Math.cos(theta), std, mean);
      out[i + HALF] = scaled(radius * Math.sin(theta), std, mean);
    }
  };
}

/** `sample * std + mean`, rounded once; standard samples are exact as they are. */
function scaled(sample: number, std: number, mean: number): number {
  return std === 1 && mean === 0 ? sample : fma64(sample, std, mean);
}
