import type { Shape } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { emptyLikeOf } from "./draws.ts";
import { limitsOf } from "./float-limits.ts";

const LAPLACE = "Laplace(loc: operand, scale: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { loc: constraints.real, scale: constraints.positive };

/**
 * Laplace distributions: two exponential ones of mean `scale`, back to back at `loc`.
 *
 * @throws ValueError when `scale` is not positive or `loc` is nan; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed } from "flambeau";
 *
 * manualSeed(0);
 * const laplace = new distributions.Laplace(0, 1);
 * console.log(String(laplace.sample([2])), String(laplace.logProb(1)));
 * // tensor([-0.0075,  0.7688]) tensor(-1.6931)
 * ```
 */
export class Laplace extends Distribution {
  constructor(...args: Args<typeof LAPLACE>) {
    const { loc, scale, validateArgs } = bind(LAPLACE, args);
    const [mean, width] = broadcastAll(loc, scale);
    super(mean.shape, [], { loc: mean, scale: width }, validateArgs);
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
  /** The mean distance from the mean. */
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
    return this.scale.mul(Math.SQRT2);
  }
  override get variance(): Tensor {
    return this.scale.square().mul(2);
  }

  override rsampled(shape: Shape): Tensor {
    const { eps } = limitsOf(this.loc.dtype);
    const draws = emptyLikeOf(this.extendedShape(shape), this.loc).uniform_(eps - 1, 1);
    return this.loc.sub(this.scale.mul(draws.sign()).mul(draws.abs().neg().log1p()));
  }
  override logProbOf(value: Tensor): Tensor {
    const distance = value.sub(this.loc).abs().div(this.scale);
    return this.scale.mul(2).log().neg().sub(distance);
  }
  override cdfOf(value: Tensor): Tensor {
    const distance = value.sub(this.loc);
    const tail = distance.abs().neg().div(this.scale).expm1();
    return distance.sign().mul(0.5).mul(tail).rsub(0.5);
  }
  override icdfOf(value: Tensor): Tensor {
    const term = value.sub(0.5);
    return this.loc.sub(this.scale.mul(term.sign()).mul(term.abs().mul(-2).log1p()));
  }
  override entropy(): Tensor {
    return this.scale.mul(2).log().add(1);
  }
}
