import { type DType, DTypeError, type TypedArray, ValueError, wordsOf } from "@flambeau/backend";
import { checkedDType } from "./check.ts";
import type { Generator } from "./generator.ts";
import { remainder } from "./integers.ts";
import { eachWords } from "./streams.ts";

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
  // Numbers of 32 bits, whatever the dtype: loops over one kind of array are the fast ones, and a bigint for each swap would cost as much as all the rest.
  const order = shuffled(generator, out.length);
  if (!(out instanceof BigInt64Array)) {
    out.set(order);
    return;
  }
  const halves = wordsOf(out);
  for (let i = 0; i < order.length; i++) {
    halves[2 * i] = order[i];
    halves[2 * i + 1] = 0;
  }
}

function shuffled(generator: Generator, length: number): Uint32Array {
  const order = new Uint32Array(length);
  for (let i = 0; i < length; i++) order[i] = i;
  eachWords(generator, Math.max(0, length - 1), (words, start) => shuffle(order, words, start));
  return order;
}

/** Swaps the elements from `start` on, each with one from itself on. */
function shuffle(order: Uint32Array, words: Uint32Array, start: number): void {
  const { length } = order;
  for (let k = 0; k < words.length; k++) {
    const i = start + k;
    const j = i + remainder(words[k], length - i);
    const kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
}
