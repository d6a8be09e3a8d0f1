/**
 * Losses of predictions among several classes: input `[C]`, `[N, C]` or `[N, C, d1, ...]`.
 *
 * @module
 */

import {
  DTypeError,
  formatShape,
  IndexError,
  isFloat,
  quote,
  ShapeError,
  sameShape,
  ValueError,
} from "@flambeau/backend";
import {
  type Callable,
  callable,
  logits,
  named,
  type Tensor,
  where,
  withOptions,
  xlogy,
} from "@flambeau/tensor";
import { checkLabels, checkTarget, classDimOf } from "./labels.ts";
import { type LossOptions, type Reduction, reduced } from "./reduction.ts";

/** Options of `nllLoss`. */
export interface NLLOptions extends LossOptions {
  /** A weight for each class, `[C]`. The mean is then the weighted one. */
  readonly weight?: Tensor | null;
  /** A label whose predictions count nothing. Default -100. */
  readonly ignoreIndex?: number;
}

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends NLLOptions {
  /** How much of each target is spread evenly over all classes, from 0 (default) to 1. */
  readonly labelSmoothing?: number;
}

function checkWeight(what: string, input: Tensor, weight: Tensor | null | undefined): void {
  if (weight == null || (weight.ndim === 1 && weight.shape[0] === input.shape[classDimOf(input)])) return;
  throw new ShapeError(
    `${what}: an input of shape ${formatShape(input.shape)} takes one weight per class, [${input.shape[classDimOf(input)]}]; got ${formatShape(weight.shape)}`,
  );
}

/** One weight per class, shaped to broadcast over the input. */
function alongClasses(weight: Tensor, input: Tensor): Tensor {
  return weight.reshape([weight.numel(), ...new Array<number>(Math.max(input.ndim - 2, 0)).fill(1)]);
}

/** The reduction of negated losses. A difference from zero, so that a loss of zero has no sign. */
function negated(picked: Tensor, reduction: Reduction): Tensor {
  return reduction === "none" ? picked.neg() : reduced(picked, reduction).rsub(0);
}

const NLL_LOSS = "nllLoss(input, target, weight?, ignoreIndex = -100, reduction = 'mean')";

/**
 * The negative log likelihood: of each row of log-probabilities, minus the one that the label names.
 *
 * @throws DTypeError when labels are no integers; ShapeError when they are not one per row, or weights not one per
 *   class; IndexError when a label is out of range.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const logits = tensor([[2, 0, 0], [0, 0, 3]]);
 * const logProbabilities = nn.functional.logSoftmax(logits, 1);
 * console.log(nn.functional.nllLoss(logProbabilities, tensor([0n, 2n])));
 * // tensor(0.1672)
 * ```
 */
export const nllLoss: Callable<typeof NLL_LOSS, Tensor, NLLOptions> = withOptions<
  typeof NLL_LOSS,
  2,
  Tensor,
  NLLOptions
>(NLL_LOSS, 2, (input, target, options) => {
  return negativeLogLikelihood("nllLoss", input, target, options);
});

function negativeLogLikelihood(what: string, input: Tensor, target: Tensor, options: NLLOptions): Tensor {
  return named(
    negatedPicks(what, input, target, options),
    input.ndim > 2 ? "NllLoss2DBackward0" : "NllLossBackward0",
  );
}

function negatedPicks(what: string, input: Tensor, target: Tensor, options: NLLOptions): Tensor {
  const { weight, ignoreIndex = -100, reduction = "mean" } = options;
  const kind = checkLabels(what, input, target, ignoreIndex);
  checkWeight(what, input, weight);
  const dim = classDimOf(input);
  if (kind === "all" && weight == null) {
    const picked = input.gather(dim, target.unsqueeze(dim));
    return negated(reduction === "none" ? picked.squeeze(dim) : picked, reduction);
  }
  const labels = target.to("int64");
  const counted = labels.ne(ignoreIndex);
  const safe = where(counted, labels, 0n);
  const weights = where(counted, weight == null ? 1 : weight.take(safe), 0).to(input.dtype);
  const picked = input.gather(dim, safe.unsqueeze(dim)).squeeze(dim);
  // An ignored prediction may be -inf, which times zero would be nan.
  if (reduction === "none") return where(counted, picked.mul(weights).neg(), 0);
  const losses = where(counted, picked.mul(weights), 0);
  if (reduction === "sum") return negated(losses, "sum");
  return negated(losses, "sum").div(weights.sum());
}

const CROSS_ENTROPY =
  "crossEntropy(input, target, weight?, ignoreIndex = -100, reduction = 'mean', labelSmoothing = 0)";

/**
 * The cross entropy of logits and a target: class labels, or class probabilities of the input's own shape.
 *
 * @throws DTypeError, ShapeError, IndexError as `nllLoss`; ValueError when `labelSmoothing` is not within [0, 1].
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const logits = tensor([[2, 0, 0], [0, 2, 0]]);
 * console.log(String(nn.functional.crossEntropy(logits, tensor([0n, 1n]))));
 * // tensor(0.2395)
 * ```
 */
export const crossEntropy: Callable<typeof CROSS_ENTROPY, Tensor, CrossEntropyOptions> = withOptions<
  typeof CROSS_ENTROPY,
  2,
  Tensor,
  CrossEntropyOptions
