/** Softmax, and attention made of it. */
import { type Argument, type Call, Value } from "@flambeau/graph";
import type { Ref } from "../builder.ts";
import type { Emit, Lowerings } from "../emit.ts";
import { tensorArg } from "./args.ts";

/** Of matrices where a column is not after its row: where a query may look at a key. */
export function upTo(x: Emit, scores: Ref): Ref {
  const range = (axis: number): Ref => {
    const size = x.node("Shape", [scores], "int64", axis === -1 ? { start: -1 } : { start: -2, end: -1 });
    const count = x.node("Squeeze", [size], "int64");
    return x.node("Range", [x.scalar(0, "int64"), count, x.scalar(1, "int64")], "int64");
  };
  const rows = x.node("Unsqueeze", [range(-2), x.ints([1])], "int64");
  return x.node("GreaterOrEqual", [rows, range(-1)], "bool");
}

function permOfLast(rank: number): number[] {
  const dims = Array.from({ length: rank }, (_, d) => d);
  return [...dims.slice(0, -2), rank - 1, rank - 2];
}

function attention(x: Emit, call: Call): Ref {
  const { "0": q, "1": k, "2": v, scale, causal: isCausal } = call.args;
  const mask = (call.args["3"] ?? call.args.mask) as Argument;
  const { dtype } = call.outputs[0];
  const keys = x.node("Transpose", [x.of(k)], dtype, { perm: permOfLast(tensorArg(call, "1").shape.length) });
  const scaled = x.node("Mul", [x.of(q), x.as(scale, dtype)], dtype);
  const scores = x.node("MatMul", [scaled, keys], dtype);
  const lowest = x.scalar(Number.NEGATIVE_INFINITY, dtype);
  let masked = scores;
  if (isCausal === true) masked = x.node("Where", [upTo(x, scores), masked, lowest], dtype);
  const isMasked = mask instanceof Value;
  if (isMasked)
    masked =
      mask.dtype === "bool"
        ? x.node("Where", [x.of(mask), masked, lowest], dtype)
        : x.node("Add", [masked, x.as(mask, dtype)], dtype);
  let weights = x.node("Softmax", [masked], dtype, { axis: -1 });
  // A query that may look nowhere gives zeros, not nan.
  if (isMasked)
    weights = x.node("Where", [x.node("IsNaN", [weights], "bool"), x.scalar(0, dtype), weights], dtype);
  return x.node("MatMul", [weights, x.of(v)], dtype);
}

export const attentions: Lowerings = {
  softmax: (x, call) => normalized(x, call, "Softmax"),
  logSoftmax: (x, call) => normalized(x, call, "LogSoftmax"),
  attention,
};

function normalized(x: Emit, call: Call, op: string): Ref {
  const { dtype } = call.outputs[0];
  const input = x.as(call.args["0"], dtype);
  // A number is all of its distribution.
  if (tensorArg(call, "0").shape.length === 0) return x.scalar(op === "Softmax" ? 1 : 0, dtype);
  return x.node(op, [input], dtype, { axis: Number(call.args.dim) });
}
