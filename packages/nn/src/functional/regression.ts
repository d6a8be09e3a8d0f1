/**
 * Losses of real-valued predictions. Input and target broadcast.
 *
 * @module
 */
import { ValueError } from "@flambeau/backend";
import { named, pointwise, type Tensor } from "@flambeau/tensor";
import { checkReduction, type LossOptions, reduced } from "./reduction.ts";

/**
 * The squared differences.
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
  return named(reduced(pointwise.squaredError(input, target), checkReduction(options.reduction)), "MseLoss");
}

/** The absolute differences. */
export function l1Loss(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  return reduced(pointwise.absoluteError(input, target), checkReduction(options.reduction));
}

/** Options of `smoothL1Loss`. */
export interface SmoothL1Options extends LossOptions {
  /** The difference from which on the loss is linear. Default 1. */
  readonly beta?: number;
}

/**
 * Half the squared difference over `beta` where it is below `beta`, the absolute difference less `beta / 2` elsewhere.
 *
 * @throws ValueError when `beta` is negative.
 */
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1Options = {}): Tensor {
  const { beta = 1 } = options;
  if (!(beta >= 0)) throw new ValueError(`smoothL1Loss: beta is not negative; got ${beta}`);
  if (beta === 0) return l1Loss(input, target, options);
  return named(
    reduced(pointwise.smoothL1Error(input, target, beta), checkReduction(options.reduction)),
    "SmoothL1Loss",
  );
}

/** Options of `huberLoss`. */
export interface HuberOptions extends LossOptions {
  /** The difference from which on the loss is linear. Default 1. */
  readonly delta?: number;
}

/**
 * Half the squared difference up to `delta`, `delta * (difference - delta / 2)` beyond.
 *
 * @throws ValueError when `delta` is not positive.
 */
export function huberLoss(input: Tensor, target: Tensor, options: HuberOptions = {}): Tensor {
  const { delta = 1 } = options;
  if (!(delta > 0)) throw new ValueError(`huberLoss: delta is positive; got ${delta}`);
  return named(
    reduced(pointwise.huberError(input, target, delta), checkReduction(options.reduction)),
    "HuberLoss",
  );
}
