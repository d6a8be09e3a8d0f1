import type { Shape } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { standardNormal } from "./draws.ts";
import { ExponentialFamily } from "./exponential-family.ts";

const NORMAL = "Normal(loc: operand, scale: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { loc: constraints.real, scale: constraints.positive };
const LOG_ROOT_TWO_PI = Math.log(Math.sqrt(2 * Math.PI));

/**
 * Normal distributions of mean `loc` and standard deviation `scale`, which broadcast.
 *
 * @throws ValueError when `scale` is not positive or `loc` is nan; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed } from "flambeau";
 *
 * manualSeed(0);
 * const normal = new distributions.Normal(0, 1);
 * console.log(String(normal.sample([2])), String(normal.logProb(0)));
 * // tensor([ 1.5410, -0.2934]) tensor(-0.9189)
 * ```
 */
export class Normal extends ExponentialFamily {
  constructor(...args: Args<typeof NORMAL>) {
    const { loc, scale, validateArgs } = bind(NORMAL, args);
    const [mean, deviation] = broadcastAll(loc, scale);
    super(mean.shape, [], { loc: mean, scale: deviation }, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.real;
  }
  override get hasRsample(): boolean {
    return true;
  }
  /** The mean. */
  get loc(): Tensor {
    return this.params.loc;
  }
  /** The standard deviation. */
  get scale(): Tensor {
    return this.params.scale;
  }
  override get mean(): Tensor {
    return this.loc;
  }
  override get mode(): Tensor {
    return this.loc;
  }
  override get stddev(): Tensor {
    return this.scale;
  }
  override get variance(): Tensor {
    return this.scale.square();
  }

  override rsampled(shape: Shape): Tensor {
    return this.loc.add(standardNormal(this.extendedShape(shape), this.loc).mul(this.scale));
  }
  override logProbOf(value: Tensor): Tensor {
    const distance = value.sub(this.loc).square().div(this.scale.square().mul(2));
    return distance.neg().sub(this.scale.log()).sub(LOG_ROOT_TWO_PI);
  }
  override cdfOf(value: Tensor): Tensor {
    const standard = value.sub(this.loc).mul(this.scale.reciprocal());
    return standard.div(Math.SQRT2).erf().add(1).mul(0.5);
  }
  override icdfOf(value: Tensor): Tensor {
    return this.loc.add(this.scale.mul(value.mul(2).sub(1).erfinv()).mul(Math.SQRT2));
  }
  override entropy(): Tensor {
    return this.scale.log().add(0.5 + 0.5 * Math.log(2 * Math.PI));
  }

  override get naturalParams(): readonly Tensor[] {
    const variance = this.scale.square();
    return [this.loc.div(variance), variance.reciprocal().mul(-0.5)];
  }
  override logNormalizer(x: Tensor, y: Tensor): Tensor {
    return x.square().div(y).mul(-0.25).add(y.reciprocal().mul(-Math.PI).log().mul(0.5));
  }
  override get meanCarrierMeasure(): number {
    return 0;
  }
}
