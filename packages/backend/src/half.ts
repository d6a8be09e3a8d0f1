/**
 * float16 and bfloat16 as bits, rounded to nearest even.
 *
 * Sources: IEEE 754-2019, binary16; bfloat16 is the upper half of binary32.
 *
 * @module
 */
import type { DType } from "./dtype.ts";

const single = new Float32Array(1);
const word = new Uint32Array(single.buffer);

/** The bits of the float16 nearest to a number, which is made a float32 first, as in PyTorch. */
function float16Bits(value: number): number {
  single[0] = value;
  const sign = (word[0] >>> 16) & 0x8000;
  const magnitude = word[0] & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // From halfway between the largest half and the next power of two on.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below the smallest normal half the unit is 2^-24, and a double sum rounds to it.
  if (magnitude < 0x38800000) return sign | (Math.abs(single[0]) * 2 ** 24 + 2 ** 52 - 2 ** 52);
  const rebased = magnitude - (112 << 23);
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}

function float16Of(bits: number): number {
  const magnitude = bits & 0x7fff;
  if (magnitude < 0x400) single[0] = magnitude * 2 ** -24;
  else word[0] = (magnitude << 13) + (magnitude < 0x7c00 ? 112 << 23 : 224 << 23);
  return bits & 0x8000 ? -single[0] : single[0];
}

function bfloat16Bits(value: number): number {
  single[0] = value;
  const bits = word[0];
  if ((bits & 0x7fffffff) > 0x7f800000) return 0x7fc0;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

function bfloat16Of(bits: number): number {
  word[0] = bits << 16;
  return single[0];
}

/**
 * The function from a number to the bits of a dtype of 16-bit floats.
 *
 * @internal
 */
export function halfBits(dtype: DType): (value: number) => number {
  return dtype === "float16" ? float16Bits : bfloat16Bits;
}

/**
 * The function from the bits of a dtype of 16-bit floats to the number that they are.
 *
 * @internal
 */
export function halfValue(dtype: DType): (bits: number) => number {
  return dtype === "float16" ? float16Of : bfloat16Of;
}
