/**
 * Reductions: many elements joined into one, over all dimensions or those named.
 *
 * @module
 */
import {
  checkDType,
  type DType,
  DTypeError,
  E,
  formatShape,
  IndexError,
  input,
  isFloat,
  normalizeDim,
  normalizeDims,
  numel,
  param,
  ReduceKernel,
  type Shape,
} from "@flambeau/backend";
import { getDefaultDType } from "../defaults.ts";
import { named, record } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { pow, sub } from "./arithmetic.ts";
import { maximum, minimum } from "./clamp.ts";
import { isnan, ne } from "./compare.ts";
import { gather } from "./gather.ts";
import { exp, log, sqrt } from "./math.ts";
import { abs, square } from "./rounding.ts";
import { squeeze, unsqueeze } from "./views.ts";
import { maskedFill, where } from "./where.ts";

/** Which dimensions to reduce: one, several, or all of them if left out. */
export type Dims = number | readonly number[] | null | undefined;

/** Options of reductions. */
export interface ReduceOptions {
  /** Keep reduced dimensions with size one. Default false. */
  readonly keepdim?: boolean;
  /** Convert to this dtype before reducing. */
  readonly dtype?: DType;
}

const kernels = {
  sum: new ReduceKernel("sum", "sum"),
  mean: new ReduceKernel("mean", "sum", { params: 1, finish: E.div(input(0), param(0)) }),
  prod: new ReduceKernel("prod", "prod"),
  amax: new ReduceKernel("amax", "max"),
  amin: new ReduceKernel("amin", "min"),
  argmax: new ReduceKernel("argmax", "argmax"),
  argmin: new ReduceKernel("argmin", "argmin"),
  // The largest of no elements is -inf, which is not zero either: hence the comparison at the end.
  any: new ReduceKernel("any", "max", { prepare: E.ne(input(0), 0), finish: E.gt(input(0), 0) }),
  all: new ReduceKernel("all", "min", { prepare: E.ne(input(0), 0), finish: E.gt(input(0), 0) }),
} as const;

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

/** Sums and products of integers and bools are int64, as in PyTorch. */
function accumulated(x: Tensor, options: ReduceOptions): Tensor {
  const dtype =
    options.dtype === undefined ? (isFloat(x.dtype) ? x.dtype : "int64") : checkDType(options.dtype);
  return x.to(dtype);
}

function floatInput(what: string, x: Tensor, options: ReduceOptions): Tensor {
  const converted = options.dtype === undefined ? x : x.to(checkDType(options.dtype));
  if (!isFloat(converted.dtype)) {
    throw new DTypeError(
      `${what} needs floats; got ${converted.dtype} (convert with .to("float32") or give { dtype })`,
    );
  }
  return converted;
}

function dimsOf(x: Tensor, dim: Dims): number[] {
  return normalizeDims(dim ?? undefined, x.ndim);
}

/**
 * The sum; of integers and bools as int64.
 *
 * @throws IndexError when there is no such dimension; ShapeError when one is named twice; DTypeError for an
 *   unknown dtype.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[1, 2], [3, 4]]);
 * console.log(String(x.sum()));
 * // tensor(10.)
 * console.log(String(x.sum(0, { keepdim: true })));
 * // tensor([[4., 6.]])
 * ```
 */
export function sum(x: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
  const from = accumulated(x, options);
  const attrs = { dims: dimsOf(x, dim), keepdim: options.keepdim ?? false };
  const out = runReduce(kernels.sum, from, attrs.dims, attrs.keepdim, from.dtype, from.dtype);
  return record("sum", [from], attrs, out);
}

/**
 * The arithmetic mean.
 *
 * @throws DTypeError for integers, unless a float dtype is given.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4]]).mean(1)));
 * // tensor([1.5000, 3.5000])
 * ```
 */
export function mean(x: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
  const from = floatInput("mean", x, options);
  const attrs = { dims: dimsOf(x, dim), keepdim: options.keepdim ?? false };
  const count = numel(attrs.dims.map((d) => x.shape[d]));
  const out = runReduce(kernels.mean, from, attrs.dims, attrs.keepdim, from.dtype, from.dtype, [count]);
  return record("mean", [from], attrs, out);
}

/**
 * The product, over all elements or one dimension.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4]]).prod(1)));
 * // tensor([ 2., 12.])
 * ```
 */