>(CROSS_ENTROPY, 2, (input, target, options) => {
  const { labelSmoothing = 0 } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    throw new ValueError(`crossEntropy: labelSmoothing lies between 0 and 1; got ${quote(labelSmoothing)}`);
  }
  checkLogits(input);
  if (sameShape(input.shape, target.shape)) return fromProbabilities(input, target, options, labelSmoothing);
  if (labelSmoothing > 0) return smoothed(input, target, options, labelSmoothing);
  return fromLabels(input, target, options);
});

/** The softmax, its logarithm and the labels' part of it are one op where nothing comes between. */
function fromLabels(input: Tensor, target: Tensor, options: NLLOptions): Tensor {
  const { weight, ignoreIndex = -100, reduction = "mean" } = options;
  checkTarget("crossEntropy", input, target);
  if (weight != null || reduction === "none" || !Number.isSafeInteger(ignoreIndex)) {
    const logs = input.logSoftmax(classDimOf(input));
    return negativeLogLikelihood("crossEntropy", logs, target, options);
  }
  const loss = fused(input, target, reduction === "mean", ignoreIndex);
  return named(loss, input.ndim > 2 ? "NllLoss2DBackward0" : "NllLossBackward0");
}

function fused(input: Tensor, target: Tensor, isMean: boolean, ignoreIndex: number): Tensor {
  const dim = classDimOf(input);
  const index = target.detach().unsqueeze(dim);
  const count = isMean ? target.numel() : 1;
  // Their mean is nan.
  if (count === 0) return logits.crossEntropy(input, index, dim, count);
  if (input.storage.backend.downloadSync !== undefined) {
    const isClass = ignoreIndex >= 0 && ignoreIndex < input.shape[dim];
    try {
      if (!isClass) return logits.crossEntropy(input, index, dim, count);
    } catch (error) {
      // A label to ignore, perhaps. To look at all of them beforehand takes a tenth as long as the loss of a small batch.
      if (!(error instanceof IndexError)) throw error;
    }
    checkLabels("crossEntropy", input, target, ignoreIndex);
  }
  return logits.crossEntropyIgnoring(input, index, dim, isMean, ignoreIndex);
}

function fromProbabilities(
  input: Tensor,
  target: Tensor,
  options: CrossEntropyOptions,
  smoothing: number,
): Tensor {
  const { weight, reduction = "mean" } = options;
  if (!isFloat(target.dtype)) {
    throw new DTypeError(
      `crossEntropy: a target of the input's shape ${formatShape(target.shape)} holds class probabilities, which are floats; got ${target.dtype}`,
    );
  }
  if ((options.ignoreIndex ?? -100) >= 0)
    throw new ValueError("crossEntropy: ignoreIndex is for class labels, not probabilities");
  checkWeight("crossEntropy", input, weight);
  const dim = classDimOf(input);
  const classes = input.shape[dim];
  const smooth = smoothing === 0 ? target : target.mul(1 - smoothing).add(smoothing / classes);
  const products = input.logSoftmax(dim).mul(smooth);
  const weighted = weight == null ? products : products.mul(alongClasses(weight, input));
  if (reduction === "none") return weighted.sum(dim).neg();
  const total = negated(weighted, "sum");
  return reduction === "sum" ? total : total.div(input.numel() / classes);
}

/** Each target is `1 - smoothing` of its label and `smoothing` of all classes evenly. Source: Szegedy et al. 2016. */
function smoothed(input: Tensor, target: Tensor, options: CrossEntropyOptions, smoothing: number): Tensor {
  const { weight, ignoreIndex = -100, reduction = "mean" } = options;
  const dim = classDimOf(input);
  const logs = input.logSoftmax(dim);
  const exact = negativeLogLikelihood("crossEntropy", logs, target, options);
  const counted = target.to("int64").ne(ignoreIndex);
  const each = (weight == null ? logs : logs.mul(alongClasses(weight, input))).sum(dim);
  const losses = where(counted, each, 0);
  let even = negated(losses, reduction === "none" ? "none" : "sum");
  if (reduction === "mean") {
    const weights =
      weight == null ? counted : where(counted, weight.take(where(counted, target.to("int64"), 0n)), 0);
    even = even.div(weights.to(input.dtype).sum());
  }
  return exact.mul(1 - smoothing).add(even.mul(smoothing / input.shape[dim]));
}

function checkLogits(input: Tensor): void {
  if (!isFloat(input.dtype)) throw new DTypeError(`crossEntropy takes logits as floats; got ${input.dtype}`);
  if (input.ndim === 0)
    throw new ShapeError("crossEntropy: the input has no dimension of classes; its shape is ()");
}

const KL_DIV = "klDiv(input, target, reduction: reduction|'batchmean' = 'mean', logTarget = false)";

/**
 * The Kullback-Leibler divergence of log-probabilities from a target: `t * (log(t) - x)`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const prediction = tensor([[0.2, 0.8]]).log();
 * const target = tensor([[0.5, 0.5]]);
 * console.log(nn.functional.klDiv(prediction, target, { reduction: "batchmean" }));
 * // tensor(0.2231)
 * ```
 */
export const klDiv: Callable<typeof KL_DIV, Tensor> = callable(
  KL_DIV,
  (input, target, reduction, logTarget) => {
    const losses = logTarget
      ? target.exp().mul(target.sub(input))
      : xlogy(target, target).sub(target.mul(input));
    const out = reduced(losses, reduction === "batchmean" ? "sum" : reduction);
    return reduction === "batchmean" ? out.div(input.ndim === 0 ? 1 : input.shape[0]) : out;
  },
);
