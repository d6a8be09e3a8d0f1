/** Float32 numbers as float16 bit patterns, rounded to nearest even. Source: IEEE 754-2019, binary16. */
export function halvesOf(data: Float32Array): Uint16Array {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const out = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) out[i] = halfOf(bits[i], data[i]);
  return out;
}

function halfOf(bits: number, x: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // From halfway between the largest half and the next power of two on.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  // Below the smallest normal half the unit is 2^-24, and a double sum rounds to it.
  if (magnitude < 0x38800000) return sign | (Math.abs(x) * 2 ** 24 + 2 ** 52 - 2 ** 52);
  const rebased = magnitude - (112 << 23);
  return sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
}
