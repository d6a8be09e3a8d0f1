/** What all reductions share. */
import {
  type DType,
  DTypeError,
  isFloat,
  normalizeDims,
  type ReduceKernel,
  type Shape,
} from "@flambeau/backend";
import { Tensor } from "../tensor.ts";

/** Which dimensions to reduce: one, several, or all of them if left out. */
export type Dims = number | readonly number[] | null | undefined;

/** Options of reductions. */
export interface ReduceOptions {
  /** Keep reduced dimensions with size one. Default false. */
  readonly keepdim?: boolean;
  /** Convert to this dtype before reducing. */
  readonly dtype?: DType;
}

function keptShape(shape: Shape, dims: readonly number[]): number[] {
  const kept = shape.slice();
  for (const d of dims) kept[d] = 1;
  return kept;
}

function withoutDims(shape: Shape, dims: readonly number[]): number[] {
  return shape.filter((_, i) => !dims.includes(i));
}

/**
 * Runs a reduction kernel over one tensor; the result has no dimensions `dims` unless they are kept.
 *
 * @internal
 */
export function runReduce(
  kernel: ReduceKernel,
  x: Tensor,
  dims: readonly number[],
  keepdim: boolean,
  compute: DType,
  dtype: DType,
  params: readonly (number | bigint)[] = [],
): Tensor {
  const kept = dims.length === x.ndim ? new Array<number>(x.ndim).fill(1) : keptShape(x.shape, dims);
  const out = Tensor.empty(x.storage.backend, kept, dtype);
  x.storage.backend.reduce(kernel, compute, x.shape, [x], params, out);
  if (keepdim || dims.length === 0) return out;
  return new Tensor(out.storage, withoutDims(kept, dims));
}

export function floatInput(what: string, x: Tensor, options: ReduceOptions): Tensor {
  const converted = options.dtype === undefined ? x : x.to(options.dtype);
  if (!isFloat(converted.dtype)) {
    throw new DTypeError(
      `${what} needs floats; got ${converted.dtype} (convert with .to("float32") or give { dtype })`,
    );
  }
  return converted;
}

export function dimsOf(x: Tensor, dim: Dims): number[] {
  return normalizeDims(dim ?? undefined, x.ndim);
}

/** In what a reduction that chooses elements computes. */
export function computeOf(dtype: DType): DType {
  return dtype === "bool" ? "uint8" : dtype;
}
