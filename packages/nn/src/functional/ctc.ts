import { DTypeError, formatShape, isFloat, quote, ShapeError, ValueError } from "@flambeau/backend";
import {
  arange,
  type Callable,
  callable,
  cat,
  full,
  maximum,
  type Tensor,
  tensor,
  where,
} from "@flambeau/tensor";
import type { LossOptions } from "./reduction.ts";

/** Options of `ctcLoss`. */
export interface CTCOptions extends LossOptions {
  /** The class that stands for no label. Default 0. */
  readonly blank?: number;
  /** Count losses as zero, and without gradient, where the input is too short for its target. Default false. */
  readonly zeroInfinity?: boolean;
}

/** The logarithm of a probability that is none: its gradients are numbers, and sums of it stay below all others. */
const NEVER = -1e30;

const CTC_LOSS =
  "ctcLoss(logProbs: tensor, targets: tensor, inputLengths: tensor|ints, targetLengths: tensor|ints, blank = 0, reduction = 'mean', zeroInfinity = false)";

/**
 * Connectionist temporal classification: minus the logarithm of the probability that a sequence gives its labels, summed over
 * all ways to place them among blanks. `logProbs` is `[steps, batch, classes]`, or without a batch `[steps, classes]`; targets are
 * `[batch, labels]` with anything behind the last label, or all of them in one row. A mean is over the batch, of losses
 * divided by their target's length. Infinite where the input is too short.
 *
 * The gradient by `logProbs` is PyTorch's, which takes them for the result of a log-softmax.
 *
 * Source: Graves et al., "Connectionist Temporal Classification" (2006).
 *
 * @throws DTypeError when `logProbs` are no floats or labels no integers; ShapeError when shapes do not go together; ValueError
 *   when a length that can be read at once is out of range, or `blank` is no class.
 *
 * @example
 * ```ts
 * import { F, tensor, zeros } from "flambeau";
 *
 * const logProbs = F.logSoftmax(zeros([4, 1, 3]), 2);
 * console.log(String(F.ctcLoss(logProbs, tensor([[1n, 2n]]), [4], [2])));
 * // tensor(0.8432)
 * ```
 */
export const ctcLoss: Callable<typeof CTC_LOSS, Tensor> = callable(
  CTC_LOSS,
  (logProbs, targets, inputLengths, targetLengths, blank, reduction, zeroInfinity) => {
    checkInput(logProbs, targets, blank);
    const isBatched = logProbs.ndim === 3;
    const given = isBatched ? logProbs : logProbs.unsqueeze(1);
    const [steps, batch] = given.shape;
    const most = targets.ndim === 2 ? targets.shape[1] : targets.numel();
    const inputs = lengthsOf("inputLengths", inputLengths, batch, steps, logProbs.device);
    const counts = lengthsOf("targetLengths", targetLengths, batch, most, logProbs.device);
    const labels = padded(targets, counts, batch, blank);
    let isNever: Tensor | null = null;
    const x = given.mul(1);
    // An infinite loss has no gradient that is a number.
    if (x.requiresGrad && !zeroInfinity) {
      x.registerHook((g) =>
        where(
          stepsOf(x, inputs)
            .logicalAnd(isNever as Tensor)
            .unsqueeze(2),
          Number.NaN,
          g,
        ),
      );
    }
    const paths = pathsOf(x, labels, inputs, counts, blank);
    isNever = paths.lt(NEVER / 2);
    const all = paths.neg().add(normalization(x, inputs));
    const losses = where(isNever, zeroInfinity ? 0 : Infinity, all);
    if (reduction === "none") return isBatched ? losses : losses.squeeze(0);
    if (reduction === "sum") return losses.sum();
    return losses.div(counts.clampMin(1).to(losses.dtype)).mean();
  },
);

function checkInput(logProbs: Tensor, targets: Tensor, blank: number): void {
  if (!isFloat(logProbs.dtype)) throw new DTypeError(`ctcLoss takes floats; logProbs are ${logProbs.dtype}`);
  if (isFloat(targets.dtype) || targets.dtype === "bool")
    throw new DTypeError(`ctcLoss takes labels as integers; the targets are ${targets.dtype}`);
  if (logProbs.ndim !== 2 && logProbs.ndim !== 3) {
    throw new ShapeError(
      `ctcLoss takes logProbs [steps, batch, classes] or [steps, classes]; got shape ${formatShape(logProbs.shape)}`,
    );
  }
  const batch = logProbs.ndim === 3 ? logProbs.shape[1] : 1;
  if (targets.ndim !== 1 && !(targets.ndim === 2 && targets.shape[0] === batch)) {
    throw new ShapeError(
      `ctcLoss takes targets [${batch}, labels], or all in one row; got shape ${formatShape(targets.shape)}`,
    );
  }
  const classes = logProbs.shape[logProbs.ndim - 1];
  if (!Number.isInteger(blank) || blank < 0 || blank >= classes)
    throw new ValueError(`ctcLoss: blank is one of ${classes} classes; got ${quote(blank)}`);
}

