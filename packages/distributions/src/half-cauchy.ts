import { type Args, bind, fullLike, type Tensor, where, zerosLike } from "@flambeau/tensor";
import { Cauchy } from "./cauchy.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { TransformedDistribution } from "./transformed-distribution.ts";
import { AbsTransform } from "./transforms/elementwise.ts";

const HALF_CAUCHY = "HalfCauchy(scale: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { scale: constraints.positive };

/**
 * Distributions of the absolute value of Cauchy's numbers of median 0 and half width `scale`. They have no mean.
 *
 * @throws ValueError when `scale` is not positive.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const half = new distributions.HalfCauchy(2);
 * console.log(String(half.logProb(1)), String(half.cdf(1)));
 * // tensor(-1.3679) tensor(0.2952)
 * ```
 */
export class HalfCauchy extends TransformedDistribution {
  constructor(...args: Args<typeof HALF_CAUCHY>) {
    const { scale, validateArgs } = bind(HALF_CAUCHY, args);
    const base = new Cauchy(0, scale, { validateArgs: false });
    super(base, new AbsTransform(), validateArgs);
    this.given({ scale: base.scale });
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get shown(): readonly string[] {
    return [];
  }
  override get support(): constraints.Constraint {
    return constraints.nonnegative;
  }
  /** The scale of the distribution on both sides. */
  get scale(): Tensor {
    return this.params.scale;
  }
  override get mean(): Tensor {
    return fullLike(this.scale, Infinity);
  }
  override get mode(): Tensor {
    return zerosLike(this.scale);
  }
  override get variance(): Tensor {
    return this.baseDist.variance;
  }

  override logProbOf(value: Tensor): Tensor {
    return where(value.ge(0), this.baseDist.logProb(value).add(Math.LN2), -Infinity);
  }
  override cdfOf(value: Tensor): Tensor {
    return this.baseDist.cdf(value).mul(2).sub(1);
  }
  override icdfOf(value: Tensor): Tensor {
    return this.baseDist.icdf(value.add(1).div(2));
  }
  override entropy(): Tensor {
    return this.baseDist.entropy().sub(Math.LN2);
  }
}
