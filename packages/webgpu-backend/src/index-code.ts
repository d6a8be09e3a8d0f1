/** Indices in kernels: elements of a storage that name a place along a dimension, whatever integers they are. */
import { type DType, formatShape, IndexError, type Shape } from "@flambeau/backend";
import type { Stream } from "./stream.ts";

/** The code of the error that an index of this shape is out of range, for `checkIndex`. */
export function outOfRange(stream: Stream, shape: Shape): number {
  const text = formatShape(shape);
  return stream.errors.code(`index ${text}`, ([low, high, size]) => {
    const found = BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
    const range =
      size === 0
        ? "the dimension has size 0"
        : `the dimension has size ${size}, so indices go from 0 to ${size - 1}`;
    return new IndexError(`index ${found} is out of range in an index of shape ${text}: ${range}`);
  });
}

/**
 * A statement that reports the index `found`, an element of a storage of the dtype, if it is not below `size`, and then does
 * `otherwise`. The shader has `REPORT`.
 */
export function checkIndex(dtype: DType, found: string, size: string, code: string, otherwise = ""): string {
  const [low, high] = wordsOf(dtype, found);
  // As unsigned numbers, negative ones are too large.
  return `if (${high} != 0u || ${low} >= ${size}) { report(${code}, ${low}, ${high}, ${size}); ${otherwise} }`;
}

/** The place that an index within range names, a u32. */
export function placeOf(dtype: DType, found: string): string {
  return wordsOf(dtype, found)[0];
}

function wordsOf(dtype: DType, found: string): [low: string, high: string] {
  if (dtype === "int64") return [`${found}.x`, `${found}.y`];
  if (dtype === "int32") return [`u32(${found})`, `u32(${found} >> 31u)`];
  return [found, "0u"];
}
