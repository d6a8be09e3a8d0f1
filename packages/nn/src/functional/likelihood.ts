/**
 * Negative log likelihoods of counts and of measurements.
 *
 * @module
 */

import { noGrad } from "@flambeau/autograd";
import { formatShape, ShapeError, sameShape, ValueError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { type Callable, withOptions } from "@flambeau/tensor";
import { type LossOptions, reduced } from "./reduction.ts";

/** Options of `poissonNllLoss`. */
export interface PoissonNLLOptions extends LossOptions {
  /** Whether the input is the logarithm of the mean. Default true. */
  readonly logInput?: boolean;
  /** Add Stirling's approximation of the part that depends on the target alone. Default false. */
  readonly full?: boolean;
  /** Added to means before their logarithm is taken. Default 1e-8. */
  readonly eps?: number;
}

const POISSON_NLL_LOSS =
  "poissonNllLoss(input, target, logInput = true, full = false, eps = 1e-8, reduction = 'mean')";

/**
 * Of counts that follow Poisson's distribution: `exp(x) - target * x` for the logarithm x of the mean.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError when the reduction is unknown.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.poissonNllLoss(tensor([0, 1]), tensor([1, 3]), { reduction: "none" }));
 * // tensor([ 1.0000, -0.2817])
 * ```
 */
export const poissonNllLoss: Callable<typeof POISSON_NLL_LOSS, Tensor, PoissonNLLOptions> = withOptions<
  typeof POISSON_NLL_LOSS,
  2,
  Tensor,
  PoissonNLLOptions
>(POISSON_NLL_LOSS, 2, (input, target, options) => {
  const { logInput = true, full = false, eps = 1e-8, reduction = "mean" } = options;
  const losses = logInput ? input.exp().sub(target.mul(input)) : input.sub(target.mul(input.add(eps).log()));
  if (!full) return reduced(losses, reduction);
  const stirling = target
    .mul(target.log())
    .sub(target)
    .add(
      target
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    );
  return reduced(losses.add(stirling.maskedFill(target.le(1), 0)), reduction);
});

/** Options of `gaussianNllLoss`. */
export interface GaussianNLLOptions extends LossOptions {
  /** Add the constant part. Default false. */
  readonly full?: boolean;
  /** The least variance. Default 1e-6. */
  readonly eps?: number;
}

const GAUSSIAN_NLL_LOSS =
  "gaussianNllLoss(input, target, var: tensor, full = false, eps = 1e-6, reduction = 'mean')";

/**
 * Of measurements that follow a normal distribution of given mean and variance: `(log(variance) + (input - target)² / variance) /
 * 2`. The variance has the input's shape, or one for each row.
 *
 * @throws ShapeError when the variance has another shape; ValueError when one is negative, on a device that can be read at
 *   once, or the reduction is unknown.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.gaussianNllLoss(tensor([1, 2]), tensor([1, 4]), tensor([1, 4]), { reduction: "none" }));
 * // tensor([0.0000, 1.1931])
 * ```
 */
export const gaussianNllLoss: Callable<typeof GAUSSIAN_NLL_LOSS, Tensor, GaussianNLLOptions> = withOptions<
  typeof GAUSSIAN_NLL_LOSS,
  3,
  Tensor,
  GaussianNLLOptions
>(GAUSSIAN_NLL_LOSS, 3, (input, target, variance, options) => {
  const { full = false, eps = 1e-6, reduction = "mean" } = options;
  const rows = input.shape.slice(0, -1);
  const perRow = input.ndim > 0 && sameShape(variance.shape, rows);
  const fits = perRow || sameShape(variance.shape, input.shape) || sameShape(variance.shape, [...rows, 1]);
  if (!fits) {
    throw new ShapeError(
      `gaussianNllLoss: an input of shape ${formatShape(input.shape)} takes a variance of that shape or one for each row; got ${formatShape(variance.shape)}`,
    );
  }
  const readable = variance.storage.backend.downloadSync !== undefined;
  if (readable && variance.detach().lt(0).any().itemSync<boolean>())
    throw new ValueError("gaussianNllLoss: a variance is negative");
  const bounded = (perRow ? variance.unsqueeze(-1) : variance).clone();
  // Bounded without a trace, so that small variances have gradients too.
  noGrad(() => bounded.clampMin_(eps));
  const losses = bounded.log().add(input.sub(target).square().div(bounded)).mul(0.5);
  return reduced(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
});
