/** Reductions, scans and orders. */
import { type DType, isFloat, isHalf } from "@flambeau/backend";
import type { Argument, Call } from "@flambeau/graph";
import type { Ref } from "../builder.ts";
import type { Emit, Lowering, Lowerings } from "../emit.ts";
import { dimOf, tensorArg } from "./args.ts";
import { upTo } from "./attention.ts";
import { permuted } from "./shapes.ts";

/** Narrow integers and bools have no kernels of reductions: they are computed in int32, 16-bit floats in float32. */
export function wide(dtype: DType): DType {
  if (isHalf(dtype)) return "float32";
  return isFloat(dtype) || dtype === "int64" ? dtype : "int32";
}

const reduction =
  (op: string): Lowering =>
  (x, call) => {
    const { dtype } = call.outputs[0];
    const dims = call.args.dims as number[];
    const input = x.as(call.args["0"], wide(dtype));
    return x.cast(reduced(x, op, input, dims, call.args.keepdim), dtype);
  };

/** A reduction over dimensions; over none it is the tensor itself. */
export function reduced(x: Emit, op: string, input: Ref, dims: readonly number[], keepdim: Argument): Ref {
  if (dims.length === 0) return input;
  const keepdims = Number(keepdim === true);
  const isInput = op === "ReduceSum" || x.opset >= 18;
  return isInput
    ? x.node(op, [input, x.ints(dims)], input.dtype, { keepdims })
    : x.node(op, [input], input.dtype, { axes: dims, keepdims });
}

const logical =
  (op: string): Lowering =>
  (x, call) => {
    const input = x.cast(x.as(call.args["0"], "bool"), "int32");
    return x.cast(reduced(x, op, input, call.args.dims as number[], call.args.keepdim), "bool");
  };

const positionOf =
  (op: string): Lowering =>
  (x, call) => {
    const value = tensorArg(call, "0");
    const rank = value.shape.length;
    const dims = call.args.dims as number[];
    const input = x.cast(x.of(value), wide(value.dtype));
    const keepdims = Number(call.args.keepdim === true);
    if (rank > 0 && dims.length === 1) return x.node(op, [input], "int64", { axis: dims[0], keepdims });
    const flat = x.node("Reshape", [input, x.ints([-1])], input.dtype);
    const position = x.node(op, [flat], "int64", { axis: 0, keepdims: 0 });
    return keepdims === 0 ? position : x.reshape(position, new Array(rank).fill(1));
  };

/** The sizes of a dimension, as an int64 vector of one element. */
function sizeOf(x: Emit, call: Call, name: string, dim: number): Ref {
  const value = tensorArg(call, name);
  const size = value.shape[dim];
  return size === null || size === undefined
    ? x.node("Shape", [x.of(value)], "int64", { start: dim, end: dim + 1 })
    : x.sizes.one(size);
}

/** The largest or smallest of a dimension in order, and where they stand. */
function ordered(x: Emit, input: Ref, dtype: DType, count: Ref, axis: number, largest: boolean): Ref[] {
  const wideInput = x.cast(input, wide(dtype));
  const attributes = { axis, largest: Number(largest), sorted: 1 };
  const [values, positions] = x.nodes("TopK", [wideInput, count], [wideInput.dtype, "int64"], attributes);
  return [x.cast(values, dtype), positions];
}

/** A shape that makes `[..., 1, n]` to `[..., n, n]`. */
function squareOf(x: Emit, row: Ref): Ref {
  const size = x.node("Shape", [row], "int64", { start: -1 });
  return x.node("Concat", [size, x.ints([1])], "int64", { axis: 0 });
}

export const reductions: Lowerings = {
  sum: reduction("ReduceSum"),
  mean: reduction("ReduceMean"),
  prod: reduction("ReduceProd"),
  amax: reduction("ReduceMax"),
  amin: reduction("ReduceMin"),
  any: logical("ReduceMax"),
  all: logical("ReduceMin"),
  argmax: positionOf("ArgMax"),
  argmin: positionOf("ArgMin"),
  cumsum: (x, call) => {
    const { dtype } = call.outputs[0];
    const input = x.as(call.args["0"], wide(dtype));
    const sum = x.node("CumSum", [input, x.scalar(call.args.dim as number, "int64")], input.dtype);
    return x.cast(sum, dtype);
  },
  // The product of all up to each: ONNX has no op, so that it is one of a triangle of the elements.
  cumprod: (x, call) => {
    const { dtype } = call.outputs[0];
    const rank = tensorArg(call, "0").shape.length;
    const input = x.as(call.args["0"], wide(dtype));
    if (rank === 0) return x.cast(input, dtype);
    const axis = Number(call.args.dim);
    const swap = Array.from({ length: rank }, (_, d) => (d === axis ? rank - 1 : d === rank - 1 ? axis : d));
    const last = permuted(x, input, swap);
    const rows = x.node("Unsqueeze", [last, x.ints([-2])], input.dtype);
    const square = x.node("Expand", [rows, squareOf(x, last)], input.dtype);
    const triangle = x.node("Where", [upTo(x, square), square, x.scalar(1, input.dtype)], input.dtype);
    const product = reduced(x, "ReduceProd", triangle, [rank], false);
    return x.cast(permuted(x, product, swap), dtype);
  },
  // Of all elements: the lower one of two in the middle, or nan.
  median: (x, call) => {
    const { dtype } = call.outputs[0];
    const flat = x.node("Reshape", [x.as(call.args["0"], wide(dtype)), x.ints([-1])], wide(dtype));
    const count = x.node("Shape", [flat], "int64");
    const [sorted] = ordered(x, flat, flat.dtype, count, 0, false);
    const last = x.node("Sub", [x.node("Squeeze", [count], "int64"), x.scalar(1, "int64")], "int64");
    const middle = x.node("Div", [last, x.scalar(2, "int64")], "int64");
    const value = x.node("Gather", [sorted, middle], flat.dtype, { axis: 0 });
    if (!isFloat(dtype)) return x.cast(value, dtype);
    const nans = x.cast(x.node("IsNaN", [flat], "bool"), "int32");
    const isNan = x.cast(reduced(x, "ReduceMax", nans, [0], false), "bool");
    return x.cast(x.node("Where", [isNan, x.scalar(Number.NaN, flat.dtype), value], flat.dtype), dtype);
  },
  sort: (x, call) => {
    const value = tensorArg(call, "0");
    // One element is in order.
    if (value.shape.length === 0) return [x.of(value), x.scalar(0, "int64")];
    const dim = call.args.dim as number;
    return ordered(
      x,
      x.of(value),
      value.dtype,
      sizeOf(x, call, "0", dim),
      dim,
      call.args.descending === true,
    );
  },
};

export const orders: Lowerings = {
  topk: (x, call) => {
    const value = tensorArg(call, "input");
    const rank = value.shape.length;
    if (rank === 0) return null;
    const count = x.sizes.one(call.args.k as number);
    const axis = dimOf(call.args.dim, rank);
    return ordered(x, x.of(value), value.dtype, count, axis, call.args.largest !== false);
  },
};