/** One length for each of the batch, as int64. */
function lengthsOf(
  what: string,
  given: Tensor | readonly number[],
  batch: number,
  most: number,
  device: string,
): Tensor {
  const isList = Array.isArray(given);
  const lengths = isList
    ? tensor(
        BigInt64Array.from(given, (n) => BigInt(checkLength(what, n, most))),
        { device },
      )
    : (given as Tensor).to({ dtype: "int64", device }).reshape([-1]);
  if (lengths.numel() !== batch)
    throw new ShapeError(`ctcLoss: ${what} are ${batch}, one for each of the batch; got ${lengths.numel()}`);
  if (!isList && lengths.storage.backend.downloadSync !== undefined) {
    for (const n of lengths.dataSync()) checkLength(what, Number(n), most);
  }
  return lengths;
}

function checkLength(what: string, n: number, most: number): number {
  if (Number.isInteger(n) && n >= 0 && n <= most) return n;
  throw new ValueError(`ctcLoss: ${what} are integers from 0 to ${most}; got ${quote(n)}`);
}

/** The labels as `[batch, most]`, with blanks behind the last of each. */
function padded(targets: Tensor, counts: Tensor, batch: number, blank: number): Tensor {
  const { device } = counts;
  const whole = targets.to({ dtype: "int64", device });
  if (whole.numel() === 0) return whole.reshape([batch, 0]);
  const most = whole.shape[whole.ndim - 1];
  const places = arange(most, { dtype: "int64", device });
  const isLabel = places.lt(counts.unsqueeze(1));
  const blanks = full([batch, most], BigInt(blank), { dtype: "int64", device });
  if (whole.ndim === 2) return where(isLabel, whole, blanks);
  const starts = counts.cumsum(0).sub(counts);
  const index = where(isLabel, places.add(starts.unsqueeze(1)), 0n);
  return where(isLabel, whole.indexSelect(0, index.reshape([-1])).reshape(index.shape), blanks);
}

/** The logarithm of the sum of all ways' probabilities, `[batch]`: the forward variables of equations (5) to (8). */
function pathsOf(x: Tensor, labels: Tensor, inputs: Tensor, counts: Tensor, blank: number): Tensor {
  const [steps, batch, classes] = x.shape;
  const { device, dtype } = x;
  const most = labels.shape[1];
  const size = 2 * most + 1;
  const column = (count: number): Tensor => full([batch, count], NEVER, { dtype, device });
  const blanks = full([batch, most], BigInt(blank), { dtype: "int64", device });
  // A blank before each label and one behind the last.
  const between = cat(
    [
      cat([blanks.unsqueeze(2), labels.unsqueeze(2)], 2).reshape([batch, 2 * most]),
      full([batch, 1], BigInt(blank), { dtype: "int64", device }),
    ],
    1,
  );
  // Between two labels that differ, the blank may be left out.
  const skips =
    size > 2
      ? between
          .narrow(1, 2, size - 2)
          .ne(between.narrow(1, 0, size - 2))
          .logicalAnd(between.narrow(1, 2, size - 2).ne(blank))
      : null;
  const scores = x.clampMin(NEVER).gather(2, between.expand([steps, batch, size]));
  let paths = cat([scores.select(0, 0).narrow(1, 0, Math.min(2, size)), column(Math.max(size - 2, 0))], 1);
  if (steps === 0 || classes === 0) return paths.select(1, 0);
  for (let t = 1; t < steps; t++) {
    const ways = [paths];
    if (size > 1) ways.push(cat([column(1), paths.narrow(1, 0, size - 1)], 1));
    if (skips !== null) {
      const skipped = where(skips, paths.narrow(1, 0, size - 2), NEVER);
      ways.push(cat([column(2), skipped], 1));
    }
    const next = logSum(ways).add(scores.select(0, t));
    paths = where(inputs.gt(t).unsqueeze(1), next, paths);
  }
  const last = counts.mul(2).unsqueeze(1);
  const ends = [paths.gather(1, last)];
  if (most > 0) {
    const before = paths.gather(1, last.sub(1).clampMin(0));
    ends.push(where(counts.gt(0).unsqueeze(1), before, NEVER));
  }
  const found = logSum(ends).squeeze(1);
  // Of no steps at all, only the empty target has a way.
  return where(inputs.gt(0), found, where(counts.eq(0), 0, NEVER));
}

/** The logarithm of a sum of probabilities given by their logarithms. */
function logSum(terms: readonly Tensor[]): Tensor {
  const largest = terms.map((x) => x.detach()).reduce((a, b) => maximum(a, b));
  const sum = terms.map((x) => x.sub(largest).exp()).reduce((a, b) => a.add(b));
  return sum.log().add(largest);
}

/** Zeros, `[batch]`, whose gradient is the derivative of a log-softmax that PyTorch's has in it: each step's probabilities. */
function normalization(x: Tensor, inputs: Tensor): Tensor {
  const sums = x.exp().sum(2);
  return where(stepsOf(x, inputs), sums.sub(sums.detach()), 0).sum(0);
}

/** Which steps the inputs have, `[steps, batch]`. */
function stepsOf(x: Tensor, inputs: Tensor): Tensor {
  const steps = arange(x.shape[0], { dtype: "int64", device: x.device });
  return steps.unsqueeze(1).lt(inputs);
}
