import type { Shape } from "@flambeau/backend";
import { type Args, bind, fullLike, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { emptyLikeOf } from "./draws.ts";

const CAUCHY = "Cauchy(loc: operand, scale: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { loc: constraints.real, scale: constraints.positive };

/**
 * Cauchy distributions of median `loc` and half width at half height `scale`. They have no mean.
 *
 * @throws ValueError when `scale` is not positive or `loc` is nan; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const cauchy = new distributions.Cauchy(0, 1);
 * console.log(String(cauchy.cdf(1)), String(cauchy.mean));
 * // tensor(0.7500) tensor(nan)
 * ```
 */
export class Cauchy extends Distribution {
  constructor(...args: Args<typeof CAUCHY>) {
    const { loc, scale, validateArgs } = bind(CAUCHY, args);
    const [median, width] = broadcastAll(loc, scale);
    super(median.shape, [], { loc: median, scale: width }, validateArgs);
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
  /** The median. */
  get loc(): Tensor {
    return this.params.loc;
  }
  /** The half width at half height. */
  get scale(): Tensor {
    return this.params.scale;
  }
  override get mean(): Tensor {
    return fullLike(this.loc, Number.NaN);
  }
  override get mode(): Tensor {
    return this.loc;
  }
  override get variance(): Tensor {
    return fullLike(this.loc, Infinity);
  }

  override rsampled(shape: Shape): Tensor {
    return this.loc.add(emptyLikeOf(this.extendedShape(shape), this.loc).cauchy_().mul(this.scale));
  }
  override logProbOf(value: Tensor): Tensor {
    const distance = value.sub(this.loc).div(this.scale).square();
    return this.scale.log().rsub(-Math.log(Math.PI)).sub(distance.add(1).log());
  }
  override cdfOf(value: Tensor): Tensor {
    return value.sub(this.loc).div(this.scale).atan().div(Math.PI).add(0.5);
  }
  override icdfOf(value: Tensor): Tensor {
    return value.sub(0.5).mul(Math.PI).tan().mul(this.scale).add(this.loc);
  }
  override entropy(): Tensor {
    return this.scale.log().add(Math.log(4 * Math.PI));
  }
}
