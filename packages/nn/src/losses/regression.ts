import type { Tensor } from "@flambeau/tensor";
import * as F from "../functional/regression.ts";
import { Loss } from "./loss.ts";

/** The squared differences of input and target; see `functional.mseLoss`. */
export class MSELoss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.mseLoss(input, target, this);
  }
}

/** The absolute differences of input and target. */
export class L1Loss extends Loss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return F.l1Loss(input, target, this);
  }
}

/** Squared below `beta`, absolute above; see `functional.smoothL1Loss`. */
export class SmoothL1Loss extends Loss {
  readonly beta: number;

  constructor(options: F.SmoothL1Options = {}) {
    super(options);
    this.beta = options.beta ?? 1;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.smoothL1Loss(input, target, this);
  }
}

/** Squared up to `delta`, linear beyond; see `functional.huberLoss`. */
export class HuberLoss extends Loss {
  readonly delta: number;

  constructor(options: F.HuberOptions = {}) {
    super(options);
    this.delta = options.delta ?? 1;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.huberLoss(input, target, this);
  }
}
