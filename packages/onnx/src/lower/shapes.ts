/** Other layouts of the same elements, parts of them, and tensors put together. */
import { type Argument, type Call, Size, type Value } from "@flambeau/graph";
import type { Ref } from "../builder.ts";
import type { Emit, Lowering, Lowerings } from "../emit.ts";
import { written } from "../memory.ts";
import { dimOf, dimsOf, tensorArg } from "./args.ts";

const same: Lowering = (x, call) => x.of(call.args["0"]);

/** Primitives: what calls of views are made of. */
export const shapes: Lowerings = {
  clone: same,
  cast: (x, call) => x.cast(x.of(call.args["0"]), call.outputs[0].dtype),
  reshape: (x, call) =>
    reshaped(x, x.of(call.args["0"]), tensorArg(call, "0"), call.args.shape as Argument[]),
  permute: (x, call) => permuted(x, x.of(call.args["0"]), call.args.dims as number[]),
  expand: (x, call) => {
    const input = x.of(call.args["0"]);
    return x.node("Expand", [input, x.sizes.vector(call.args.shape as Argument[])], input.dtype);
  },
  slice: (x, call) => {
    const { starts, steps, sizes } = call.args as Record<string, Argument[]>;
    const { shape } = tensorArg(call, "0");
    const input = x.of(call.args["0"]);
    const cut = shape.flatMap((size, d) => (isWhole(size, starts[d], steps[d], sizes[d]) ? [] : [d]));
    return cut.length === 0 ? input : sliced(x, input, cut, starts, steps, sizes);
  },
  split: (x, call) => {
    const input = x.of(call.args["0"]);
    const sizes = call.args.sizes as Argument[];
    const dtypes = sizes.map(() => input.dtype);
    return x.nodes("Split", [input, x.sizes.vector(sizes)], dtypes, { axis: Number(call.args.dim) });
  },
  unbind: (x, call) => {
    const input = x.of(call.args["0"]);
    const axis = Number(call.args.dim);
    return call.outputs.map((_, i) => x.node("Gather", [input, x.scalar(i, "int64")], input.dtype, { axis }));
  },
  unslice: (x, call) => {
    const part = x.of(call.args["0"]);
    const { starts, steps, sizes, shape } = call.args as Record<string, Argument[]>;
    const zeros = x.node("Expand", [x.scalar(0, part.dtype), x.sizes.vector(shape)], part.dtype);
    const dims = shape.map((_, d) => d);
    return written(x.builder, zeros, [(one) => sliced(x, one, dims, starts, steps, sizes)], part);
  },
  cat: (x, call) => {
    const { dtype } = call.outputs[0];
    const parts = call.inputs.map((one) => x.cast(x.of(one), dtype));
    return x.node("Concat", parts, dtype, { axis: Number(call.args.dim) });
  },
};

/** Whether a range is the whole dimension. */
function isWhole(size: Argument, start: Argument, step: Argument, count: Argument): boolean {
  return start === 0 && step === 1 && String(size) === String(count);
}

/** A box of elements: along each of `dims` from a start, in steps, so many. */
function sliced(
  x: Emit,
  input: Ref,
  dims: readonly number[],
  starts: readonly Argument[],
  steps: readonly Argument[],
  sizes: readonly Argument[],
): Ref {
  const of = (list: readonly Argument[]): Ref => x.sizes.vector(dims.map((d) => list[d]));
  const counted = x.node("Mul", [of(sizes), of(steps)], "int64");
  const isFixed = dims.every((d) => [starts[d], steps[d], sizes[d]].every((n) => typeof n === "number"));
  const ends = isFixed
    ? x.ints(dims.map((d) => endOf(starts[d] as number, steps[d] as number, sizes[d] as number)))
    : x.node("Add", [of(starts), counted], "int64");
  return x.node("Slice", [input, of(starts), ends, x.ints(dims), of(steps)], input.dtype);
}

/** Where a range ends; below zero an end would be counted from the other side. */
function endOf(start: number, step: number, count: number): number {
  const end = start + step * count;
  return end < 0 ? -(2 ** 53) : end;
}

/** A transposition; of the identity nothing. */
export function permuted(x: Emit, input: Ref, dims: readonly number[]): Ref {
  return dims.every((d, i) => d === i) ? input : x.node("Transpose", [input], input.dtype, { perm: dims });
}

