import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { Exponential } from "./exponential.ts";
import { TransformedDistribution } from "./transformed-distribution.ts";
import { AffineTransform } from "./transforms/affine.ts";
import { ExpTransform } from "./transforms/elementwise.ts";

const PARETO = "Pareto(scale: operand, alpha: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { alpha: constraints.positive, scale: constraints.positive };

/**
 * Pareto distributions of numbers from `scale` on, whose tail falls with the power `alpha`.
 *
 * @throws ValueError when a parameter is not positive; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const wealth = new distributions.Pareto(1, 3);
 * console.log(String(wealth.mean), String(wealth.logProb(2)));
 * // tensor(1.5000) tensor(-1.6740)
 * ```
 */
export class Pareto extends TransformedDistribution {
  constructor(...args: Args<typeof PARETO>) {
    const { scale, alpha, validateArgs } = bind(PARETO, args);
    const [least, power] = broadcastAll(scale, alpha);
    const steps = [new ExpTransform(), new AffineTransform(0, least)];
    super(new Exponential(power, validateArgs), steps, validateArgs);
    this.given({ alpha: power, scale: least });
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.greaterThanEq(this.scale);
  }
  /** The smallest number. */
  get scale(): Tensor {
    return this.params.scale;
  }
  /** The power with which the tail falls. */
  get alpha(): Tensor {
    return this.params.alpha;
  }
  /** Infinite where `alpha` is at most 1. */
  override get mean(): Tensor {
    const alpha = this.alpha.clampMin(1);
    return alpha.mul(this.scale).div(alpha.sub(1));
  }
  override get mode(): Tensor {
    return this.scale;
  }
  /** Infinite where `alpha` is at most 2. */
  override get variance(): Tensor {
    const alpha = this.alpha.clampMin(2);
    return this.scale
      .square()
      .mul(alpha)
      .div(alpha.sub(1).square().mul(alpha.sub(2)));
  }
  override entropy(): Tensor {
    return this.scale.div(this.alpha).log().add(this.alpha.reciprocal().add(1));
  }
}
