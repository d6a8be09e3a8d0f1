import { type DType, DTypeError, type TypedArray, ValueError } from "@flambeau/backend";
import { checkedDType } from "./check.ts";
import type { Generator } from "./generator.ts";

/** The longest permutation whose indices a dtype holds, as PyTorch limits it. */
const LONGEST: Readonly<Partial<Record<DType, number>>> = {
  uint8: 2 ** 8 - 1,
  int8: 2 ** 7 - 1,
  int16: 2 ** 15 - 1,
  int32: 2 ** 31 - 1,
  float16: 2 ** 11 + 1,
  bfloat16: 2 ** 8 + 1,
  float32: 2 ** 24 + 1,
};

/**
 * Fills an array with the numbers from 0 to its length, shuffled: `randperm`, and the order of a shuffling DataLoader.
 * The shuffle is Fisher and Yates', from the front. Source: PyTorch 1.13, `randperm_cpu`.
 *
 * @throws DTypeError when the array holds booleans.
 * @throws ValueError when the dtype cannot hold every index.
 */
export function randperm(generator: Generator, out: TypedArray, dtype?: DType): void {
  const type = checkedDType(out, dtype);
  if (type === "bool") throw new DTypeError("randperm cannot be made of booleans; use int64");
  const longest = LONGEST[type] ?? Number.MAX_SAFE_INTEGER;
  if (out.length > longest) {
    throw new ValueError(`randperm of ${out.length} does not fit ${type}, which takes up to ${longest}`);
  }
  // A bigint for each swap would cost as much as all the rest.
  const order = out instanceof BigInt64Array ? new Uint32Array(out.length) : out;
  for (let i = 0; i < order.length; i++) order[i] = i;
  for (let i = 0; i < order.length - 1; i++) {
    // Both as unsigned integers: a remainder of doubles takes ten times as long.
    const j = i + (generator.random32() % ((order.length - i) >>> 0));
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  if (out instanceof BigInt64Array) for (let i = 0; i < out.length; i++) out[i] = BigInt(order[i]);
}
