/** Losses of labels, which Flambeau computes in one kernel. */
import { isFloat } from "@flambeau/backend";
import { type Argument, type Call, Value } from "@flambeau/graph";
import type { Ref } from "../builder.ts";
import type { Emit, Lowerings } from "../emit.ts";
import { tensorArg } from "./args.ts";
import { reduced } from "./reductions.ts";

/** What each label's loss counts, and the losses themselves. */
interface Terms {
  readonly losses: Ref;
  readonly weights: Ref;
}

/** The negative log-probabilities of labels along dimension 1. */
function labelled(x: Emit, call: Call, logProbs: Ref): Terms {
  const { weight, ignoreIndex } = call.args;
  const { dtype } = logProbs;
  const target = x.as(call.args.target, "int64");
  const isIgnored = x.node("Equal", [target, x.as(ignoreIndex, "int64")], "bool");
  const label = x.node("Where", [isIgnored, x.scalar(0, "int64"), target], "int64");
  const index = x.node("Unsqueeze", [label, x.ints([1])], "int64");
  const picked = x.node("GatherElements", [logProbs, index], dtype, { axis: 1 });
  const each =
    weight instanceof Value
      ? x.node("Gather", [x.as(weight, dtype), label], dtype, { axis: 0 })
      : x.scalar(1, dtype);
  const weights = x.node("Where", [isIgnored, x.scalar(0, dtype), each], dtype);
  const negative = x.node("Neg", [x.node("Squeeze", [picked, x.ints([1])], dtype)], dtype);
  return { losses: x.node("Mul", [negative, weights], dtype), weights };
}

function reducedBy(x: Emit, reduction: Argument, losses: Ref, weights: Ref, rank: number): Ref {
  if (reduction === "none") return losses;
  const dims = Array.from({ length: rank }, (_, d) => d);
  const total = reduced(x, "ReduceSum", losses, dims, false);
  if (reduction === "sum") return total;
  return x.node("Div", [total, reduced(x, "ReduceSum", weights, dims, false)], losses.dtype);
}

export const losses: Lowerings = {
  nllLoss: (x, call) => {
    const rank = tensorArg(call, "input").shape.length;
    if (rank < 2) return null;
    const terms = labelled(x, call, x.of(call.args.input));
    return reducedBy(x, call.args.reduction, terms.losses, terms.weights, rank - 1);
  },
  crossEntropy: (x, call) => {
    const value = tensorArg(call, "input");
    const rank = value.shape.length;
    // Probabilities in the place of labels are made of the calls within.
    if (rank < 2 || isFloat(tensorArg(call, "target").dtype)) return null;
    const input = x.of(value);
    const { dtype } = input;
    const logProbs = x.node("LogSoftmax", [input], dtype, { axis: 1 });
    const terms = labelled(x, call, logProbs);
    const smoothing = Number(call.args.labelSmoothing);
    if (smoothing === 0) return reducedBy(x, call.args.reduction, terms.losses, terms.weights, rank - 1);
    const { weight } = call.args;
    const classes = x.cast(x.node("Shape", [input], "int64", { start: 1, end: 2 }), dtype);
    const share = x.node("Div", [x.scalar(smoothing, dtype), x.node("Squeeze", [classes], dtype)], dtype);
    const weighted =
      weight instanceof Value
        ? x.node(
            "Mul",
            [logProbs, x.reshape(x.as(weight, dtype), [1, -1, ...new Array(rank - 2).fill(1)])],
            dtype,
          )
        : logProbs;
    const all = x.node("Neg", [reduced(x, "ReduceSum", weighted, [1], false)], dtype);
    const isCounted = x.node("Not", [isIgnoredIn(x, call)], "bool");
    const spread = x.node(
      "Where",
      [isCounted, x.node("Mul", [all, share], dtype), x.scalar(0, dtype)],
      dtype,
    );
    const own = x.node("Mul", [terms.losses, x.scalar(1 - smoothing, dtype)], dtype);
    const sum = x.node("Add", [own, spread], dtype);
    return reducedBy(x, call.args.reduction, sum, terms.weights, rank - 1);
  },
};

function isIgnoredIn(x: Emit, call: Call): Ref {
  return x.node("Equal", [x.as(call.args.target, "int64"), x.as(call.args.ignoreIndex, "int64")], "bool");
}
