import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import * as F from "../functional/regression.ts";
import { Loss } from "./loss.ts";

const MSELOSS = "MSELoss(reduction = 'mean')";

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
  constructor(...args: Args<typeof MSELOSS>) {
    super(bind(MSELOSS, args).reduction);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mseLoss(input, target, this.reduction);
  }
}

const L1_LOSS = "L1Loss(reduction = 'mean')";

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
  constructor(...args: Args<typeof L1_LOSS>) {
    super(bind(L1_LOSS, args).reduction);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1Loss(input, target, this.reduction);
  }
}

const SMOOTH_L1_LOSS = "SmoothL1Loss(reduction = 'mean', beta = 1)";

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

  constructor(...args: Args<typeof SMOOTH_L1_LOSS>) {
    const { reduction, beta } = bind(SMOOTH_L1_LOSS, args);
    super(reduction);
    this.beta = beta;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.smoothL1Loss(input, target, this.reduction, this.beta);
  }
}

const HUBER_LOSS = "HuberLoss(reduction = 'mean', delta: number = 1)";

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

  constructor(...args: Args<typeof HUBER_LOSS>) {
    const { reduction, delta } = bind(HUBER_LOSS, args);
    super(reduction);
    this.delta = delta;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.huberLoss(input, target, this.reduction, this.delta);
  }
}
