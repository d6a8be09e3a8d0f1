import { type NdArray, sizeOf } from "./arrays.ts";

/**
 * Numbers spread evenly between `low` and `high`, the same on every run: a counter through the finalizer of MurmurHash3
 * (Appleby, public domain), which needs no state.
 */
export function noise(seed: number, shape: readonly number[], low = -1, high = 1): NdArray {
  const data = new Float32Array(sizeOf(shape));
  const start = Math.imul(seed, 0x9e3779b9);
  for (let i = 0; i < data.length; i++) {
    let bits = (start + i) | 0;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    bits ^= bits >>> 16;
    data[i] = low + (high - low) * ((bits >>> 8) / 2 ** 24);
  }
  return { shape, data };
}

/** Whole numbers from 0 up to `count`, as floats. */
export function labels(seed: number, length: number, count: number): NdArray {
  const { shape, data } = noise(seed, [length], 0, count);
  return { shape, data: data.map(Math.floor) };
}

/**
 * Samples that cannot be learnt by heart: each appears twice, and the two have labels of their own. A network trained on
 * them for thousands of steps keeps gradients of an ordinary size, so no step is slowed by denormal numbers.
 */
export function twins(seed: number, shape: readonly number[]): NdArray {
  const half = noise(seed, [shape[0] / 2, ...shape.slice(1)]);
  const data = new Float32Array(half.data.length * 2);
  data.set(half.data);
  data.set(half.data, half.data.length);
  return { shape, data };
}
