import { digamma, gammaln } from "@flambeau/special";
import { type Args, bind, onesLike, type Tensor, where, zerosLike } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { EULER } from "./gumbel.ts";
import { TransformedDistribution } from "./transformed-distribution.ts";
import { AffineTransform, PowerTransform } from "./transforms/affine.ts";
import { Uniform } from "./uniform.ts";

const KUMARASWAMY = "Kumaraswamy(concentration1: operand, concentration0: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = {
  concentration1: constraints.positive,
  concentration0: constraints.positive,
};

/**
 * Kumaraswamy distributions over [0, 1]: near to beta distributions, with samples of a closed form.
 *
 * @throws ValueError when a parameter is not positive; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const parts = new distributions.Kumaraswamy(2, 3);
 * console.log(String(parts.mean), String(parts.logProb(0.5)));
 * // tensor(0.4571) tensor(0.5232)
 * ```
 */
export class Kumaraswamy extends TransformedDistribution {
  constructor(...args: Args<typeof KUMARASWAMY>) {
    const { concentration1, concentration0, validateArgs } = bind(KUMARASWAMY, args);
    const [one, zero] = broadcastAll(concentration1, concentration0);
    const steps = [
      new PowerTransform(zero.reciprocal()),
      new AffineTransform(1, -1),
      new PowerTransform(one.reciprocal()),
    ];
    super(new Uniform(zerosLike(zero), onesLike(zero), validateArgs), steps, validateArgs);
    this.given({ concentration1: one, concentration0: zero });
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.unitInterval;
  }
  /** The parameter of 1. */
  get concentration1(): Tensor {
    return this.params.concentration1;
  }
  /** The parameter of 0. */
  get concentration0(): Tensor {
    return this.params.concentration0;
  }
  /** The mean of a power of samples. @internal */
  moment(power: number): Tensor {
    const { concentration0 } = this;
    const first = this.concentration1.reciprocal().mul(power).add(1);
    const logBeta = gammaln(first)
      .add(gammaln(concentration0))
      .sub(gammaln(first.add(concentration0)));
    return concentration0.mul(logBeta.exp());
  }
  override get mean(): Tensor {
    return this.moment(1);
  }
  override get mode(): Tensor {
    const { concentration1: a, concentration0: b } = this;
    const log = b.reciprocal().mul(b.neg().log1p()).sub(b.neg().mul(a).log1p());
    return where(b.lt(1).logicalOr(a.lt(1)), Number.NaN, log.exp());
  }
  override get variance(): Tensor {
    return this.moment(2).sub(this.mean.square());
  }
  override entropy(): Tensor {
    const { concentration1: a, concentration0: b } = this;
    const harmonic = digamma(b.add(1)).add(EULER);
    return b.reciprocal().rsub(1).add(a.reciprocal().rsub(1).mul(harmonic)).sub(a.log()).sub(b.log());
  }
}
