import type { Shape } from "@flambeau/backend";
import { digamma, gammaln } from "@flambeau/special";
import { type Args, bind, fullLike, type Tensor, where } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import { Chi2 } from "./chi2.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { standardNormal } from "./draws.ts";

const STUDENT_T = "StudentT(df: operand, loc: operand = 0, scale: operand = 1, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = {
  df: constraints.positive,
  loc: constraints.real,
  scale: constraints.positive,
};

/**
 * Student's t-distributions of `df` degrees of freedom, shifted by `loc` and widened by `scale`.
 *
 * @throws ValueError when `df` or `scale` is not positive; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const t = new distributions.StudentT(3);
 * console.log(String(t), String(t.logProb(0)));
 * // StudentT(df: 3.0, loc: 0.0, scale: 1.0) tensor(-1.0009)
 * ```
 */
export class StudentT extends Distribution {
  constructor(...args: Args<typeof STUDENT_T>) {
    const { df, loc, scale, validateArgs } = bind(STUDENT_T, args);
    const [freedom, center, width] = broadcastAll(df, loc, scale);
    super(freedom.shape, [], { df: freedom, loc: center, scale: width }, validateArgs);
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
  /** The degrees of freedom. */
  get df(): Tensor {
    return this.params.df;
  }
  /** The center. */
  get loc(): Tensor {
    return this.params.loc;
  }
  /** What a standard value is multiplied by. */
  get scale(): Tensor {
    return this.params.scale;
  }
  override get mean(): Tensor {
    return where(this.df.le(1), Number.NaN, this.loc);
  }
  override get mode(): Tensor {
    return this.loc;
  }
  override get variance(): Tensor {
    const { df, scale } = this;
    const finite = scale
      .square()
      .mul(df)
      .div(where(df.gt(2), df.sub(2), 1));
    const other = where(df.gt(1), fullLike(df, Infinity), Number.NaN);
    return where(df.gt(2), finite, other);
  }

  override rsampled(sampleShape: Shape): Tensor {
    const standard = standardNormal(this.extendedShape(sampleShape), this.df);
    const squares = new Chi2(this.df).rsample(sampleShape);
    const sample = standard.mul(squares.div(this.df).rsqrt());
    return this.loc.add(this.scale.mul(sample));
  }
  override logProbOf(value: Tensor): Tensor {
    const { df } = this;
    const standard = value.sub(this.loc).div(this.scale);
    const half = df.add(1).mul(0.5);
    const normalizer = this.scale
      .log()
      .add(df.log().mul(0.5))
      .add(0.5 * Math.log(Math.PI))
      .add(gammaln(df.mul(0.5)))
      .sub(gammaln(half));
    return half.neg().mul(standard.square().div(df).log1p()).sub(normalizer);
  }
  override entropy(): Tensor {
    const { df } = this;
    const half = df.add(1).mul(0.5);
    const slope = digamma(half).sub(digamma(df.mul(0.5)));
    // The logarithm of the beta function of df / 2 and 1 / 2.
    const logBeta = gammaln(df.mul(0.5))
      .add(0.5 * Math.log(Math.PI))
      .sub(gammaln(half));
    return this.scale.log().add(half.mul(slope)).add(df.log().mul(0.5)).add(logBeta);
  }
}
