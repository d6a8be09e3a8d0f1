import { quote, ValueError } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";

/**
 * The shape that a table shows of what goes into or comes out of a layer: that of the tensor, or of the first in an
 * array, or of the last in an object; -1 in place of the batch.
 *
 * @throws ValueError when there is no tensor.
 */
export function sizeOf(values: unknown, batchDim: number | null): number[] {
  if (Array.isArray(values)) {
    if (values.length === 0) return [];
    // Only a tensor that lies directly in the array has a batch.
    return values[0] instanceof Tensor ? batched(values[0], batchDim) : nested(values);
  }
  if (values instanceof Tensor) return batched(values, batchDim);
  if (typeof values === "object" && values !== null) {
    const last = Object.values(values).at(-1);
    if (last instanceof Tensor) return batched(last, batchDim);
  }
  throw new ValueError(
    `summary: a layer takes or gives neither a tensor nor a collection of tensors but ${quote(values)}`,
  );
}

function batched(x: Tensor, batchDim: number | null): number[] {
  const size = [...x.shape];
  if (batchDim !== null && x.ndim > 0) size[batchDim < 0 ? batchDim + x.ndim : batchDim] = -1;
  return size;
}

function nested(values: unknown): number[] {
  if (values instanceof Tensor) return [...values.shape];
  return Array.isArray(values) && values.length > 0 ? nested(values[0]) : [];
}
