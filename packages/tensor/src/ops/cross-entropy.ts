/**
 * The cross entropy of logits and class labels in as few passes as it takes, for losses. What is given is the
 * caller's to check.
 *
 * @module
 * @internal
 */
import { E, input, MapKernel, param, ReduceKernel } from "@flambeau/backend";
import { observed } from "../dispatch/observe.ts";
import { defineOp } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import { abandon } from "../lifetime.ts";
import { Tensor } from "../tensor.ts";
import type { CrossEntropyAttrs } from "./names.ts";

const { div, exp, log, mul, ne, neg, select, sub } = E;

const top = new ReduceKernel("rowMax", "max");
const exponentials = new MapKernel("rowExp", 2, 0, [exp(sub(input(0), input(1)))]);
const total = new ReduceKernel("rowSum", "sum");
/** Of the labels' logits, their rows' largest, their rows' sums. */
const rowLoss = sub(log(input(2)), sub(input(0), input(1)));
/** Param: what the sum is divided by. */
const losses = new ReduceKernel("crossEntropy", "sum", {
  inputs: 3,
  params: 1,
  prepare: rowLoss,
  finish: div(input(0), param(0)),
});
const share = new MapKernel("crossEntropyShare", 1, 1, [neg(div(input(0), param(0)))]);
/** What falls to all classes; the last input is the negated share of a row. Taken from zero, where none is no -0. */
const backward = new MapKernel("crossEntropyBackward", 3, 0, [
  sub(0, mul(input(2), div(input(0), input(1)))),
]);

/** The exponentials of logits less their row's largest, and their sums; gives the largest. */
function exponentiate(x: Tensor, exps: Tensor, sums: Tensor): Tensor {
  const { backend } = x.storage;
  const max = Tensor.empty(backend, sums.shape, x.dtype);
  // The largest element is subtracted first, so that no exponential overflows.
  backend.reduce(top, x.dtype, x.shape, [x], [], max);
  backend.map(exponentials, x.dtype, [x, max], [], [exps]);
  backend.reduce(total, x.dtype, x.shape, [exps], [], sums);
  return max;
}

/**
 * Minus the sum of the log-probabilities that labels name, divided by `count`: the mean for as many rows. `index` has the
 * shape of `x` but for `dim`, where its size is 1.
 *
 * @throws IndexError when a label is out of range, on a device that can be read at once.
 */
export function crossEntropy(x: Tensor, index: Tensor, dim: number, count: number): Tensor {
  const { backend } = x.storage;
  const exps = Tensor.empty(backend, x.shape, x.dtype);
  const sums = Tensor.empty(backend, index.shape, x.dtype);
  const out = runOp(crossEntropyOp, [x], { dim, count, index, exps, sums });
  abandon(exps);
  abandon(sums);
  return out;
}

/** The loss that counts all rows, or those that no label leaves out. Fills the attributes that the derivative reads. */
const crossEntropyOp = defineOp("crossEntropy", {
  shape: () => [],
  run: ([x], attrs, out) => {
    if (attrs.divisor === undefined) lossInto(x, attrs, out);
    else countedLossInto(x, attrs as CountedAttrs, out);
  },
});

type CountedAttrs = CrossEntropyAttrs & Required<Pick<CrossEntropyAttrs, "ignored" | "divisor">>;

/** A kernel's output has as many dimensions as what it reduces. */
function single(x: Tensor, out: Tensor): Tensor {
  return new Tensor(out.storage, new Array<number>(x.ndim).fill(1));
}

function lossInto(x: Tensor, { dim, count, index, exps, sums }: CrossEntropyAttrs, out: Tensor): void {
  const { backend } = x.storage;
  const { dtype } = x;
  const picked = Tensor.empty(backend, index.shape, dtype);
  // This looks at the labels: nothing has been done yet when one is out of range.
  backend.gather(x, dim, index, picked);
  const max = exponentiate(x, exps, sums);
  backend.reduce(losses, dtype, index.shape, [picked, max, sums], [count], single(x, out));
  backend.release(max.storage);
  backend.release(picked.storage);
}

const unit = new MapKernel("one", 0, 1, [param(0)]);
// Their last input are the labels; param: the one that does not count.
const counted = new ReduceKernel("countedLabels", "sum", { params: 1, prepare: ne(input(0), param(0)) });
const named = new MapKernel("namedLabels", 1, 1, [select(ne(input(0), param(0)), input(0), 0)]);
const countedLoss = new MapKernel("countedLoss", 4, 1, [select(ne(input(3), param(0)), rowLoss, 0)]);
const countedShare = new MapKernel("countedShare", 3, 1, [
  select(ne(input(2), param(0)), neg(div(input(0), input(1))), 0),
]);
/** Inputs: the rows' losses, and what their sum is divided by. */
const average = new ReduceKernel("crossEntropyMean", "sum", { inputs: 2, prepare: div(input(0), input(1)) });

