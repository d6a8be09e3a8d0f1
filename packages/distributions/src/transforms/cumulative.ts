import { ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import * as constraints from "../constraints/index.ts";
import { Distribution } from "../distribution.ts";
import { Transform } from "./transform.ts";

/** What the signature takes. */
export interface CumulativeTypes {
  /** The distribution whose function is taken. */
  readonly distribution: Distribution;
}

const CUMULATIVE = "CumulativeDistributionTransform(distribution: any, cacheSize: int = 0)";

/**
 * The cumulative distribution function of a distribution: it makes uniform numbers of samples.
 *
 * @throws ValueError when it is given something else.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const { CumulativeDistributionTransform, Normal } = distributions;
 * console.log(String(new CumulativeDistributionTransform(new Normal(0, 1)).call(tensor([0, 1]))));
 * // tensor([0.5000, 0.8413])
 * ```
 */
export class CumulativeDistributionTransform extends Transform {
  /** The distribution. */
  readonly distribution: Distribution;

  constructor(...args: Args<typeof CUMULATIVE, CumulativeTypes>) {
    const { distribution, cacheSize } = bind<typeof CUMULATIVE, CumulativeTypes>(CUMULATIVE, args);
    if (!(distribution instanceof Distribution))
      throw new ValueError("CumulativeDistributionTransform takes a distribution");
    super(cacheSize);
    this.distribution = distribution;
  }

  override get domain(): constraints.Constraint {
    return this.distribution.support;
  }
  override get codomain(): constraints.Constraint {
    return constraints.unitInterval;
  }
  override get bijective(): boolean {
    return true;
  }
  override get sign(): number {
    return 1;
  }
  protected override copied(cacheSize: number): Transform {
    return new CumulativeDistributionTransform(this.distribution, cacheSize);
  }
  protected override forward(x: Tensor): Tensor {
    return this.distribution.cdf(x);
  }
  protected override inverse(y: Tensor): Tensor {
    return this.distribution.icdf(y);
  }
  override logAbsDetJacobian(x: Tensor): Tensor {
    return this.distribution.logProb(x);
  }
}
