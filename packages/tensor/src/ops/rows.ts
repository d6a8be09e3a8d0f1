/**
 * Internal: tensors as the rows that a device's row kernels take.
 *
 * @module
 */
import { isContiguous, numel, type Strided } from "@flambeau/backend";
import type { Tensor } from "../tensor.ts";

/** A contiguous tensor with its last so many dimensions as a row; undefined for any other, or one without elements. */
export function rowsOf(x: Tensor, dims: number): Strided | undefined {
  if (!isContiguous(x.shape, x.strides)) return undefined;
  const n = numel(x.shape.slice(x.ndim - dims));
  if (n === 0) return undefined;
  const { storage, dtype, offset } = x;
  return { storage, dtype, shape: [numel(x.shape) / n, n], strides: [n, 1], offset };
}

/** A contiguous tensor of a row's elements, the same for every row; undefined for any other. */
export function everyRow(x: Tensor, n: number): Strided | undefined {
  if (x.dtype !== "float32" || x.numel() !== n || !isContiguous(x.shape, x.strides)) return undefined;
  const { storage, dtype, offset } = x;
  return { storage, dtype, shape: [1, n], strides: [0, 1], offset };
}

/** A contiguous tensor of a number for each row. */
export function eachRow({ storage, dtype, offset }: Tensor, rows: number): Strided {
  return { storage, dtype, shape: [rows, 1], strides: [1, 0], offset };
}
