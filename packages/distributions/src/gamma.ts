import type { Shape } from "@flambeau/backend";
import { digamma, gammaln } from "@flambeau/special";
import { type Args, bind, type Tensor, xlogy } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import { flooredToTiny, standardGamma } from "./sampling/gamma.ts";

const GAMMA = "Gamma(concentration: operand, rate: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { concentration: constraints.positive, rate: constraints.positive };

/**
 * Gamma distributions of a shape parameter `concentration` and a `rate`, one over the scale.
 *
 * Gradients reach the shape parameter through samples by the derivative of the distribution function.
 *
 * @throws ValueError when a parameter is not positive; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed } from "flambeau";
 *
 * manualSeed(0);
 * const gamma = new distributions.Gamma(2, 1);
 * console.log(String(gamma.sample()), String(gamma.logProb(1)));
 * // tensor(4.5526) tensor(-1.)
 * ```
 */
export class Gamma extends ExponentialFamily {
  constructor(...args: Args<typeof GAMMA>) {
    const { concentration, rate, validateArgs } = bind(GAMMA, args);
    const [alpha, beta] = broadcastAll(concentration, rate);
    super(alpha.shape, [], { concentration: alpha, rate: beta }, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.nonnegative;
  }
  override get hasRsample(): boolean {
    return true;
  }
  /** The shape parameter. */
  get concentration(): Tensor {
    return this.params.concentration;
  }
  /** One over the scale. */
  get rate(): Tensor {
    return this.params.rate;
  }
  override get mean(): Tensor {
    return this.concentration.div(this.rate);
  }
  override get mode(): Tensor {
    return this.concentration.sub(1).div(this.rate).clampMin(0);
  }
  override get variance(): Tensor {
    return this.concentration.div(this.rate.square());
  }

  override rsampled(sampleShape: Shape): Tensor {
    const shape = this.extendedShape(sampleShape);
    return flooredToTiny(standardGamma(this.concentration.expand(shape)).div(this.rate.expand(shape)));
  }
  override logProbOf(value: Tensor): Tensor {
    const { concentration, rate } = this;
    return xlogy(concentration, rate)
      .add(xlogy(concentration.sub(1), value))
      .sub(rate.mul(value))
      .sub(gammaln(concentration));
  }
  override entropy(): Tensor {
    const { concentration, rate } = this;
    return concentration
      .sub(rate.log())
      .add(gammaln(concentration))
      .add(concentration.rsub(1).mul(digamma(concentration)));
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.concentration.sub(1), this.rate.neg()];
  }
  override logNormalizer(x: Tensor, y: Tensor): Tensor {
    return gammaln(x.add(1)).add(x.add(1).mul(y.reciprocal().neg().log()));
  }
  override get meanCarrierMeasure(): number {
    return 0;
  }
}
