import { type DType, type Strided, typedArray, wordsOf } from "@flambeau/backend";
import { dataOf } from "./storage.ts";
import { Walk } from "./walk.ts";

const walk = new Walk();
const at = [0, 0, 0];

/** Up to so many first elements are chosen as they come by; more are had faster by sorting all. */
const FEW = 32;

/** See `Backend.sort`: lane by lane, a merge sort of positions, or a choice of few elements. */
export function sort(
  input: Strided,
  dim: number,
  descending: boolean,
  values: Strided,
  indices: Strided,
): void {
  const x = dataOf(input);
  const v = dataOf(values) as Float64Array;
  const where = wordsOf(dataOf(indices) as BigInt64Array);
  const n = input.shape[dim] ?? 1;
  const count = values.shape[dim] ?? 1;
  const lanes = values.shape.map((size, d) => (d === dim ? 1 : size));
  if (count === 0 || lanes.includes(0)) return;
  walk.reset(lanes);
  walk.add(input, lanes);
  walk.add(values, lanes);
  walk.add(indices, lanes);
  walk.merge();
  at[0] = input.offset;
  at[1] = values.offset;
  at[2] = indices.offset;
  const step = input.strides[dim] ?? 0;
  const [valueStep, indexStep] = [values.strides[dim] ?? 0, indices.strides[dim] ?? 0];
  const isChoice = count < n && count <= FEW;
  const lane = new Lane(input.dtype, isChoice ? count : n);
  do {
    if (isChoice) choose(n, x as Float64Array, at[0], step, lane, descending);
    else {
      lane.read(x as Float64Array, at[0], step, descending);
      lane.sort(descending);
    }
    const { keys, order } = lane;
    for (let i = 0, to = 2 * at[2]; i < count; i++, to += 2 * indexStep) {
      v[at[1] + i * valueStep] = keys[i];
      where[to] = order[i];
      where[to + 1] = 0;
    }
  } while (walk.next(at, -1));
}

/** Puts the first of a line's `n` elements in order into the lane: those that precede its last are inserted, each as it comes by. */
function choose(
  n: number,
  x: Float64Array,
  at: number,
  step: number,
  { keys, order }: Lane,
  descending: boolean,
): void {
  const last = keys.length - 1;
  for (let i = 0; i < n; i++, at += step) {
    const key = x[at];
    // The common case first; comparisons fail on nan.
    if (i > last && (descending ? key <= keys[last] : key >= keys[last])) continue;
    if (i > last && !precedes(key, keys[last], descending)) continue;
    let j = Math.min(i, last) - 1;
    for (; j >= 0 && precedes(key, keys[j], descending); j--) {
      keys[j + 1] = keys[j];
      order[j + 1] = order[j];
    }
    keys[j + 1] = key;
    order[j + 1] = i;
  }
}

/** Whether `a` comes before `b`, which stands before it in the line; nan is the greatest. */
function precedes(a: number, b: number, descending: boolean): boolean {
  return descending
    ? a > b || (Number.isNaN(a) && !Number.isNaN(b))
    : a < b || (Number.isNaN(b) && !Number.isNaN(a));
}

/** Elements are put in order by insertion so many at a time, and merged from there on. */
const RUN = 8;

/** Elements of a lane and where they were, which move together. The arrays serve one lane after the other. */
class Lane {
  keys: Float64Array;
  order: Int32Array;
  #otherKeys: Float64Array;
  #otherOrder: Int32Array;
  /** The elements that are compared: all but nan. */
  #start: number = 0;
  #end: number = 0;

  constructor(dtype: DType, n: number) {
    this.keys = typedArray(dtype, n) as Float64Array;
    this.order = new Int32Array(n);
    this.#otherKeys = typedArray(dtype, n) as Float64Array;
    this.#otherOrder = new Int32Array(n);
  }

  /** Takes elements over; nan is the greatest and stays in its order, since comparisons fail on it. */
  read(x: Float64Array, at: number, step: number, descending: boolean): void {
    const { keys, order } = this;
    const n = keys.length;
    let nans = 0;
    for (let i = 0; i < n; i++) if (Number.isNaN(x[at + i * step])) nans++;
    this.#start = descending ? nans : 0;
    this.#end = descending ? n : n - nans;
    let nan = descending ? 0 : n - nans;
    let other = this.#start;
    for (let i = 0; i < n; i++) {
      const key = x[at + i * step];
      if (Number.isNaN(key)) {
        keys[nan] = this.#otherKeys[nan] = key;
        order[nan] = this.#otherOrder[nan] = i;
        nan++;
      } else {
        keys[other] = key;
        order[other++] = i;
      }
    }
  }

  /** A stable merge sort. */
  sort(descending: boolean): void {
    const [start, end] = [this.#start, this.#end];
    for (let from = start; from < end; from += RUN)
      insert(this.keys, this.order, from, Math.min(from + RUN, end), descending);
    for (let width = RUN; width < end - start; width *= 2) {
      const [keys, order] = [this.#otherKeys, this.#otherOrder];
      for (let from = start; from < end; from += 2 * width) {
        const middle = Math.min(from + width, end);
        merge(this.keys, this.order, from, middle, Math.min(from + 2 * width, end), keys, order, descending);
      }
      [this.#otherKeys, this.keys] = [this.keys, keys];
      [this.#otherOrder, this.order] = [this.order, order];
    }
  }
}

/** Puts the elements from `start` to `end` in order by insertion. */
function insert(
  keys: Float64Array,
  order: Int32Array,
  start: number,
  end: number,
  descending: boolean,
): void {
  for (let i = start + 1; i < end; i++) {
    const key = keys[i];
    const moving = order[i];
    let j = i - 1;
    for (; j >= start && (descending ? keys[j] < key : keys[j] > key); j--) {
      keys[j + 1] = keys[j];
      order[j + 1] = order[j];
    }
    keys[j + 1] = key;
    order[j + 1] = moving;
  }
}

/** Two neighbouring runs in order as one, in other arrays. */
function merge(
  keys: Float64Array,
  order: Int32Array,
  start: number,
  middle: number,
  end: number,
  toKeys: Float64Array,
  toOrder: Int32Array,
  descending: boolean,
): void {
  let [left, right] = [start, middle];
  for (let i = start; i < end; i++) {
    const takesRight =
      right < end && (left >= middle || (descending ? keys[right] > keys[left] : keys[right] < keys[left]));
    const from = takesRight ? right++ : left++;
    toKeys[i] = keys[from];
    toOrder[i] = order[from];
  }
}
