import { type TypedArray, typedArray } from "@flambeau/backend";
import type { Tensor } from "../tensor.ts";

/**
 * Computes on the host in double precision: `compute` gets the inputs' elements and the outputs' to fill, whatever the device and
 * the dtypes. See `Backend.onHost` for when.
 *
 * @internal
 */
export function computeOnHost(
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  compute: (inputs: Float64Array[], outputs: Float64Array[]) => void,
): void {
  inputs[0].storage.backend.onHost(inputs, outputs, (arrays) => {
    const results = outputs.map((out) => new Float64Array(out.numel()));
    compute(arrays.map(doubles), results);
    return results.map((result, i) => inKindOf(outputs[i], result));
  });
}

function doubles(array: TypedArray): Float64Array {
  return array instanceof BigInt64Array
    ? Float64Array.from(array, Number)
    : Float64Array.from(array as Float64Array);
}

function inKindOf({ dtype }: Tensor, values: Float64Array): TypedArray {
  if (dtype === "int64") return BigInt64Array.from(values, BigInt);
  // Of halves the device makes them itself.
  const array = typedArray(dtype, values.length);
  (array as Float32Array).set(values);
  return array;
}

/** Matrix `i` of a batch of matrices of so many elements. */
export function matrixAt(batch: Float64Array, i: number, size: number): Float64Array {
  return batch.subarray(i * size, (i + 1) * size);
}
