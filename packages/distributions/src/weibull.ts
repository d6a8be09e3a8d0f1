import { gammaln } from "@flambeau/special";
import { type Args, bind, onesLike, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { Exponential } from "./exponential.ts";
import { EULER } from "./gumbel.ts";
import { TransformedDistribution } from "./transformed-distribution.ts";
import { AffineTransform, PowerTransform } from "./transforms/affine.ts";

const WEIBULL = "Weibull(scale: operand, concentration: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { scale: constraints.positive, concentration: constraints.positive };

/**
 * Weibull distributions, of the time until a failure whose rate grows with a power of time.
 *
 * @throws ValueError when a parameter is not positive; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const lifetimes = new distributions.Weibull(1, 2);
 * console.log(String(lifetimes.mean), String(lifetimes.logProb(1)));
 * // tensor(0.8862) tensor(-0.3069)
 * ```
 */
export class Weibull extends TransformedDistribution {
  constructor(...args: Args<typeof WEIBULL>) {
    const { scale, concentration, validateArgs } = bind(WEIBULL, args);
    const [width, shape] = broadcastAll(scale, concentration);
    const steps = [new PowerTransform(shape.reciprocal()), new AffineTransform(0, width)];
    super(new Exponential(onesLike(width), validateArgs), steps, validateArgs);
    this.given({ scale: width, concentration: shape });
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.positive;
  }
  /** What a standard value is multiplied by. */
  get scale(): Tensor {
    return this.params.scale;
  }
  /** The shape parameter. */
  get concentration(): Tensor {
    return this.params.concentration;
  }
  override get mean(): Tensor {
    return this.scale.mul(gammaln(this.concentration.reciprocal().add(1)).exp());
  }
  override get mode(): Tensor {
    const { concentration } = this;
    const power = concentration.sub(1).div(concentration).pow(concentration.reciprocal());
    return this.scale.mul(power);
  }
  override get variance(): Tensor {
    const inverse = this.concentration.reciprocal();
    const squares = gammaln(inverse.mul(2).add(1)).exp();
    const square = gammaln(inverse.add(1)).mul(2).exp();
    return this.scale.square().mul(squares.sub(square));
  }
  override entropy(): Tensor {
    const inverse = this.concentration.reciprocal();
    return inverse.rsub(1).mul(EULER).add(this.scale.mul(inverse).log()).add(1);
  }
}
