import { formatShape, IndexError, numel, type Strided, type TypedArray, wordsOf } from "@flambeau/backend";
import { Walk } from "../interpreter/walk.ts";
import { dataOf } from "../memory/storage.ts";

const walk = new Walk();
const at = [0];

/** Checked indices of the last call, in row-major order of `shape`; reused from call to call while they are few. */
export interface Indices {
  positions: Int32Array;
  /** The index tensor's shape, where a dimension that only repeats has size one. */
  shape: number[];
}

const indices: Indices = { positions: new Int32Array(1024), shape: [] };

/**
 * The elements of an integer tensor, checked.
 *
 * @throws IndexError when one is not within 0 and `size`.
 */
export function readIndices(index: Strided, size: number): Indices {
  const { shape } = indices;
  shape.length = index.shape.length;
  for (let d = 0; d < shape.length; d++)
    shape[d] = index.strides[d] === 0 && index.shape[d] > 0 ? 1 : index.shape[d];
  const n = numel(shape);
  if (n > indices.positions.length || indices.positions.length > 65536) {
    indices.positions = new Int32Array(Math.max(n, 1024));
  }
  if (n === 0) return indices;
  const data = dataOf(index);
  walk.reset(shape);
  walk.add(index, shape);
  walk.merge();
  const step = walk.steps[0][0];
  const length = walk.sizes[0];
  const words = data instanceof BigInt64Array ? wordsOf(data) : undefined;
  at[0] = index.offset;
  let done = 0;
  do {
    const bad =
      words === undefined
        ? readNumbers(indices.positions, done, data, at[0], step, length, size)
        : readWords(indices.positions, done, words, 2 * at[0], 2 * step, length, size);
    if (bad >= 0) throw outOfRange(index, data, at[0] + bad * step, size);
    done += length;
  } while (walk.next(at, 0));
  return indices;
}

function readWords(
  out: Int32Array,
  oi: number,
  x: Int32Array,
  xi: number,
  xs: number,
  n: number,
  size: number,
): number {
  for (let i = 0; i < n; i++, xi += xs) {
    const low = x[xi];
    if (low < 0 || low >= size || x[xi + 1] !== 0) return i;
    out[oi + i] = low;
  }
  return -1;
}

function readNumbers(
  out: Int32Array,
  oi: number,
  x: TypedArray,
  xi: number,
  xs: number,
  n: number,
  size: number,
): number {
  const numbers = x as Int32Array;
  for (let i = 0; i < n; i++, xi += xs) {
    const value = numbers[xi];
    if (!(value >= 0 && value < size)) return i;
    out[oi + i] = value;
  }
  return -1;
}

function outOfRange(index: Strided, data: TypedArray, at: number, size: number): IndexError {
  const range =
    size === 0
      ? "the dimension has size 0"
      : `the dimension has size ${size}, so indices go from 0 to ${size - 1}`;
  return new IndexError(
    `index ${data[at]} is out of range in an index of shape ${formatShape(index.shape)}: ${range}`,
  );
}
