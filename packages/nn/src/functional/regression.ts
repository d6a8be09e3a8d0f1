/**
 * Losses of real-valued predictions. Input and target broadcast; where that takes place, they warn, as PyTorch does.
 *
 * @module
 */

import { formatShape, quote, sameShape, ValueError, warn } from "@flambeau/backend";
import * as ops from "@flambeau/tensor";
import { type Callable, named, type Tensor, withOptions } from "@flambeau/tensor";
import { type LossOptions, reduced } from "./reduction.ts";

/** A column of predictions and a row of targets would be compared each with each. */
function checkSameShape(what: string, input: Tensor, target: Tensor, losses: Tensor): void {
  if (sameShape(input.shape, target.shape)) return;
  warn(
    `${what}: the input has shape ${formatShape(input.shape)} and the target ${formatShape(target.shape)}, so that ${formatShape(losses.shape)} differences are taken; that is seldom meant. Give both the same shape, as with input.squeeze(-1) or target.reshape(input.shape)`,
  );
}

const MSE_LOSS = "mseLoss(input, target, reduction = 'mean')";

/**
 * The squared differences. Unlike shapes broadcast, with a warning.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(nn.functional.mseLoss(tensor([1, 2]), tensor([1, 4]))));
 * // tensor(2.)
 * ```
 */
export const mseLoss: Callable<typeof MSE_LOSS, Tensor, LossOptions> = withOptions<
  typeof MSE_LOSS,
  2,
  Tensor,
  LossOptions
>(MSE_LOSS, 2, (input, target, options) => {
  const { reduction = "mean" } = options;
  const losses = ops.squaredError(input, target);
  checkSameShape("mseLoss", input, target, losses);
  return named(reduced(losses, reduction), "MseLoss");
});

const L1_LOSS = "l1Loss(input, target, reduction = 'mean')";

/**
 * The absolute differences. Unlike shapes broadcast, with a warning.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.l1Loss(tensor([1, 2]), tensor([1, 4])));
 * // tensor(1.)
 * ```
 */
export const l1Loss: Callable<typeof L1_LOSS, Tensor, LossOptions> = withOptions<
  typeof L1_LOSS,
  2,
  Tensor,
  LossOptions
>(L1_LOSS, 2, (input, target, options) => {
  const { reduction = "mean" } = options;
  const losses = ops.absoluteError(input, target);
  checkSameShape("l1Loss", input, target, losses);
  return reduced(losses, reduction);
});

/** Options of `smoothL1Loss`. */
export interface SmoothL1Options extends LossOptions {
  /** The difference from which on the loss is linear. Default 1. */
  readonly beta?: number;
}

const SMOOTH_L1_LOSS = "smoothL1Loss(input, target, reduction = 'mean', beta = 1)";

/**
 * Half the squared difference over `beta` where it is below `beta`, the absolute difference less `beta / 2` elsewhere.
 * Unlike shapes broadcast, with a warning.
 *
 * @throws ValueError when `beta` is negative.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.smoothL1Loss(tensor([1, 2]), tensor([1.5, 4]), { reduction: "none" }));
 * // tensor([0.1250, 1.5000])
 * ```
 */
export const smoothL1Loss: Callable<typeof SMOOTH_L1_LOSS, Tensor, SmoothL1Options> = withOptions<
  typeof SMOOTH_L1_LOSS,
  2,
  Tensor,
  SmoothL1Options
>(SMOOTH_L1_LOSS, 2, (input, target, options) => {
  const { beta = 1 } = options;
  if (!(beta >= 0)) throw new ValueError(`smoothL1Loss: beta is not negative; got ${quote(beta)}`);
  if (beta === 0) return named(l1Loss(input, target, options.reduction), "SmoothL1Loss");
  const { reduction = "mean" } = options;
  const losses = ops.smoothL1Error(input, target, beta);
  checkSameShape("smoothL1Loss", input, target, losses);
  return named(reduced(losses, reduction), "SmoothL1Loss");
});

/** Options of `huberLoss`. */
export interface HuberOptions extends LossOptions {
  /** The difference from which on the loss is linear. Default 1. */
  readonly delta?: number;
}

const HUBER_LOSS = "huberLoss(input, target, reduction = 'mean', delta = 1)";

/**
 * Half the squared difference up to `delta`, `delta * (difference - delta / 2)` beyond. Unlike shapes
 * broadcast, with a warning.
 *
 * @throws ValueError when `delta` is not positive.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.huberLoss(tensor([1, 2]), tensor([1.5, 5]), { delta: 2, reduction: "none" }));
 * // tensor([0.1250, 4.0000])
 * ```
 */
export const huberLoss: Callable<typeof HUBER_LOSS, Tensor, HuberOptions> = withOptions<
  typeof HUBER_LOSS,
  2,
  Tensor,
  HuberOptions
>(HUBER_LOSS, 2, (input, target, options) => {
  const { delta = 1 } = options;
  if (!(delta > 0)) throw new ValueError(`huberLoss: delta is positive; got ${quote(delta)}`);
  const { reduction = "mean" } = options;
  const losses = ops.huberError(input, target, delta);
  checkSameShape("huberLoss", input, target, losses);
  return named(reduced(losses, reduction), "HuberLoss");
});