export function prod(x: Tensor, dim?: number | null, options: ReduceOptions = {}): Tensor {
  const from = accumulated(x, options);
  const attrs = { dims: dimsOf(x, dim), keepdim: options.keepdim ?? false };
  const out = runReduce(kernels.prod, from, attrs.dims, attrs.keepdim, from.dtype, from.dtype);
  return record("prod", [from], attrs, out);
}

function refuseEmpty(what: string, x: Tensor, dims: readonly number[]): void {
  if (dims.some((d) => x.shape[d] === 0) || (x.ndim > 0 && dims.length === x.ndim && numel(x.shape) === 0)) {
    throw new IndexError(
      `${what}: there is no element to choose in an empty dimension; the shape is ${formatShape(x.shape)}`,
    );
  }
}

function extreme(op: "amax" | "amin", x: Tensor, dim: Dims, options: ReduceOptions): Tensor {
  const attrs = { dims: dimsOf(x, dim), keepdim: options.keepdim ?? false };
  refuseEmpty(op, x, attrs.dims);
  const out = runReduce(kernels[op], x, attrs.dims, attrs.keepdim, computeOf(x.dtype), x.dtype);
  return record(op, [x], attrs, out);
}

function computeOf(dtype: DType): DType {
  return dtype === "bool" ? "uint8" : dtype;
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
    ? named(amax(x), "MaxBackward1")
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
    ? named(amin(x), "MinBackward1")
    : namedValues(extremeAlong("argmin", x, dim, options), "Min");
}) as Extreme;

function namedValues(found: ValuesAndIndices, name: string): ValuesAndIndices {
  named(found.values, name);
  return found;
}

function logical(op: "any" | "all", x: Tensor, dim: Dims, options: ReduceOptions): Tensor {
  // As in PyTorch, which had uint8 before it had bool.
  const dtype = x.dtype === "uint8" ? "uint8" : "bool";
  return runReduce(
    kernels[op],
    x.detach(),
    dimsOf(x, dim),
    options.keepdim ?? false,
    computeOf(x.dtype),
    dtype,
  );
}

/**
 * Whether any element is non-zero (nan is): bool, or uint8 for uint8. False where there is none.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[0, 1], [0, 0]]);
 * console.log(String(x.any(1)));
 * // tensor([ True, False])
 * console.log(String(x.all()));
 * // tensor(False)
 * ```
 */
export function any(x: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
  return logical("any", x, dim, options);
}

/**
 * Whether all elements are non-zero: bool, or uint8 for uint8. True where there is none.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [0, 3]]).all(1)));
 * // tensor([ True, False])
 * ```
 */
export function all(x: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
  return logical("all", x, dim, options);
}

/**
 * How many elements are non-zero. int64.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [0, 3]]).countNonzero(1)));
 * // tensor([2, 1])
 * ```
 */
export function countNonzero(x: Tensor, dim?: Dims): Tensor {
  return sum(ne(x, 0), dim);
}

/** Options of `variance` and `std`. */
export interface VarianceOptions extends ReduceOptions {
  /** What is subtracted from the number of elements: 1 (default) for a sample, 0 for a whole population. */
  readonly correction?: number;
  /** `false` is a correction of 0. */
  readonly unbiased?: boolean;
}

/**
 * The variance, of a sample by default (divided by n - 1).
 *
 * @throws DTypeError for integers.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([1, 2, 3, 4]);
 * console.log(String(x.var()));
 * // tensor(1.6667)
 * console.log(String(x.var(0, { correction: 0 })));
 * // tensor(1.2500)
 * ```
 */
function variance(x: Tensor, dim?: Dims, options: VarianceOptions = {}): Tensor {
  const from = floatInput("var", x, options);
  const dims = dimsOf(x, dim);
  const correction = options.correction ?? (options.unbiased === false ? 0 : 1);
  const count = numel(dims.map((d) => x.shape[d]));
  const squares = sum(square(sub(from, mean(from, dims, { keepdim: true }))), dims, {
    keepdim: options.keepdim,
  });
  return named(squares.div(Math.max(count - correction, 0)), "Var");
}

export { variance as var };

/**
 * The standard deviation, the square root of `var`.
 *
 * @throws DTypeError for integers.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2, 3, 4]).std()));
 * // tensor(1.2910)
 * ```
 */
