/**
 * Losses of one label among many with a margin, of several labels at once, and of distances of one's own.
 *
 * @module
 */
import {
  DTypeError,
  formatShape,
  isFloat,
  quote,
  ShapeError,
  sameShape,
  ValueError,
} from "@flambeau/backend";
import { type Callable, callable, minimum, type Tensor, where, zeros } from "@flambeau/tensor";
import { logSigmoid } from "./activation.ts";
import { pairwiseDistance } from "./margins.ts";
import { type LossOptions, reduced } from "./reduction.ts";

/** Scores `[n, classes]`, or `[classes]` as one row of them, or a scalar as one class. */
function rows(what: string, input: Tensor): Tensor {
  if (!isFloat(input.dtype)) throw new DTypeError(`${what} takes floats; got ${input.dtype}`);
  if (input.ndim > 2 || input.shape[input.ndim - 1] === 0) {
    throw new ShapeError(
      `${what} takes an input [n, classes] or [classes]; got shape ${formatShape(input.shape)}`,
    );
  }
  return input.ndim === 2 ? input : input.reshape([1, -1]);
}

function checkLabels(what: string, target: Tensor): void {
  if (isFloat(target.dtype) || target.dtype === "bool")
    throw new DTypeError(`${what} takes labels as integers; the target is ${target.dtype}`);
}

const MULTI_MARGIN_LOSS = "multiMarginLoss(input, target, p = 1, margin = 1, weight?, reduction = 'mean')";

/**
 * By how much the scores of other classes come nearer than a margin to that of the label, to the power `p`, summed and divided by
 * the number of classes: input `[n, classes]` or `[classes]`, labels `[n]` or `[]`. `weight` is a factor for each label's class.
 *
 * @throws DTypeError when labels are no integers; ShapeError when shapes do not go together; ValueError when `p` is neither 1 nor 2.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(String(F.multiMarginLoss(tensor([[0.1, 0.2, 0.4, 0.8]]), tensor([3n]))));
 * // tensor(0.3250)
 * ```
 */
export const multiMarginLoss: Callable<typeof MULTI_MARGIN_LOSS, Tensor> = callable(
  MULTI_MARGIN_LOSS,
  (input, target, p, margin, weight, reduction) => {
    const x = rows("multiMarginLoss", input);
    checkLabels("multiMarginLoss", target);
    if (p !== 1 && p !== 2) throw new ValueError(`multiMarginLoss: p is 1 or 2; got ${quote(p)}`);
    const [n, classes] = x.shape;
    if (target.numel() !== n || target.ndim > 1) {
      throw new ShapeError(
        `multiMarginLoss: for an input of shape ${formatShape(input.shape)} the target has ${n} labels; got shape ${formatShape(target.shape)}`,
      );
    }
    if (weight != null && !sameShape(weight.shape, [classes])) {
      throw new ShapeError(
        `multiMarginLoss: the weight of ${classes} classes has shape [${classes}]; got ${formatShape(weight.shape)}`,
      );
    }
    const labels = target.to("int64").reshape([n, 1]);
    const short = x.sub(x.gather(1, labels)).add(margin).relu();
    const powers = p === 1 ? short : short.square();
    // The label itself is short of the margin by all of it.
    const others = zeros([n, classes], { dtype: "bool", device: x.device })
      .scatter(1, labels, true)
      .logicalNot();
    const weighted =
      weight == null ? powers : powers.mul(weight.indexSelect(0, labels.squeeze(1)).unsqueeze(1));
    const losses = where(others, weighted, 0).sum(1).div(classes);
    return reduced(target.ndim === 0 ? losses.squeeze(0) : losses, reduction);
  },
);

const MULTILABEL_MARGIN_LOSS = "multilabelMarginLoss(input, target, reduction = 'mean')";

/**
 * By how much the scores of other classes come nearer than 1 to those of the labels, summed over all pairs and divided by the number of
 * classes: input `[n, classes]` or `[classes]`, and as many labels in the target, of which those from the first -1 on do not count.
 *
 * @throws DTypeError when labels are no integers; ShapeError when the shapes differ.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const labels = tensor([[3n, 0n, -1n, 1n]]);
 * console.log(String(F.multilabelMarginLoss(tensor([[0.1, 0.2, 0.4, 0.8]]), labels)));
 * // tensor(0.8500)
 * ```
 */
