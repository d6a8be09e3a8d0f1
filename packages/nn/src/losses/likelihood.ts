import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import * as F from "../functional/likelihood.ts";
import type { Reduction } from "../functional/reduction.ts";
import { Module } from "../module/module.ts";
import { Loss } from "./loss.ts";

const POISSON_NLLLOSS = "PoissonNLLLoss(logInput = true, full = false, eps = 1e-8, reduction = 'mean')";

/**
 * The negative log likelihood of counts that follow Poisson's distribution. See `functional.poissonNllLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.PoissonNLLLoss()(tensor([0, 1]), tensor([1, 3]))));
 * // tensor(0.3591)
 * ```
 */
export class PoissonNLLLoss extends Loss {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** Whether the input is the logarithm of the mean. */
  readonly logInput: boolean;
  /** Whether the part that depends on the target alone is added. */
  readonly full: boolean;
  /** Added to means before their logarithm is taken. */
  readonly eps: number;

  constructor(...args: Args<typeof POISSON_NLLLOSS, F.PoissonNLLOptions>) {
    const { logInput, full, eps, reduction } = bind<typeof POISSON_NLLLOSS, F.PoissonNLLOptions>(
      POISSON_NLLLOSS,
      args,
    );
    super(reduction);
    this.logInput = logInput;
    this.full = full;
    this.eps = eps;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.poissonNllLoss(input, target, this.logInput, this.full, this.eps, this.reduction);
  }
}

const GAUSSIAN_NLLLOSS = "GaussianNLLLoss(*, full = false, eps = 1e-6, reduction = 'mean')";

/**
 * The negative log likelihood of measurements that follow a normal distribution. See `functional.gaussianNllLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.GaussianNLLLoss();
 * console.log(String(loss(tensor([1, 2]), tensor([1, 4]), tensor([1, 4]))));
 * // tensor(0.5966)
 * ```
 */
export class GaussianNLLLoss extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** What becomes of the elements' losses: "mean", "sum" or "none". */
  readonly reduction: Reduction;
  /** Whether the constant part is added. */
  readonly full: boolean;
  /** The least variance. */
  readonly eps: number;

  constructor(...args: Args<typeof GAUSSIAN_NLLLOSS, F.GaussianNLLOptions>) {
    super();
    const { full, eps, reduction } = bind<typeof GAUSSIAN_NLLLOSS, F.GaussianNLLOptions>(
      GAUSSIAN_NLLLOSS,
      args,
    );
    this.reduction = reduction;
    this.full = full;
    this.eps = eps;
  }

  override forward(input: Tensor, target: Tensor, variance: Tensor): Tensor {
    return F.gaussianNllLoss(input, target, variance, this.full, this.eps, this.reduction);
  }
}
