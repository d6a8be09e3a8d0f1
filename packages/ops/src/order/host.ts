/** Work on the host on elements as they are stored, so that those of int64 stay exact. */
import { type Shape, type TypedArray, typedArray } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";

/** Elements of any dtype: the numbers of one array compare with each other. */
export type Elements = TypedArray & { [i: number]: number };

/**
 * Fills `outputs` on the host, whatever the device. What `compute` throws, a device that cannot be read at once throws at the next
 * read.
 */
export function onHost(
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  compute: (inputs: readonly Elements[], outputs: readonly Elements[]) => void,
): void {
  const plain = inputs.map((x) => x.detach());
  plain[0].storage.backend.onHost(plain, outputs, (arrays) => {
    // Of halves the device makes them itself.
    const results = outputs.map(({ dtype, shape }) => typedArray(dtype, countOf(shape)));
    compute(arrays as readonly Elements[], results as readonly Elements[]);
    return results;
  });
}

const countOf = (shape: Shape): number => shape.reduce((n, size) => n * size, 1);

/** The elements along one dimension, lane by lane, in an array in row-major order. */
export interface Lanes {
  /** How many lanes there are. */
  readonly count: number;
  /** How many elements a lane has. */
  readonly size: number;
  /** How far apart they are. */
  readonly step: number;
  /** Where a lane starts. */
  readonly start: (lane: number) => number;
}

/** Lanes along a dimension, which is counted from the front. A scalar is one lane of one element. */
export function lanesOf(shape: Shape, dim: number): Lanes {
  const size = shape[dim] ?? 1;
  const step = countOf(shape.slice(dim + 1));
  const count = countOf(shape.slice(0, dim)) * step;
  return { count, size, step, start: (lane) => Math.floor(lane / step) * size * step + (lane % step) };
}
