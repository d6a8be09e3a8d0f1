import { type Strided, type TypedArray, typedArray } from "@flambeau/backend";
import { dataOf } from "./storage.ts";
import { Walk } from "./walk.ts";

const walk = new Walk();
const at = [0, 0, 0];

/** See `Backend.sort`: lane by lane, a merge sort of positions. */
export function sort(
  input: Strided,
  dim: number,
  descending: boolean,
  values: Strided,
  indices: Strided,
): void {
  const x = dataOf(input);
  const v = dataOf(values) as Float64Array;
  const where = dataOf(indices) as BigInt64Array;
  const n = values.shape[dim] ?? 1;
  const lanes = values.shape.map((size, d) => (d === dim ? 1 : size));
  if (n === 0 || lanes.includes(0)) return;
  walk.reset(lanes);
  walk.add(input, lanes);
  walk.add(values, lanes);
  walk.add(indices, lanes);
  walk.merge();
  at[0] = input.offset;
  at[1] = values.offset;
  at[2] = indices.offset;
  const step = input.strides[dim] ?? 0;
  const keys = typedArray(input.dtype, n) as Float64Array;
  do {
    for (let i = 0; i < n; i++) keys[i] = (x as Float64Array)[at[0] + i * step];
    const order = sortedOrder(keys, descending);
    for (let i = 0; i < n; i++) {
      v[at[1] + i * (values.strides[dim] ?? 0)] = keys[order[i]];
      where[at[2] + i * (indices.strides[dim] ?? 0)] = BigInt(order[i]);
    }
  } while (walk.next(at, -1));
}

/** Positions of the keys in stable order, nan as the greatest. */
export function sortedOrder(keys: TypedArray, descending: boolean): Int32Array {
  const x = keys as Float64Array;
  const n = x.length;
  const order = new Int32Array(n);
  // Comparisons fail on nan: those are set aside, in their order.
  let nans = 0;
  for (let i = 0; i < n; i++) if (Number.isNaN(x[i])) nans++;
  let nan = descending ? 0 : n - nans;
  let other = descending ? nans : 0;
  for (let i = 0; i < n; i++) order[Number.isNaN(x[i]) ? nan++ : other++] = i;
  const part = descending ? order.subarray(nans) : order.subarray(0, n - nans);
  mergeSort(x, part, descending);
  return order;
}

/** Runs sorted by insertion, then merged pairwise between the array and a scratch copy. */
function mergeSort(x: Float64Array, order: Int32Array, descending: boolean): void {
  const n = order.length;
  const RUN = 8;
  for (let start = 0; start < n; start += RUN) {
    const end = Math.min(start + RUN, n);
    for (let i = start + 1; i < end; i++) {
      const moving = order[i];
      const key = x[moving];
      let j = i - 1;
      for (; j >= start && (descending ? x[order[j]] < key : x[order[j]] > key); j--) order[j + 1] = order[j];
      order[j + 1] = moving;
    }
  }
  let from: Int32Array = order;
  let to: Int32Array = new Int32Array(n);
  for (let width = RUN; width < n; width *= 2) {
    for (let start = 0; start < n; start += 2 * width) {
      const middle = Math.min(start + width, n);
      const end = Math.min(start + 2 * width, n);
      let left = start;
      let right = middle;
      for (let i = start; i < end; i++) {
        const takeRight =
          right < end &&
          (left >= middle || (descending ? x[from[right]] > x[from[left]] : x[from[right]] < x[from[left]]));
        to[i] = takeRight ? from[right++] : from[left++];
      }
    }
    [from, to] = [to, from];
  }
  if (from !== order) order.set(from);
}
