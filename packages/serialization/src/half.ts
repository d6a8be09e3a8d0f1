/**
 * Floating-point numbers of 8 and 16 bits as float32. Every value of theirs is one of float32's, so nothing is rounded.
 *
 * @module
 */
import { halfValue } from "@flambeau/backend";

/** float32 of each bit pattern of float16, made when it is first needed: 256 KiB. */
let halves: Float32Array | null = null;

/** Elements of float16, given by their bits. */
export function fromFloat16(bits: Uint16Array): Float32Array {
  halves ??= Float32Array.from({ length: 65536 }, (_, i) => halfValue("float16")(i));
  const out = new Float32Array(bits.length);
  for (let i = 0; i < bits.length; i++) out[i] = halves[bits[i]];
  return out;
}

/** Elements of bfloat16: the upper halves of float32. */
export function fromBfloat16(bits: Uint16Array): Float32Array {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i] << 16;
  return new Float32Array(words.buffer);
}

/** Elements of float8_e5m2: the upper halves of float16. */
export function fromFloat8E5M2(bits: Uint8Array): Float32Array {
  return fromFloat16(Uint16Array.from(bits, (byte) => byte << 8));
}

/**
 * Elements of float8_e4m3fn: 1 sign bit, 4 exponent bits (bias 7), 3 fraction bits; no infinity, and nan where all but the sign is 1.
 * Source: Micikevicius and others, "FP8 Formats for Deep Learning" (2022).
 */
export function fromFloat8E4M3(bits: Uint8Array): Float32Array {
  const values = Float32Array.from({ length: 256 }, (_, byte) => {
    const sign = byte & 0x80 ? -1 : 1;
    const exponent = (byte >> 3) & 15;
    const fraction = byte & 7;
    if ((byte & 0x7f) === 0x7f) return Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -9 : (8 + fraction) * 2 ** (exponent - 10));
  });
  return Float32Array.from(bits, (byte) => values[byte]);
}
