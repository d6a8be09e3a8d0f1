import type { Shape } from "@flambeau/backend";
import { i0e, i1e } from "@flambeau/special";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { sampleVonMises } from "./sampling/von-mises.ts";

const VON_MISES = "VonMises(loc: operand, concentration: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { loc: constraints.real, concentration: constraints.positive };

/**
 * Von Mises distributions of angles, in radians: the normal distribution's counterpart on a circle. Samples lie in [-pi, pi).
 *
 * @throws ValueError when `concentration` is not positive; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * console.log(String(new distributions.VonMises(0, 4).logProb(0)));
 * // tensor(-0.2628)
 * ```
 */
export class VonMises extends Distribution {
  constructor(...args: Args<typeof VON_MISES>) {
    const { loc, concentration, validateArgs } = bind(VON_MISES, args);
    const [center, kappa] = broadcastAll(loc, concentration);
    super(center.shape, [], { loc: center, concentration: kappa }, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.real;
  }
  /** The mean angle. */
  get loc(): Tensor {
    return this.params.loc;
  }
  /** How close angles are to the mean. */
  get concentration(): Tensor {
    return this.params.concentration;
  }
  override get mean(): Tensor {
    return this.loc;
  }
  override get mode(): Tensor {
    return this.loc;
  }
  /** The circular variance, in [0, 1]. */
  override get variance(): Tensor {
    return i1e(this.concentration).div(i0e(this.concentration)).rsub(1);
  }

  override sampled(shape: Shape): Tensor {
    return sampleVonMises(this.loc, this.concentration, this.extendedShape(shape));
  }
  override logProbOf(value: Tensor): Tensor {
    const { loc, concentration } = this;
    // Of exponents their difference to the largest, as `i0e` has it.
    return concentration
      .mul(value.sub(loc).cos().sub(1))
      .sub(Math.log(2 * Math.PI))
      .sub(i0e(concentration).log());
  }
}
