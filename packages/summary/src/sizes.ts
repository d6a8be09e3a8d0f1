import { isOf } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";

/**
 * The shape that a table shows of what goes into or comes out of a layer: that of the tensor, or of the first in an array, or
 * of the last in an object, or else of the first one inside of either; empty where there is none. -1 stands in place of the
 * batch of a tensor that lies at the top.
 */
export function sizeOf(values: unknown, batchDim: number | null): number[] {
  const top = Array.isArray(values) ? values[0] : isRecord(values) ? entriesOf(values).at(-1) : values;
  // As in torch-summary, a tensor that lies deeper has no batch.
  return top instanceof Tensor ? batched(top, batchDim) : (nested(values, new Set()) ?? []);
}

function batched(x: Tensor, batchDim: number | null): number[] {
  const size = [...x.shape];
  if (batchDim !== null && x.ndim > 0) size[batchDim < 0 ? batchDim + x.ndim : batchDim] = -1;
  return size;
}

/** The shape of the first tensor inside collections, of which one may hold another that holds it. */
function nested(values: unknown, seen: Set<object>): number[] | null {
  if (values instanceof Tensor) return [...values.shape];
  if (!isRecord(values) || seen.has(values)) return null;
  seen.add(values);
  for (const value of entriesOf(values)) {
    const size = nested(value, seen);
    if (size !== null) return size;
  }
  return null;
}

function isRecord(x: unknown): x is object {
  return typeof x === "object" && x !== null && !(x instanceof Tensor);
}

function entriesOf(collection: object): unknown[] {
  if (ArrayBuffer.isView(collection)) return [];
  return isOf("Map", collection)
    ? [...(collection as Map<unknown, unknown>).values()]
    : Object.values(collection);
}
