/**
 * Losses of real-valued predictions. Input and target broadcast; where that takes place, they warn, as PyTorch does.
 *
 * @module
 */
import { formatShape, quote, sameShape, ValueError, warn } from "@flambeau/backend";
import * as ops from "@flambeau/tensor";
import { named, type Tensor } from "@flambeau/tensor";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

/** A column of predictions and a row of targets would be compared each with each. */
function checkSameShape(what: string, input: Tensor, target: Tensor, losses: Tensor): void {
  if (sameShape(input.shape, target.shape)) return;
  warn(
    `${what}: the input has shape ${formatShape(input.shape)} and the target ${formatShape(target.shape)}, so that ${formatShape(losses.shape)} differences are taken; that is seldom meant. Give both the same shape, as with input.squeeze(-1) or target.reshape(input.shape)`,
  );
}

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
export function mseLoss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const reduction = checkReduction(options.reduction);
  const losses = ops.squaredError(input, target);
  checkSameShape("mseLoss", input, target, losses);
  return named(reduced(losses, reduction), "MseLoss");
}

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
export function l1Loss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const reduction = checkReduction(options.reduction);
  const losses = ops.absoluteError(input, target);
  checkSameShape("l1Loss", input, target, losses);
  return reduced(losses, reduction);
}

/** Options of `smoothL1Loss`. */
export interface SmoothL1Options extends LossOptions {
  /** The difference from which on the loss is linear. Default 1. */
  readonly beta?: number;
}

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
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor {
  const { beta = 1 } = options;
  if (!(beta >= 0)) throw new ValueError(`smoothL1Loss: beta is not negative; got ${quote(beta)}`);
  if (beta === 0) return named(l1Loss(input, target, options), "SmoothL1Loss");
  const reduction = checkReduction(options.reduction);
  const losses = ops.smoothL1Error(input, target, beta);
  checkSameShape("smoothL1Loss", input, target, losses);
  return named(reduced(losses, reduction), "SmoothL1Loss");
}

/** Options of `huberLoss`. */
export interface HuberOptions extends LossOptions {
  /** The difference from which on the loss is linear. Default 1. */
  readonly delta?: number;
}

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
export function huberLoss(input: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  const { delta = 1 } = options;
  if (!(delta > 0)) throw new ValueError(`huberLoss: delta is positive; got ${quote(delta)}`);
  const reduction = checkReduction(options.reduction);
  const losses = ops.huberError(input, target, delta);
  checkSameShape("huberLoss", input, target, losses);
  return named(reduced(losses, reduction), "HuberLoss");
}