export function std(x: Tensor, dim?: Dims, options: VarianceOptions = {}): Tensor {
  const squared = variance(x, dim, options);
  if (!squared.requiresGrad) return sqrt(squared);
  // The root is infinitely steep at zero; the gradient zero is taken there, as PyTorch does.
  const zero = squared.detach().eq(0);
  return named(maskedFill(sqrt(maskedFill(squared, zero, 1)), zero, 0), "Std");
}

/**
 * `log(sum(exp(x)))` over dimensions, without overflow.
 *
 * @throws DTypeError for integers.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[0, 0], [1000, 0]]).logsumexp(1)));
 * // tensor([6.9315e-01, 1.0000e+03])
 * ```
 */
export function logsumexp(x: Tensor, dim: Dims, options: ReduceOptions = {}): Tensor {
  // Integers are exponents as good as any: as in PyTorch they become the default float.
  const from = floatInput("logsumexp", isFloat(x.dtype) ? x : x.to(getDefaultDType()), options);
  const dims = dimsOf(x, dim);
  if (numel(dims.map((d) => x.shape[d])) === 0) return log(sum(exp(from), dims, options));
  const top = amax(from.detach(), dims, { keepdim: true });
  // Where everything is -inf (or something is inf) the difference would be nan.
  const shift = where(top.isfinite(), top, 0);
  const out = log(sum(exp(sub(from, shift)), dims, { keepdim: true })).add(shift);
  return named(options.keepdim || dims.length === 0 ? out : squeeze(out, dims), "Logsumexp");
}

/**
 * The p-norm over all elements or dimensions: `sum(|x|^p)^(1/p)`; the largest absolute value for Infinity, the smallest
 * for -Infinity, the number of non-zeros for 0. Its gradient at zero is zero.
 *
 * @throws DTypeError for integers.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([3, -4]);
 * console.log(String(x.norm()));
 * // tensor(5.)
 * console.log(String(x.norm(1)));
 * // tensor(7.)
 * ```
 */
export function norm(x: Tensor, p = 2, dim?: Dims, options: ReduceOptions = {}): Tensor {
  const from = floatInput("norm", x, options);
  // Nothing has no length, whichever way it is measured.
  if (numel(dimsOf(x, dim).map((d) => x.shape[d])) === 0) return sum(abs(from), dim, options);
  if (p === Number.POSITIVE_INFINITY) return amax(abs(from), dim, options);
  if (p === Number.NEGATIVE_INFINITY) return amin(abs(from), dim, options);
  if (p === 0) return sum(ne(from, 0), dim, options).to(from.dtype);
  if (p === 1) return named(sum(abs(from), dim, options), "NormBackward1");
  const powers = sum(p === 2 ? square(from) : pow(abs(from), p), dim, options);
  // The root is infinitely steep at zero; its subgradient zero is taken there.
  const zero = powers.detach().eq(0);
  const root = pow(maskedFill(powers, zero, 1), 1 / p);
  return named(maskedFill(root, zero, p < 0 ? Infinity : 0), "NormBackward1");
}

/**
 * The sum with nan taken as zero.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, Number.NaN, 2]).nansum()));
 * // tensor(3.)
 * ```
 */
export function nansum(x: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
  return named(sum(isFloat(x.dtype) ? maskedFill(x, isnan(x), 0) : x, dim, options), "Nansum");
}

/**
 * The mean of the elements that are not nan; nan where there is none.
 *
 * @throws DTypeError for integers.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, Number.NaN, 2]).nanmean()));
 * // tensor(1.5000)
 * ```
 */
export function nanmean(x: Tensor, dim?: Dims, options: ReduceOptions = {}): Tensor {
  const from = floatInput("nanmean", x, options);
  const { keepdim } = options;
  const counted = sum(ne(isnan(from.detach()), true), dim, { keepdim, dtype: from.dtype });
  return nansum(from, dim, { keepdim }).div(counted);
}

/**
 * The median: the middle element in order, the lower of two. Along a dimension, with where it was.
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
  const from = dim === undefined ? x.ravel() : x;
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
  if (dim === undefined) return named(picked.values, "Median");
  if (!options.keepdim) return namedValues(picked, "MedianBackward1");
  const kept = { values: unsqueeze(picked.values, d), indices: unsqueeze(picked.indices, d) };
  return namedValues(kept, "MedianBackward1");
}) as typeof median;
