/**
 * Reductions that choose one of the elements: the largest, the smallest, the one in the middle, or where it is.
 *
 * @module
 */
import { formatShape, IndexError, isFloat, normalizeDim, numel, ReduceKernel } from "@flambeau/backend";
import { named, record } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { maximum, minimum } from "./clamp.ts";
import { isnan } from "./compare.ts";
import { clone } from "./copy.ts";
import { gather } from "./gather.ts";
import { sum } from "./reduce.ts";
import { computeOf, type Dims, dimsOf, type ReduceOptions, runReduce } from "./reduction.ts";
import { squeeze, unsqueeze } from "./views.ts";
import { where } from "./where.ts";

const kernels = {
  amax: new ReduceKernel("amax", "max"),
  amin: new ReduceKernel("amin", "min"),
  argmax: new ReduceKernel("argmax", "argmax"),
  argmin: new ReduceKernel("argmin", "argmin"),
} as const;

function refuseEmpty(what: string, x: Tensor, dims: readonly number[]): void {
  if (dims.some((d) => x.shape[d] === 0) || (x.ndim > 0 && dims.length === x.ndim && numel(x.shape) === 0)) {
    throw new IndexError(
      `${what}: there is no element to choose in an empty dimension; the shape is ${formatShape(x.shape)}`,
    );
  }
}

function extreme(op: "amax" | "amin", x: Tensor, dim: Dims, options: ReduceOptions, name?: string): Tensor {
  const attrs = { dims: dimsOf(x, dim), keepdim: options.keepdim ?? false };
  refuseEmpty(op, x, attrs.dims);
  const out = runReduce(kernels[op], x, attrs.dims, attrs.keepdim, computeOf(x.dtype), x.dtype);
  // PyTorch has other nodes for max() and min(), to which a nan is equal to a nan.
  return name === undefined ? record(op, [x], attrs, out) : whole(x, out, name);
}

/** An element chosen of all, whose gradient all that are equal to it share: the rule of amax, whichever element it is. */
function whole(x: Tensor, chosen: Tensor, name: string): Tensor {
  return named(record("amax", [x], { dims: dimsOf(x, null), keepdim: false, equalNan: true }, chosen), name);
}

/**
 * The largest element; its gradient is shared equally by equal elements.
 *
 * @throws IndexError when there is no element.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 9], [8, 4]]).amax([0, 1])));
 * // tensor(9.)
 * ```
 */
export function amax(x: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
  return extreme("amax", x, dim, options);
}

/**
 * The smallest element; see `amax`.
 *
 * @throws IndexError when there is no element.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 9], [8, 4]]).amin(0)));
 * // tensor([1., 4.])
 * ```
 */
export function amin(x: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
  return extreme("amin", x, dim, options);
}

function position(
  op: "argmax" | "argmin",
  x: Tensor,
  dim: number | null | undefined,
  options: ReduceOptions,
): Tensor {
  const dims = dimsOf(x, dim);
  refuseEmpty(op, x, dims);
  return runReduce(kernels[op], x.detach(), dims, options.keepdim ?? false, computeOf(x.dtype), "int64");
}

/**
 * Where the first largest element is: along a dimension, or in the flattened tensor. int64.
 *
 * @throws IndexError when there is no element.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 3], [5, 2]]).argmax(1)));
 * // tensor([1, 0])
 * ```
 */
export function argmax(x: Tensor, dim?: number | null, options: ReduceOptions = {}): Tensor {
  return position("argmax", x, dim, options);
}

/**
 * Where the first smallest element is; see `argmax`.
 *
 * @throws IndexError when there is no element.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 9], [8, 4]]).argmin(1)));
 * // tensor([0, 1])
 * ```
 */
export function argmin(x: Tensor, dim?: number | null, options: ReduceOptions = {}): Tensor {
  return position("argmin", x, dim, options);
}

/** Values along a dimension and where they were. */
export interface ValuesAndIndices {
  /** The values, of the input's dtype. */
  readonly values: Tensor;
  /** int64. */
  readonly indices: Tensor;
}

