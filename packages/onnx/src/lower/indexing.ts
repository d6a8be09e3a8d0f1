/** Elements by position. */
import { type Argument, type Call, Value } from "@flambeau/graph";
import type { Ref } from "../builder.ts";
import type { Emit, Lowering, Lowerings } from "../emit.ts";
import { dimOf, tensorArg } from "./args.ts";
import { basicIndex, entriesOf } from "./ranges.ts";

const scattered =
  (reduction: "none" | "add" | "mul"): Lowering =>
  (x, call) => {
    const target = x.of(call.args["0"]);
    const index = x.as(call.args.index, "int64");
    // A source may be larger than the index.
    const source = fitted(
      x,
      x.as(call.args["1"], target.dtype),
      call.args["1"] as Value,
      call.args.index as Value,
    );
    const axis = Number(call.args.dim);
    return x.node("ScatterElements", [target, index, source], target.dtype, { axis, reduction });
  };

/** The part of a source that an index of another shape reaches. */
function fitted(x: Emit, source: Ref, value: Value, index: Value): Ref {
  const differs = index.shape.flatMap((size, d) => (String(size) === String(value.shape[d]) ? [] : [d]));
  if (differs.length === 0) return source;
  const ends = x.sizes.vector(differs.map((d) => index.shape[d] as Argument));
  return x.node("Slice", [source, x.ints(differs.map(() => 0)), ends, x.ints(differs)], source.dtype);
}

export const positions: Lowerings = {
  gather: (x, call) => {
    const input = x.of(call.args["0"]);
    const axis = Number(call.args.dim);
    if (!(call.args.index instanceof Value)) return null;
    return x.node("GatherElements", [input, x.as(call.args.index, "int64")], input.dtype, { axis });
  },
  scatter: scattered("none"),
  scatterAdd: scattered("add"),
  scatterMul: scattered("mul"),
  nonzero: (x, call) => transposedPositions(x, x.of(call.args["0"])),
};

/** Where elements are not zero: a row for each. */
function transposedPositions(x: Emit, input: Ref): Ref {
  const columns = x.node("NonZero", [input], "int64");
  return x.node("Transpose", [columns], "int64", { perm: [1, 0] });
}

export const indexing: Lowerings = {
  indexSelect: (x, call) => {
    const value = tensorArg(call, "input");
    const input = x.of(value);
    const index = call.args.index as Value;
    const flat =
      index.shape.length === 1 ? x.of(index) : x.node("Reshape", [x.of(index), x.ints([-1])], index.dtype);
    return x.node("Gather", [input, flat], input.dtype, { axis: dimOf(call.args.dim, value.shape.length) });
  },
  embedding: (x, call) => {
    const { maxNorm } = call.args;
    if (maxNorm !== undefined && maxNorm !== null) return null;
    const weight = x.of(call.args.weight);
    return x.node("Gather", [weight, x.as(call.args.input, "int64")], weight.dtype, { axis: 0 });
  },
  gather: (x, call) => {
    const value = tensorArg(call, "input");
    const input = x.of(value);
    if (value.shape.length === 0) return null;
    const axis = dimOf(call.args.dim, value.shape.length);
    return x.node("GatherElements", [input, x.as(call.args.index, "int64")], input.dtype, { axis });
  },
  take: (x, call) => {
    const input = x.of(call.args.input);
    const flat = x.node("Reshape", [input, x.ints([-1])], input.dtype);
    return x.node("Gather", [flat, x.as(call.args.index, "int64")], input.dtype, { axis: 0 });
  },
  maskedSelect: (x, call) => {
    const input = x.of(call.args.input);
    const mask = x.of(call.args.mask);
    const shown = x.node("Where", [mask, input, input], input.dtype);
    const shape = x.node("Shape", [shown], "int64");
    return compressed(x, shown, x.node("Expand", [mask, shape], "bool"));
  },
  oneHot: (x, call) => {
    const { numClasses } = call.args;
    if (typeof numClasses !== "number" || numClasses < 0)
      return x.refuse("the number of classes is read from the elements; give numClasses");
    const values = x.builder.constant("int64", [2], [0, 1]);
    return x.node("OneHot", [x.as(call.args.input, "int64"), x.ints([numClasses]), values], "int64", {
      axis: -1,
    });
  },
  at: (x, call) => {
    const entries = entriesOf(call.args.index);
    const masks = entries.filter((one) => one instanceof Value && one.dtype === "bool");
    if (masks.length > 0) return masked(x, call, entries as readonly Argument[]);
    const tensors = entries.filter((one) => one instanceof Value);
    const isRange = entries.every((one) => one instanceof Value || one === "..." || one === ":");
    if (tensors.length === 1 && isRange) return oneIndex(x, call, entries, tensors[0] as Value);
    return call.inner.length === 0
      ? basicIndex(x, x.of(call.args.input), tensorArg(call, "input"), entries)
      : null;
  },
};

function compressed(x: Emit, input: Ref, mask: Ref): Ref {
  const flat = (one: Ref): Ref => x.node("Reshape", [one, x.ints([-1])], one.dtype);
  return x.node("Compress", [flat(input), flat(mask)], input.dtype, { axis: 0 });
}

/** The elements, or the rows, where a mask over the first dimensions is true. */
function masked(x: Emit, call: Call, entries: readonly Argument[]): Ref {
  const [mask] = entries;
  const rest = entries.slice(1).every((one) => one === ":" || one === "...");
  if (!(mask instanceof Value) || mask.dtype !== "bool" || !rest)
    return x.refuse("a mask among other indices; index in two steps");
  const input = x.of(call.args.input);
  if (mask.shape.length === 0) return x.refuse("a mask without dimensions");
  return x.node("GatherND", [input, transposedPositions(x, x.of(mask))], input.dtype);
}

/** One tensor of positions along a dimension, of which the others are whole. */
function oneIndex(x: Emit, call: Call, entries: readonly Argument[], index: Value): Ref | null {
  const input = x.of(call.args.input);
  const rank = tensorArg(call, "input").shape.length;
  const at = entries.indexOf(index);
  const dots = entries.indexOf("...");
  const axis = dots < 0 || dots > at ? at : rank - (entries.length - at);
  return x.node("Gather", [input, x.as(index, "int64")], input.dtype, { axis });
}
