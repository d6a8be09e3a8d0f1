import type { Tensor } from "@flambeau/tensor";
import * as F from "../functional/regression.ts";
import { Loss } from "./loss.ts";

/**
 * The squared differences of input and target, by default their mean. See `functional.mseLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.MSELoss();
 * console.log(String(loss(tensor([1, 2]), tensor([1, 4]))));
 * // tensor(2.)
 * ```
 */
export class MSELoss extends Loss {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mseLoss(input, target, this);
  }
}

/**
 * The absolute differences of input and target, by default their mean. See `functional.l1Loss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.L1Loss();
 * console.log(String(loss(tensor([1, 2]), tensor([1, 4]))));
 * // tensor(1.)
 * ```
 */
export class L1Loss extends Loss {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1Loss(input, target, this);
  }
}

/**
 * Squared below `beta`, absolute above; see `functional.smoothL1Loss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.SmoothL1Loss();
 * console.log(String(loss(tensor([1, 2]), tensor([1, 4]))));
 * // tensor(0.7500)
 * ```
 */
export class SmoothL1Loss extends Loss {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** Up to which difference the loss is squared. */
  readonly beta: number;

  constructor(options: F.SmoothL1Options = {}) {
    super(options);
    this.beta = options.beta ?? 1;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.smoothL1Loss(input, target, this);
  }
}

/**
 * Squared up to `delta`, linear beyond; see `functional.huberLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.HuberLoss({ delta: 0.5 });
 * console.log(String(loss(tensor([1, 2]), tensor([1, 4]))));
 * // tensor(0.4375)
 * ```
 */
export class HuberLoss extends Loss {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** Up to which difference the loss is squared. */
  readonly delta: number;

  constructor(options: F.HuberOptions = {}) {
    super(options);
    this.delta = options.delta ?? 1;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.huberLoss(input, target, this);
  }
}
