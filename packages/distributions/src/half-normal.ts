import { type Args, bind, type Tensor, where, zerosLike } from "@flambeau/tensor";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { Normal } from "./normal.ts";
import { TransformedDistribution } from "./transformed-distribution.ts";
import { AbsTransform } from "./transforms/elementwise.ts";

const HALF_NORMAL = "HalfNormal(scale: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { scale: constraints.positive };

/**
 * Distributions of the absolute value of normal numbers of mean 0 and standard deviation `scale`.
 *
 * @throws ValueError when `scale` is not positive.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const half = new distributions.HalfNormal(2);
 * console.log(String(half.logProb(1)), String(half.cdf(1)));
 * // tensor(-1.0439) tensor(0.3829)
 * ```
 */
export class HalfNormal extends TransformedDistribution {
  constructor(...args: Args<typeof HALF_NORMAL>) {
    const { scale, validateArgs } = bind(HALF_NORMAL, args);
    const base = new Normal(0, scale, { validateArgs: false });
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
    return this.scale.mul(Math.sqrt(2 / Math.PI));
  }
  override get mode(): Tensor {
    return zerosLike(this.scale);
  }
  override get variance(): Tensor {
    return this.scale.square().mul(1 - 2 / Math.PI);
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
