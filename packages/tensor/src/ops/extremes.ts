/**
 * Reductions that choose one of the elements: the largest, the smallest, the one in the middle, or where it is.
 *
 * @module
 */
import { formatShape, IndexError, isFloat, normalizeDim, numel, ReduceKernel } from "@flambeau/backend";
import { callable, overloaded } from "../call/callable.ts";
import type { Callable, Overloaded } from "../call/signature.ts";
import { defineOp, type Op } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import { type NamedTuple, namedTuple } from "../named-tuple.ts";
import { named } from "../recorder.ts";
import type { Tensor } from "../tensor.ts";
import { maximum, minimum } from "./clamp.ts";
import { isnan } from "./compare.ts";
import { copyInto } from "./elements.ts";
import { gather } from "./gather.ts";
import { sum } from "./reduce.ts";
import { computeOf, type Dims, defineReduction, dimsOf, runReduce } from "./reduction.ts";
import { squeeze, unsqueeze } from "./views.ts";
import { where } from "./where.ts";

const kernels = {
  argmax: new ReduceKernel("argmax", "argmax"),
  argmin: new ReduceKernel("argmin", "argmin"),
} as const;

const ops = {
  amax: defineReduction("amax", new ReduceKernel("amax", "max")),
  amin: defineReduction("amin", new ReduceKernel("amin", "min")),
};

function refuseEmpty(what: string, x: Tensor, dims: readonly number[]): void {
  if (dims.some((d) => x.shape[d] === 0) || (x.ndim > 0 && dims.length === x.ndim && numel(x.shape) === 0)) {
    throw new IndexError(
      `${what}: there is no element to choose in an empty dimension; the shape is ${formatShape(x.shape)}`,
    );
  }
}

function extreme(op: "amax" | "amin", x: Tensor, dim: Dims, keepdim: boolean, name?: string): Tensor {
  const dims = dimsOf(x, dim);
  refuseEmpty(op, x, dims);
  // PyTorch has other nodes for max() and min(), to which a nan is equal to a nan.
  const attrs = name === undefined ? { dims, keepdim } : { dims, keepdim, equalNan: true };
  const out = runOp(ops[op] as Op<"amax">, [x], attrs);
  return name === undefined ? out : named(out, name);
}

const AMAX = "amax(input, dim?: int|ints, keepdim = false)";

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
export const amax: Callable<typeof AMAX, Tensor> = callable(AMAX, (x, dim, keepdim) => {
  return extreme("amax", x, dim, keepdim);
});

const AMIN = "amin(input, dim?: int|ints, keepdim = false)";

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
export const amin: Callable<typeof AMIN, Tensor> = callable(AMIN, (x, dim, keepdim) => {
  return extreme("amin", x, dim, keepdim);
});

function position(op: "argmax" | "argmin", x: Tensor, dim: number | undefined, keepdim: boolean): Tensor {
  const dims = dimsOf(x, dim);
  refuseEmpty(op, x, dims);
  return runReduce(op, kernels[op], x, { dims, keepdim }, computeOf(x.dtype), "int64");
}

const ARGMAX = "argmax(input, dim?, keepdim = false)";

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
export const argmax: Callable<typeof ARGMAX, Tensor> = callable(ARGMAX, (x, dim, keepdim) => {
  return position("argmax", x, dim, keepdim);
});

const ARGMIN = "argmin(input, dim?, keepdim = false)";

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
export const argmin: Callable<typeof ARGMIN, Tensor> = callable(ARGMIN, (x, dim, keepdim) => {
  return position("argmin", x, dim, keepdim);
});

/** Values along a dimension and where they were, by name or unpacked. */
export type ValuesAndIndices = NamedTuple<{
  /** The values, of the input's dtype. */
  readonly values: Tensor;
  /** int64. */
  readonly indices: Tensor;
}>;