export const multilabelMarginLoss: Callable<typeof MULTILABEL_MARGIN_LOSS, Tensor> = callable(
  MULTILABEL_MARGIN_LOSS,
  (input, target, reduction) => {
    const x = rows("multilabelMarginLoss", input);
    checkLabels("multilabelMarginLoss", target);
    if (!sameShape(target.shape, input.shape)) {
      throw new ShapeError(
        `multilabelMarginLoss: the target has the input's shape ${formatShape(input.shape)}; got ${formatShape(target.shape)}`,
      );
    }
    const given = target.to("int64").reshape(x.shape);
    const isLabel = given.ge(0).to("int32").cumprod(1).ne(0);
    const labels = where(isLabel, given, 0n);
    const named = zeros(x.shape, { dtype: "int32", device: x.device });
    const isOther = named.scatterAdd(1, labels, isLabel.to("int32")).eq(0);
    const short = x.unsqueeze(1).sub(x.gather(1, labels).unsqueeze(2)).add(1).relu();
    const pairs = isLabel.unsqueeze(2).logicalAnd(isOther.unsqueeze(1));
    const losses = where(pairs, short, 0).sum([1, 2]).div(x.shape[1]);
    return reduced(input.ndim === 1 ? losses.squeeze(0) : losses, reduction);
  },
);

/** Options of `multilabelSoftMarginLoss`. */
export interface MultilabelSoftMarginOptions extends LossOptions {
  /** A factor for each class. */
  readonly weight?: Tensor | null;
}

const MULTILABEL_SOFT_MARGIN_LOSS = "multilabelSoftMarginLoss(input, target, weight?, reduction = 'mean')";

/**
 * The binary cross entropy of logits, averaged over the last dimension: one label or none for each of the classes, as 1 or 0.
 *
 * @throws ShapeError when the shapes differ.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(String(F.multilabelSoftMarginLoss(tensor([[2, -1]]), tensor([[1, 1]]))));
 * // tensor(0.7201)
 * ```
 */
export const multilabelSoftMarginLoss: Callable<typeof MULTILABEL_SOFT_MARGIN_LOSS, Tensor> = callable(
  MULTILABEL_SOFT_MARGIN_LOSS,
  (input, target, weight, reduction) => {
    if (!sameShape(target.shape, input.shape)) {
      throw new ShapeError(
        `multilabelSoftMarginLoss: the target has the input's shape ${formatShape(input.shape)}; got ${formatShape(target.shape)}`,
      );
    }
    const yes = target.mul(logSigmoid(input));
    const no = target.neg().add(1).mul(logSigmoid(input.neg()));
    const each = yes.add(no).neg();
    return reduced((weight == null ? each : each.mul(weight)).mean(-1), reduction);
  },
);

/** The distance of two tensors of points. */
export type DistanceFunction = (a: Tensor, b: Tensor) => Tensor;

interface DistanceTypes {
  /** The distance of two tensors of points. Default: `pairwiseDistance`. */
  readonly distanceFunction?: DistanceFunction | null;
}

const TRIPLET =
  "tripletMarginWithDistanceLoss(anchor: tensor, positive: tensor, negative: tensor, *, distanceFunction?: function, margin = 1, swap = false, reduction = 'mean')";

/**
 * How much nearer an anchor is to a negative than to a positive, plus a margin (1), by a distance of one's own; 0 where the
 * margin is kept.
 *
 * @throws ShapeError when the inputs have different numbers of dimensions.
 *
 * @example
 * ```ts
 * import { F, type Tensor, tensor } from "flambeau";
 *
 * const [anchor, positive, negative] = [tensor([[0, 0]]), tensor([[1, 0]]), tensor([[0, 1.5]])];
 * const distanceFunction = (a: Tensor, b: Tensor): Tensor => a.sub(b).abs().sum(-1);
 * console.log(F.tripletMarginWithDistanceLoss(anchor, positive, negative, { distanceFunction }));
 * // tensor(0.5000)
 * ```
 */
export const tripletMarginWithDistanceLoss: Callable<typeof TRIPLET, Tensor, DistanceTypes> = callable<
  typeof TRIPLET,
  Tensor,
  DistanceTypes
>(TRIPLET, (anchor, positive, negative, options) => {
  const { margin, swap, reduction } = options;
  const distance = options.distanceFunction ?? ((a: Tensor, b: Tensor): Tensor => pairwiseDistance(a, b));
  if (anchor.ndim !== positive.ndim || anchor.ndim !== negative.ndim) {
    throw new ShapeError(
      `tripletMarginWithDistanceLoss takes inputs of one number of dimensions; got shapes ${[anchor, positive, negative].map(({ shape }) => formatShape(shape)).join(", ")}`,
    );
  }
  const near = distance(anchor, positive);
  const direct = distance(anchor, negative);
  const far = swap ? minimum(direct, distance(positive, negative)) : direct;
  return reduced(near.add(margin).sub(far).clampMin(0), reduction);
});
