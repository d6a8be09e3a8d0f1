import { isContiguous, numel, type Strided } from "@flambeau/backend";
import type { NumberArray } from "../interpreter/loops.ts";
import { dataOf } from "../memory/storage.ts";

/** A call for each input copies faster from so many elements on, on average. */
const MANY = 512;

/** See `FusedKernels.join`; false, and nothing done, for large inputs, and where elements do not follow on each other. */
export function join(inputs: readonly Strided[], dim: number, output: Strided): boolean {
  const { shape, strides, offset } = output;
  if (numel(shape) > MANY * inputs.length || !isContiguous(shape, strides)) return false;
  for (let k = 0; k < inputs.length; k++) if (!isContiguous(inputs[k].shape, inputs[k].strides)) return false;
  let rows = 1;
  for (let d = 0; d < dim; d++) rows *= shape[d];
  const row = rows === 0 ? 0 : numel(shape) / rows;
  const to = dataOf(output) as NumberArray;
  let start = offset;
  for (let k = 0; k < inputs.length; k++) {
    const x = inputs[k];
    const count = rows === 0 ? 0 : numel(x.shape) / rows;
    copyRows(dataOf(x) as NumberArray, x.offset, rows, count, to, start, row);
    start += count;
  }
  return true;
}

function copyRows(
  from: NumberArray,
  at: number,
  rows: number,
  count: number,
  to: NumberArray,
  start: number,
  row: number,
): void {
  for (let i = 0; i < rows; i++, start += row) {
    for (let j = 0; j < count; j++) to[start + j] = from[at++];
  }
}