function extremeAlong(op: "argmax" | "argmin", x: Tensor, dim: number, keepdim: boolean): ValuesAndIndices {
  const d = normalizeDim(dim, x.ndim);
  if (x.ndim === 0) return namedTuple({ values: x.clone(), indices: position(op, x, undefined, false) });
  const indices = position(op, x, d, true);
  const values = gather(x, d, indices);
  return namedTuple(
    keepdim ? { values, indices } : { values: squeeze(values, d), indices: squeeze(indices, d) },
  );
}

const MAX = "max(input)";
const MAX_OF_TWO = "max(input, other: tensor)";
const MAX_ALONG = "max(input, dim, keepdim = false)";
const MIN = "min(input)";
const MIN_OF_TWO = "min(input, other: tensor)";
const MIN_ALONG = "min(input, dim, keepdim = false)";

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
export const max: Overloaded<
  [
    Callable<typeof MAX, Tensor>,
    Callable<typeof MAX_OF_TWO, Tensor>,
    Callable<typeof MAX_ALONG, ValuesAndIndices>,
  ]
> = overloaded(
  callable(MAX, (x) => extreme("amax", x, null, false, "MaxBackward1")),
  callable(MAX_OF_TWO, (x, other) => maximum(x, other)),
  callable(MAX_ALONG, (x, dim, keepdim) => namedValues(extremeAlong("argmax", x, dim, keepdim), "Max")),
);

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
export const min: Overloaded<
  [
    Callable<typeof MIN, Tensor>,
    Callable<typeof MIN_OF_TWO, Tensor>,
    Callable<typeof MIN_ALONG, ValuesAndIndices>,
  ]
> = overloaded(
  callable(MIN, (x) => extreme("amin", x, null, false, "MinBackward1")),
  callable(MIN_OF_TWO, (x, other) => minimum(x, other)),
  callable(MIN_ALONG, (x, dim, keepdim) => namedValues(extremeAlong("argmin", x, dim, keepdim), "Min")),
);

function namedValues(found: ValuesAndIndices, name: string): ValuesAndIndices {
  named(found.values, name);
  return found;
}

const medianOp = defineOp("median", {
  shape: () => [],
  run: ([x], _, out) => copyInto(out, middle(x.detach().ravel(), 0).values),
});

const MEDIAN = "median(input)";
const MEDIAN_ALONG = "median(input, dim, keepdim = false)";

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
export const median: Overloaded<
  [Callable<typeof MEDIAN, Tensor>, Callable<typeof MEDIAN_ALONG, ValuesAndIndices>]
> = overloaded(
  callable(MEDIAN, (x) => {
    // No element is in the middle of none: nan, where the dtype has it.
    if (x.numel() === 0 && isFloat(x.dtype)) return named(sum(x).div(0), "Median");
    refuseEmpty("median", x, [0]);
    return runOp(medianOp, [x], { dims: dimsOf(x, null), keepdim: false, equalNan: true });
  }),
  callable(MEDIAN_ALONG, (x, dim, keepdim) => {
    const d = normalizeDim(dim, x.ndim);
    const { values, indices } = middle(x, d);
    const kept = keepdim && x.ndim > 0;
    const found = {
      values: kept ? unsqueeze(values, d) : values,
      indices: kept ? unsqueeze(indices, d) : indices,
    };
    return namedValues(namedTuple(found), "MedianBackward1");
  }),
);

/** The elements in the middle of a dimension's order, and where they were. */
function middle(x: Tensor, dim: number): { readonly values: Tensor; readonly indices: Tensor } {
  if (x.ndim === 0) return { values: x.clone(), indices: x.detach().argmax() };
  refuseEmpty("median", x, [dim]);
  const { values, indices } = x.sort(dim);
  const at = Math.floor((x.shape[dim] - 1) / 2);
  const picked = { values: values.select(dim, at), indices: indices.select(dim, at) };
  if (!isFloat(x.dtype)) return picked;
  // nan sorts last; one of them is the median as soon as there is any.
  const last = values.select(dim, x.shape[dim] - 1);
  const poisoned = isnan(last.detach());
  return {
    values: where(poisoned, last, picked.values),
    indices: where(poisoned, argmax(x.detach(), dim), picked.indices),
  };
}
