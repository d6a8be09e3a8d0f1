import type { Shape } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { standardUniform } from "./draws.ts";

const UNIFORM = "Uniform(low: operand, high: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { low: constraints.dependent, high: constraints.dependent };

/**
 * Uniform distributions over [low, high).
 *
 * @throws ValueError when `low` is not below `high`; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed } from "flambeau";
 *
 * manualSeed(0);
 * const uniform = new distributions.Uniform(-1, 1);
 * console.log(String(uniform.sample([2])), String(uniform.cdf(0.5)));
 * // tensor([-0.0075,  0.5364]) tensor(0.7500)
 * ```
 */
export class Uniform extends Distribution {
  constructor(...args: Args<typeof UNIFORM>) {
    const { low, high, validateArgs } = bind(UNIFORM, args);
    const [lower, upper] = broadcastAll(low, high);
    super(lower.shape, [], { low: lower, high: upper }, validateArgs);
    if (this.validates)
      this.require(
        lower,
        (x) => x.lt(upper.detach()),
        () => `Uniform is not defined when low >= high: low is ${lower}, high is ${upper}`,
      );
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.interval(this.low, this.high);
  }
  override get hasRsample(): boolean {
    return true;
  }
  /** The smallest value. */
  get low(): Tensor {
    return this.params.low;
  }
  /** The bound above. */
  get high(): Tensor {
    return this.params.high;
  }
  override get mean(): Tensor {
    return this.high.add(this.low).div(2);
  }
  override get mode(): Tensor {
    return this.high.mul(Number.NaN);
  }
  override get stddev(): Tensor {
    return this.high.sub(this.low).div(Math.sqrt(12));
  }
  override get variance(): Tensor {
    return this.high.sub(this.low).square().div(12);
  }

  override rsampled(shape: Shape): Tensor {
    const draws = standardUniform(this.extendedShape(shape), this.low);
    return this.low.add(draws.mul(this.high.sub(this.low)));
  }
  override logProbOf(value: Tensor): Tensor {
    const inside = this.low.le(value).logicalAnd(this.high.gt(value)).to(this.low.dtype);
    return inside.log().sub(this.high.sub(this.low).log());
  }
  override cdfOf(value: Tensor): Tensor {
    return value.sub(this.low).div(this.high.sub(this.low)).clamp(0, 1);
  }
  override icdfOf(value: Tensor): Tensor {
    return value.mul(this.high.sub(this.low)).add(this.low);
  }
  override entropy(): Tensor {
    return this.high.sub(this.low).log();
  }
}