function extremeAlong(
  op: "argmax" | "argmin",
  x: Tensor,
  dim: number,
  options: ReduceOptions,
): ValuesAndIndices {
  const keepdim = options.keepdim ?? false;
  const d = normalizeDim(dim, x.ndim);
  if (x.ndim === 0) return { values: x.clone(), indices: position(op, x, undefined, {}) };
  const indices = position(op, x, d, { keepdim: true });
  const values = gather(x, d, indices);
  return keepdim ? { values, indices } : { values: squeeze(values, d), indices: squeeze(indices, d) };
}

/**
 * See `max`.
 *
 * @internal
 */
export interface Extreme {
  (x: Tensor): Tensor;
  (x: Tensor, other: Tensor): Tensor;
  (x: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
}

/**
 * The largest element; along a dimension, the largest and where it was; of two tensors, the larger of each pair.
 *
 * @throws IndexError when there is no element.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[1, 9], [8, 4]]);
 * console.log(String(x.max()));
 * // tensor(9.)
 * const { values, indices } = x.max(1);
 * console.log(String(values), String(indices));
 * // tensor([9., 8.]) tensor([1, 0])
 * ```
 */
export const max: Extreme = ((x: Tensor, dim?: number | Tensor, options: ReduceOptions = {}) => {
  if (dim instanceof Tensor) return maximum(x, dim);
  return dim === undefined
    ? extreme("amax", x, null, options, "MaxBackward1")
    : namedValues(extremeAlong("argmax", x, dim, options), "Max");
}) as Extreme;

/**
 * The smallest element; see `max`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const { values, indices } = tensor([[1, 9], [8, 4]]).min(0);
 * console.log(String(values), String(indices));
 * // tensor([1., 4.]) tensor([0, 1])
 * ```
 */
export const min: Extreme = ((x: Tensor, dim?: number | Tensor, options: ReduceOptions = {}) => {
  if (dim instanceof Tensor) return minimum(x, dim);
  return dim === undefined
    ? extreme("amin", x, null, options, "MinBackward1")
    : namedValues(extremeAlong("argmin", x, dim, options), "Min");
}) as Extreme;

function namedValues(found: ValuesAndIndices, name: string): ValuesAndIndices {
  named(found.values, name);
  return found;
}

/**
 * The median: the middle element in order, the lower of two; its gradient is shared equally by equal elements. Along a
 * dimension, with where it was; the gradient goes there.
 *
 * @throws IndexError when there is no element.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[3, 1, 2], [6, 9, 7]]);
 * console.log(String(x.median()));
 * // tensor(3.)
 * console.log(String(x.median(1).values));
 * // tensor([2., 7.])
 * ```
 */
export const median: {
  (x: Tensor): Tensor;
  (x: Tensor, dim: number, options?: ReduceOptions): ValuesAndIndices;
} = ((x: Tensor, dim?: number, options: ReduceOptions = {}) => {
  const d = dim === undefined ? 0 : normalizeDim(dim, x.ndim);
  const from = dim === undefined ? x.detach().ravel() : x;
  // No element is in the middle of none: nan, where the dtype has it.
  if (dim === undefined && from.numel() === 0 && isFloat(x.dtype)) return named(sum(x).div(0), "Median");
  if (from.ndim === 0)
    return dim === undefined ? x.clone() : { values: x.clone(), indices: x.detach().argmax() };
  refuseEmpty("median", from, [d]);
  const { values, indices } = from.sort(d);
  const middle = Math.floor((from.shape[d] - 1) / 2);
  const picked = { values: values.select(d, middle), indices: indices.select(d, middle) };
  if (isFloat(x.dtype)) {
    // nan sorts last; one of them is the median as soon as there is any.
    const lastValue = values.select(d, from.shape[d] - 1);
    const poisoned = isnan(lastValue.detach());
    picked.values = where(poisoned, lastValue, picked.values);
    picked.indices = where(poisoned, argmax(from.detach(), d), picked.indices);
  }
  if (dim === undefined) return whole(x, clone(picked.values), "MedianBackward0");
  if (!options.keepdim) return namedValues(picked, "MedianBackward1");
  const kept = { values: unsqueeze(picked.values, d), indices: unsqueeze(picked.indices, d) };
  return namedValues(kept, "MedianBackward1");
}) as typeof median;
