import { formatShape, IndexError, numel, type Strided, type TypedArray } from "@flambeau/backend";
import { dataOf } from "./storage.ts";
import { Walk } from "./walk.ts";

const walk = new Walk();
const at = [0];

/**
 * The indices of an integer tensor in row-major order, checked.
 *
 * @throws IndexError when one is not within 0 and `size`.
 */
export function readIndices(index: Strided, size: number): Int32Array {
  const n = numel(index.shape);
  const out = new Int32Array(n);
  if (n === 0) return out;
  const data = dataOf(index);
  walk.reset(index.shape);
  walk.add(index, index.shape);
  walk.merge();
  const step = walk.steps[0][0];
  const length = walk.sizes[0];
  at[0] = index.offset;
  let done = 0;
  do {
    const bad =
      data instanceof BigInt64Array
        ? readWords(out, done, wordsOf(data), 2 * at[0], 2 * step, length, size)
        : readNumbers(out, done, data, at[0], step, length, size);
    if (bad >= 0) throw outOfRange(index, data, at[0] + bad * step, size);
    done += length;
  } while (walk.next(at, 0));
  return out;
}

/** int64 elements as pairs of 32-bit words, low first: ten times cheaper than a bigint each. */
function wordsOf(data: BigInt64Array): Int32Array {
  return new Int32Array(data.buffer, data.byteOffset, data.length * 2);
}

function readWords(out: Int32Array, oi: number, x: Int32Array, xi: number, xs: number, n: number, size: number): number {
  for (let i = 0; i < n; i++, xi += xs) {
    const low = x[xi];
    if (low < 0 || low >= size || x[xi + 1] !== 0) return i;
    out[oi + i] = low;
  }
  return -1;
}

function readNumbers(out: Int32Array, oi: number, x: TypedArray, xi: number, xs: number, n: number, size: number): number {
  const numbers = x as Int32Array;
  for (let i = 0; i < n; i++, xi += xs) {
    const value = numbers[xi];
    if (!(value >= 0 && value < size)) return i;
    out[oi + i] = value;
  }
  return -1;
}

function outOfRange(index: Strided, data: TypedArray, at: number, size: number): IndexError {
  const range = size === 0 ? "the dimension has size 0" : `the dimension has size ${size}, so indices go from 0 to ${size - 1}`;
  return new IndexError(`index ${data[at]} is out of range in an index of shape ${formatShape(index.shape)}: ${range}`);
}
