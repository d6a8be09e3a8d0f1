/**
 * Reductions: many elements joined into one, over all dimensions or those named.
 *
 * @module
 */
import { E, input, isFloat, numel, param, ReduceKernel } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import type { Op } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import { named } from "../recorder.ts";
import type { Tensor } from "../tensor.ts";
import { ne } from "./compare.ts";
import {
  computeOf,
  type Dims,
  defineReduction,
  dimsOf,
  floatInput,
  type ReduceOptions,
  runReduce,
} from "./reduction.ts";

const kernels = {
  // The largest of no elements is -inf, which is not zero either: hence the comparison at the end.
  any: new ReduceKernel("any", "max", { prepare: E.ne(input(0), 0), finish: E.gt(input(0), 0) }),
  all: new ReduceKernel("all", "min", { prepare: E.ne(input(0), 0), finish: E.gt(input(0), 0) }),
} as const;

const meanKernel = new ReduceKernel("mean", "sum", { params: 1, finish: E.div(input(0), param(0)) });
const sumKernel = new ReduceKernel("sum", "sum");
const ops = {
  sum: defineReduction("sum", sumKernel),
  mean: defineReduction("mean", meanKernel, (x, { dims }) => [numel(dims.map((d) => x.shape[d]))]),
  prod: defineReduction("prod", new ReduceKernel("prod", "prod")),
};

/** PyTorch's nodes where dimensions are named, be it all of them; where none is, they have a 0 in place of the 1. */
const ofDims = { sum: "SumBackward1", mean: "MeanBackward1", prod: "ProdBackward1" } as const;

function reduced(op: keyof typeof ofDims, x: Tensor, dim: Dims, keepdim: boolean): Tensor {
  const out = runOp(ops[op] as Op<"sum">, [x], { dims: dimsOf(x, dim), keepdim });
  return dim == null ? out : named(out, ofDims[op]);
}

/** Sums and products of integers and bools are int64, as in PyTorch. */
function accumulated(x: Tensor, options: ReduceOptions): Tensor {
  const dtype = options.dtype ?? (isFloat(x.dtype) ? x.dtype : "int64");
  return dtype === x.dtype ? x : x.to(dtype);
}

const SUM = "sum(input, dim?: int|ints, keepdim = false, *, dtype?)";

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
export const sum: Callable<typeof SUM, Tensor> = callable(SUM, (x, dim, keepdim, options) => {
  // What has no derivative is counted as it is, without a copy in the result's dtype.
  if (options.dtype === undefined && !isFloat(x.dtype))
    return runReduce("sum", sumKernel, x, { dims: dimsOf(x, dim), keepdim }, "int64", "int64");
  return reduced("sum", accumulated(x, options), dim, keepdim);
});

const MEAN = "mean(input, dim?: int|ints, keepdim = false, *, dtype?)";

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
export const mean: Callable<typeof MEAN, Tensor> = callable(MEAN, (x, dim, keepdim, options) => {
  return reduced("mean", floatInput("mean", x, options), dim, keepdim);
});

const PROD = "prod(input, dim?, keepdim = false, *, dtype?)";

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
export const prod: Callable<typeof PROD, Tensor> = callable(PROD, (x, dim, keepdim, options) => {
  return reduced("prod", accumulated(x, options), dim, keepdim);
});

function logical(op: "any" | "all", x: Tensor, dim: Dims, keepdim: boolean): Tensor {
  // As in PyTorch, which had uint8 before it had bool.
  const dtype = x.dtype === "uint8" ? "uint8" : "bool";
  const attrs = { dims: dimsOf(x, dim), keepdim };
  return runReduce(op, kernels[op], x, attrs, computeOf(x.dtype), dtype);
}

const ANY = "any(input, dim?: int|ints, keepdim = false)";

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
export const any: Callable<typeof ANY, Tensor> = callable(ANY, (x, dim, keepdim) => {
  return logical("any", x, dim, keepdim);
});

const ALL = "all(input, dim?: int|ints, keepdim = false)";

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
export const all: Callable<typeof ALL, Tensor> = callable(ALL, (x, dim, keepdim) => {
  return logical("all", x, dim, keepdim);
});

const COUNT_NONZERO = "countNonzero(input, dim?: int|ints)";

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
export const countNonzero: Callable<typeof COUNT_NONZERO, Tensor> = callable(COUNT_NONZERO, (x, dim) => {
  return sum(ne(x, 0), dim);
});
