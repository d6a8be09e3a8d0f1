import { type Args, bind, type Tensor } from "@flambeau/tensor";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { Normal } from "./normal.ts";
import { TransformedDistribution } from "./transformed-distribution.ts";
import { ExpTransform } from "./transforms/elementwise.ts";

const LOG_NORMAL = "LogNormal(loc: operand, scale: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { loc: constraints.real, scale: constraints.positive };

/**
 * Distributions of numbers whose logarithm is normal, of mean `loc` and standard deviation `scale`.
 *
 * @throws ValueError when `scale` is not positive or `loc` is nan; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const sizes = new distributions.LogNormal(0, 1);
 * console.log(String(sizes.mean), String(sizes.logProb(1)));
 * // tensor(1.6487) tensor(-0.9189)
 * ```
 */
export class LogNormal extends TransformedDistribution {
  constructor(...args: Args<typeof LOG_NORMAL>) {
    const { loc, scale, validateArgs } = bind(LOG_NORMAL, args);
    super(new Normal(loc, scale, validateArgs), new ExpTransform(), validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.positive;
  }
  /** @internal */
  get normal(): Normal {
    return this.baseDist as Normal;
  }
  /** The mean of the logarithm. */
  get loc(): Tensor {
    return this.normal.loc;
  }
  /** The standard deviation of the logarithm. */
  get scale(): Tensor {
    return this.normal.scale;
  }
  override get mean(): Tensor {
    return this.loc.add(this.scale.square().div(2)).exp();
  }
  override get mode(): Tensor {
    return this.loc.sub(this.scale.square()).exp();
  }
  override get variance(): Tensor {
    const square = this.scale.square();
    return square.exp().sub(1).mul(this.loc.mul(2).add(square).exp());
  }
  override entropy(): Tensor {
    return this.normal.entropy().add(this.loc);
  }
}