/** A reshape, with 0 for a dimension that stays and -1 for one that follows, where that says the shape. */
export function reshaped(x: Emit, input: Ref, value: Value, shape: readonly Argument[]): Ref {
  const kept = shape.map((size, d) =>
    size instanceof Size && String(size) === String(value.shape[d]) ? 0 : size,
  );
  const open = kept.filter((size) => typeof size !== "number");
  const isEmpty = shape.some((size) => size === 0);
  if (open.length > 1 || isEmpty) return x.reshape(input, shape);
  return x.reshape(
    input,
    kept.map((size) => (typeof size === "number" ? size : -1)),
  );
}

/** The call of a function whose results are views, where the calls within it are not known. */
export const views: Lowerings = {
  narrow: (x, call) => {
    const { dim, start, length } = call.args;
    return ranged(x, call, dim, start, length);
  },
  select: (x, call) => {
    const input = x.of(call.args.input);
    const axis = dimOf(call.args.dim, tensorArg(call, "input").shape.length);
    return x.node("Gather", [input, x.as(call.args.index, "int64")], input.dtype, { axis });
  },
  transpose: (x, call) => {
    const rank = tensorArg(call, "input").shape.length;
    const [a, b] = [dimOf(call.args.dim0, rank), dimOf(call.args.dim1, rank)];
    const dims = Array.from({ length: rank }, (_, d) => (d === a ? b : d === b ? a : d));
    return permuted(x, x.of(call.args.input), dims);
  },
  permute: (x, call) => {
    const dims = dimsOf(call.args.dims, tensorArg(call, "input").shape.length);
    return permuted(x, x.of(call.args.input), dims);
  },
  unsqueeze: (x, call) => {
    const input = x.of(call.args.input);
    const dim = dimOf(call.args.dim, tensorArg(call, "input").shape.length + 1);
    return x.node("Unsqueeze", [input, x.ints([dim])], input.dtype);
  },
  squeeze: (x, call) => {
    const { shape } = tensorArg(call, "input");
    const input = x.of(call.args.input);
    const dims = dimsOf(call.args.dim, shape.length).filter((d) => shape[d] === 1);
    return dims.length === 0 ? input : x.node("Squeeze", [input, x.ints(dims)], input.dtype);
  },
  reshape: (x, call) => reshapedTo(x, call, call.args.shape as Argument[]),
  view: (x, call) => reshapedTo(x, call, call.args.shape as Argument[]),
  flatten: (x, call) => {
    const { shape } = tensorArg(call, "input");
    const [start, end] = [call.args.startDim, call.args.endDim].map((d) => dimOf(d, shape.length));
    // One dimension follows: those before keep their sizes, those after are given.
    const after = shape.slice(end + 1);
    if (after.some((size) => typeof size !== "number")) return null;
    const kept = shape.slice(0, start).map(() => 0);
    return x.reshape(x.of(call.args.input), [...kept, -1, ...(after as number[])]);
  },
};

function reshapedTo(x: Emit, call: Call, shape: readonly Argument[]): Ref | null {
  return shape.some((size) => size === null)
    ? null
    : reshaped(x, x.of(call.args.input), tensorArg(call, "input"), shape);
}

function ranged(x: Emit, call: Call, dim: Argument, start: Argument, length: Argument): Ref {
  const input = x.of(call.args.input);
  const d = dimOf(dim, tensorArg(call, "input").shape.length);
  // A start may be a tensor; one below zero is counted from the end.
  const first = x.node("Reshape", [x.as(start, "int64"), x.ints([1])], "int64");
  const counted = x.node(
    "Add",
    [first, x.node("Shape", [input], "int64", { start: d, end: d + 1 })],
    "int64",
  );
  const isNegative = x.node("Less", [first, x.ints([0])], "bool");
  const mayBeNegative = typeof start === "number" ? start < 0 : !(start instanceof Size);
  const from = mayBeNegative ? x.node("Where", [isNegative, counted, first], "int64") : first;
  const end = x.node("Add", [from, x.sizes.one(length as number | Size)], "int64");
  return x.node("Slice", [input, from, end, x.ints([d])], input.dtype);
}