/** Labels with class 0 in place of those to ignore. */
function classesOf(index: Tensor, ignored: number): Tensor {
  const { backend } = index.storage;
  const classes = Tensor.empty(backend, index.shape, "int64");
  backend.map(named, "int64", [index], [BigInt(ignored)], [classes]);
  return classes;
}

/**
 * The same where rows whose label is `ignored`, an integer, count nothing: their sum, or their mean over the rows that
 * count.
 *
 * @throws IndexError as `crossEntropy`.
 */
export function crossEntropyIgnoring(
  x: Tensor,
  index: Tensor,
  dim: number,
  isMean: boolean,
  ignored: number,
): Tensor {
  const { backend } = x.storage;
  const exps = Tensor.empty(backend, x.shape, x.dtype);
  const sums = Tensor.empty(backend, index.shape, x.dtype);
  const divisor = Tensor.empty(backend, new Array<number>(x.ndim).fill(1), wideOf(x));
  const out = runOp(crossEntropyOp, [x], { dim, count: 1, index, exps, sums, ignored, divisor, isMean });
  for (const kept of [exps, sums, divisor]) abandon(kept);
  return out;
}

/** Half precision counts to 2048 only. */
function wideOf({ dtype }: Tensor): "float64" | "float32" {
  return dtype === "float64" ? dtype : "float32";
}

function countedLossInto(x: Tensor, attrs: CountedAttrs, out: Tensor): void {
  const { backend } = x.storage;
  const { dtype } = x;
  const { dim, index, exps, sums, ignored, divisor, isMean } = attrs;
  const wide = wideOf(x);
  const rows = Tensor.empty(backend, index.shape, wide);
  if (!backend.labelLosses?.(x, { dim, index, ignored, exps, sums }, rows)) {
    const classes = classesOf(index, ignored);
    const picked = Tensor.empty(backend, index.shape, dtype);
    backend.gather(x, dim, classes, picked);
    const max = exponentiate(x, exps, sums);
    backend.map(countedLoss, wide, [picked, max, sums, index], [ignored], [rows]);
    for (const { storage } of [classes, picked, max]) backend.release(storage);
  }
  if (isMean) backend.reduce(counted, wide, index.shape, [index], [ignored], divisor);
  else backend.map(unit, wide, [], [1], [divisor]);
  backend.reduce(average, wide, index.shape, [rows, divisor], [], single(x, out));
  backend.release(rows.storage);
}

/**
 * The gradient of both by the logits, without a graph: `(softmax(x) - 1 at the label) g / count`.
 *
 * Source: Goodfellow, Bengio and Courville, Deep Learning, section 6.2.2.3.
 */
export function crossEntropyGradient(g: Tensor, x: Tensor, attrs: CrossEntropyAttrs): Tensor {
  return observed("gradient", "crossEntropyBackward", [g, x], attrs, () => gradientOf(g, x, attrs));
}

function gradientOf(g: Tensor, x: Tensor, attrs: CrossEntropyAttrs): Tensor {
  const { backend } = x.storage;
  const { dim, count, index, exps, sums, ignored, divisor } = attrs;
  const out = Tensor.empty(backend, x.shape, x.dtype);
  if (ignored === undefined || divisor === undefined) {
    const one = Tensor.empty(backend, [], x.dtype);
    backend.map(share, x.dtype, [g], [count], [one]);
    const everywhere = new Array<number>(index.ndim).fill(0);
    spread(out, attrs, index, one.withLayout(index.shape, everywhere));
  } else if (!backend.labelGradient?.(g, { dim, index, ignored, exps, sums }, divisor, out)) {
    const classes = classesOf(index, ignored);
    const shares = Tensor.empty(backend, index.shape, x.dtype);
    backend.map(countedShare, divisor.dtype, [g, divisor, index], [ignored], [shares]);
    spread(out, attrs, classes, shares);
    backend.release(classes.storage);
  }
  return out;
}

/** The gradient from each row's negated share of it, which is given back. */
function spread(out: Tensor, { dim, exps, sums }: CrossEntropyAttrs, index: Tensor, shares: Tensor): void {
  const { backend } = out.storage;
  backend.map(backward, out.dtype, [exps, sums, shares], [], [out]);
  backend.scatter("add", out, dim, index, shares);
  backend.release(shares.storage);
}
