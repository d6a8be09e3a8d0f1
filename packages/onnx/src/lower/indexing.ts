/** Elements by position. */
import { isFloat } from "@flambeau/backend";
import { type Argument, Value } from "@flambeau/graph";
import type { Ref } from "../builder.ts";
import type { Emit, Lowering, Lowerings } from "../emit.ts";
import { dimOf, tensorArg } from "./args.ts";
import { indexed } from "./indices.ts";

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

export const scatters: Lowerings = {
  scatter: scattered("none"),
  scatterAdd: scattered("add"),
  scatterMul: scattered("mul"),
};

export const positions: Lowerings = {
  gather: (x, call) => {
    const input = x.of(call.args["0"]);
    const axis = Number(call.args.dim);
    if (!(call.args.index instanceof Value)) return null;
    return x.node("GatherElements", [input, x.as(call.args.index, "int64")], input.dtype, { axis });
  },
  // A row for each element that is not zero.
  nonzero: (x, call) => {
    const columns = x.node("NonZero", [x.of(call.args["0"])], "int64");
    return x.node("Transpose", [columns], "int64", { perm: [1, 0] });
  },
};

export const indexing: Lowerings = {
  indexSelect: (x, call) => {
    const value = tensorArg(call, "input");
    const input = x.of(value);
    if (value.shape.length === 0) return input;
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
  // Sums, products and means are made of the calls within; extremes are an op of opset 18.
  scatterReduce: (x, call) => {
    const { input, index, src, dim, reduce, includeSelf } = call.args;
    const value = tensorArg(call, "input");
    if ((reduce !== "amax" && reduce !== "amin") || value.shape.length === 0) return null;
    x.needs(18);
    const target = x.of(input);
    if (includeSelf === false && !isFloat(target.dtype))
      return x.refuse("includeSelf: false of integers has no least element to begin with");
    const positions = x.as(index, "int64");
    const source = fitted(x, x.as(src, target.dtype), src as Value, index as Value);
    const axis = dimOf(dim, value.shape.length);
    const scatter = (from: Ref, what: Ref, reduction: string): Ref =>
      x.node("ScatterElements", [from, positions, what], target.dtype, { axis, reduction });
    const bound = x.scalar(
      reduce === "amax" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
      target.dtype,
    );
    const shape = x.node("Shape", [positions], "int64");
    const from =
      includeSelf === false
        ? scatter(target, x.node("Expand", [bound, shape], target.dtype), "none")
        : target;
    return scatter(from, source, reduce === "amax" ? "max" : "min");
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
  at: (x, call) => indexed(x, x.of(call.args.input), tensorArg(call, "input").shape.length, call.args.index),
};

function compressed(x: Emit, input: Ref, mask: Ref): Ref {
  const flat = (one: Ref): Ref => x.node("Reshape", [one, x.ints([-1])], one.dtype);
  return x.node("Compress", [flat(input), flat(mask)], input.dtype, { axis: 0 });
}
