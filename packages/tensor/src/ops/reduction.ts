/** What all reductions share. */
import {
  type DType,
  DTypeError,
  isFloat,
  normalizeDims,
  type ReduceKernel,
  type Shape,
} from "@flambeau/backend";
import { observed, observer } from "../dispatch/observe.ts";
import { defineOp, type Op } from "../dispatch/op.ts";
import { Tensor } from "../tensor.ts";
import type { ReduceAttrs } from "./names.ts";

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
 * The shape of a reduction's result: without the dimensions, unless they are kept.
 *
 * @internal
 */
export function reducedShape(x: Tensor, { dims, keepdim }: ReduceAttrs): number[] {
  return keepdim || dims.length === 0 ? keptShape(x.shape, dims) : withoutDims(x.shape, dims);
}

/**
 * Runs a reduction kernel over one tensor into `out`.
 *
 * @internal
 */
export function reduceInto(
  kernel: ReduceKernel,
  x: Tensor,
  { dims, keepdim }: ReduceAttrs,
  compute: DType,
  params: readonly (number | bigint)[],
  out: Tensor,
): void {
  // A kernel's output has all dimensions.
  const kept = keepdim || dims.length === 0 ? out : new Tensor(out.storage, keptShape(x.shape, dims));
  x.storage.backend.reduce(kernel, compute, x.shape, [x], params, kept);
}

/**
 * The record of a reduction whose result has its input's dtype.
 *
 * @internal
 */
export function defineReduction<K extends "sum" | "mean" | "prod" | "amax" | "amin">(
  name: K,
  kernel: ReduceKernel,
  paramsOf: (x: Tensor, attributes: ReduceAttrs) => readonly (number | bigint)[] = noParams,
): Op<K> {
  return defineOp<K>(name, {
    shape: ([x], attributes: ReduceAttrs) => reducedShape(x, attributes),
    run: ([x], attributes: ReduceAttrs, out) =>
      reduceInto(kernel, x, attributes, computeOf(x.dtype), paramsOf(x, attributes), out),
  });
}

const noParams = (): readonly number[] => [];

/**
 * Runs a reduction without a derivative; see `reduceInto`.
 *
 * @internal
 */
export function runReduce(
  name: string,
  kernel: ReduceKernel,
  x: Tensor,
  attributes: ReduceAttrs,
  compute: DType,
  dtype: DType,
): Tensor {
  return observer === null
    ? reduced(kernel, x, attributes, compute, dtype)
    : observedReduce(name, kernel, x, attributes, compute, dtype);
}

function reduced(
  kernel: ReduceKernel,
  x: Tensor,
  attributes: ReduceAttrs,
  compute: DType,
  dtype: DType,
): Tensor {
  const out = Tensor.empty(x.storage.backend, reducedShape(x, attributes), dtype);
  reduceInto(kernel, x, attributes, compute, [], out);
  return out;
}

function observedReduce(
  name: string,
  kernel: ReduceKernel,
  x: Tensor,
  attributes: ReduceAttrs,
  compute: DType,
  dtype: DType,
): Tensor {
  return observed("op", name, [x], attributes, () => reduced(kernel, x, attributes, compute, dtype));
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
