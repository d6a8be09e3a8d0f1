/** Decompositions as ops: computed on the host in double precision whatever the device, matrix by matrix. */
import { type DType, numel, type Shape } from "@flambeau/backend";
import { computeOnHost, Tensor } from "@flambeau/tensor";

/** The shape of one matrix's result, and its dtype where that is not the first input's. */
export type Result = readonly [shape: Shape, dtype?: DType];

/**
 * Computes `results` for each element of a batch. `each` gets the elements of one matrix of every input, in double precision, and
 * what to fill; what it throws, a device that cannot be read at once throws at the next read.
 *
 * @param inputs - all with the dimensions of `batch` first.
 */
export function onMatrices(
  inputs: readonly Tensor[],
  batch: Shape,
  results: readonly Result[],
  each: (inputs: Float64Array[], outputs: Float64Array[], index: number) => void,
): Tensor[] {
  const [{ storage, dtype }] = inputs;
  const outputs = results.map(([shape, own]) =>
    Tensor.empty(storage.backend, [...batch, ...shape], own ?? dtype),
  );
  const count = numel(batch);
  if (outputs.every((y) => y.numel() === 0)) return outputs;
  computeOnHost(inputs, outputs, (xs, ys) => {
    const partsOf = (list: Float64Array[], i: number): Float64Array[] =>
      list.map((x) => x.subarray((i * x.length) / count, ((i + 1) * x.length) / count));
    for (let i = 0; i < count; i++) each(partsOf(xs, i), partsOf(ys, i), i);
  });
  return outputs;
}
