/**
 * The cross entropy of logits and class labels in as few passes as it takes, for losses. What is given is the
 * caller's to check.
 *
 * @module
 * @internal
 */
import { E, input, MapKernel, param, ReduceKernel } from "@flambeau/backend";
import { abandon } from "../lifetime.ts";
import { record } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import type { CrossEntropyAttrs } from "./names.ts";

const { div, exp, log, mul, neg, sub } = E;

const top = new ReduceKernel("rowMax", "max");
const exponentials = new MapKernel("rowExp", 2, 0, [exp(sub(input(0), input(1)))]);
const total = new ReduceKernel("rowSum", "sum");
/** Inputs: the labels' logits, their rows' largest, their rows' sums; param: what the sum is divided by. */
const losses = new ReduceKernel("crossEntropy", "sum", {
  inputs: 3,
  params: 1,
  prepare: sub(log(input(2)), sub(input(0), input(1))),
  finish: div(input(0), param(0)),
});
const share = new MapKernel("crossEntropyShare", 1, 1, [neg(div(input(0), param(0)))]);
/** What falls to all classes; the last input is the negated share of a row. */
const backward = new MapKernel("crossEntropyBackward", 3, 0, [neg(mul(input(2), div(input(0), input(1))))]);

/**
 * Minus the sum of the log-probabilities that labels name, divided by `count`: the mean for as many rows. `index` has the
 * shape of `x` but for `dim`, where its size is 1.
 *
 * @throws IndexError when a label is out of range, on a device that can be read at once.
 */
export function crossEntropy(x: Tensor, index: Tensor, dim: number, count: number): Tensor {
  const { backend } = x.storage;
  const { dtype } = x;
  const picked = Tensor.empty(backend, index.shape, dtype);
  // This looks at the labels: nothing has been done yet when one is out of range.
  backend.gather(x, dim, index, picked);
  const max = Tensor.empty(backend, index.shape, dtype);
  const sums = Tensor.empty(backend, index.shape, dtype);
  const exps = Tensor.empty(backend, x.shape, dtype);
  const one = Tensor.empty(backend, new Array<number>(x.ndim).fill(1), dtype);
  // The largest element is subtracted first, so that no exponential overflows.
  backend.reduce(top, dtype, x.shape, [x], [], max);
  backend.map(exponentials, dtype, [x, max], [], [exps]);
  backend.reduce(total, dtype, x.shape, [exps], [], sums);
  backend.reduce(losses, dtype, index.shape, [picked, max, sums], [count], one);
  backend.release(max.storage);
  backend.release(picked.storage);
  const out = record("crossEntropy", [x], { dim, count, index, exps, sums }, new Tensor(one.storage, []));
  abandon(exps);
  abandon(sums);
  return out;
}

const unit = new MapKernel("one", 0, 1, [param(0)]);
/** Of labels; param: the one that does not count. */
const counted = new ReduceKernel("countedLabels", "sum", { params: 1, prepare: E.ne(input(0), param(0)) });
/** Inputs: the rows' losses, and what their sum is divided by. */
const average = new ReduceKernel("crossEntropyMean", "sum", { inputs: 2, prepare: div(input(0), input(1)) });

/**
 * The same where rows whose label is `ignored` count nothing: their sum, or their mean over the rows that count. Null on a
 * device that knows its labels, or for more classes than it takes at once.
 */
export function crossEntropyIgnoring(
  x: Tensor,
  index: Tensor,
  dim: number,
  isMean: boolean,
  ignored: number,
): Tensor | null {
  const { backend } = x.storage;
  if (backend.labelLosses === undefined) return null;
  const { dtype } = x;
  const exps = Tensor.empty(backend, x.shape, dtype);
  const sums = Tensor.empty(backend, index.shape, dtype);
  const rows = Tensor.empty(backend, index.shape, "float32");
  const isDone = backend.labelLosses(x, dim, index, ignored, exps, sums, rows);
  if (!isDone) {
    for (const { storage } of [exps, sums, rows]) backend.release(storage);
    return null;
  }
  const single = new Array<number>(x.ndim).fill(1);
  const divisor = Tensor.empty(backend, single, "float32");
  const one = Tensor.empty(backend, single, dtype);
  if (isMean) backend.reduce(counted, "float32", index.shape, [index], [ignored], divisor);
  else backend.map(unit, "float32", [], [1], [divisor]);
  backend.reduce(average, "float32", index.shape, [rows, divisor], [], one);
  backend.release(rows.storage);
  const attrs = { dim, count: 1, index, exps, sums, ignored, divisor };
  const out = record("crossEntropy", [x], attrs, new Tensor(one.storage, []));
  for (const kept of [exps, sums, divisor]) abandon(kept);
  return out;
}

/**
 * The gradient of `crossEntropy` by the logits, without a graph: `(softmax(x) - 1 at the label) g / count`.
 *
 * Source: Goodfellow, Bengio and Courville, Deep Learning, section 6.2.2.3.
 */
export function crossEntropyGradient(g: Tensor, x: Tensor, attrs: CrossEntropyAttrs): Tensor {
  const { backend } = x.storage;
  const { dim, count, index, exps, sums, ignored, divisor } = attrs;
  const out = Tensor.empty(backend, x.shape, x.dtype);
  if (ignored !== undefined && divisor !== undefined) {
    backend.labelGradient?.(g, exps, sums, dim, index, ignored, divisor, out);
    return out;
  }
  const negated = Tensor.empty(backend, [], x.dtype);
  backend.map(share, x.dtype, [g], [count], [negated]);
  backend.map(backward, x.dtype, [exps, sums, negated], [], [out]);
  const everywhere = new Array<number>(index.ndim).fill(0);
  backend.scatter("add", out, dim, index, negated.viewAs(index.shape, everywhere));
  backend.release(negated.storage);
  return out;
}
