/** Elements as the library itself reads and writes them, without a copy or a bigint for each. */
import type { TypedArray } from "@flambeau/backend";
import type { Tensor } from "./tensor.ts";

/** The elements of a tensor that can be read at once, until the device is called again; not to be written. */
export function peek(x: Tensor): TypedArray {
  x.checkUsable("peek");
  return x.storage.backend.peek?.(x) ?? x.dataSync();
}

/** int64 elements as pairs of 32-bit words, the low one first. */
export function wordsOf(data: BigInt64Array): Int32Array {
  return new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
}
