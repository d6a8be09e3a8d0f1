import type { Shape } from "@flambeau/backend";
import { gammaln } from "@flambeau/special";
import { type Args, bind, type Tensor, where } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { limitsOf } from "./float-limits.ts";
import { Gamma } from "./gamma.ts";

const FISHER_SNEDECOR = "FisherSnedecor(df1: operand, df2: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { df1: constraints.positive, df2: constraints.positive };

/**
 * F-distributions of `df1` and `df2` degrees of freedom.
 *
 * @throws ValueError when one is not positive; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const f = new distributions.FisherSnedecor(4, 6);
 * console.log(String(f.mean), String(f.logProb(1)));
 * // tensor(1.5000) tensor(-0.8802)
 * ```
 */
export class FisherSnedecor extends Distribution {
  constructor(...args: Args<typeof FISHER_SNEDECOR>) {
    const { df1, df2, validateArgs } = bind(FISHER_SNEDECOR, args);
    const [first, second] = broadcastAll(df1, df2);
    super(first.shape, [], { df1: first, df2: second }, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.positive;
  }
  override get hasRsample(): boolean {
    return true;
  }
  /** The degrees of freedom of the numerator. */
  get df1(): Tensor {
    return this.params.df1;
  }
  /** The degrees of freedom of the denominator. */
  get df2(): Tensor {
    return this.params.df2;
  }
  override get mean(): Tensor {
    const df2 = where(this.df2.le(2), Number.NaN, this.df2);
    return df2.div(df2.sub(2));
  }
  override get mode(): Tensor {
    const { df1, df2 } = this;
    return where(df1.le(2), Number.NaN, df1.sub(2).div(df1).mul(df2).div(df2.add(2)));
  }
  override get variance(): Tensor {
    const { df1 } = this;
    const df2 = where(this.df2.le(4), Number.NaN, this.df2);
    const rest = df2.sub(2);
    return df2
      .square()
      .mul(2)
      .mul(df1.add(rest))
      .div(df1.mul(rest.square()).mul(df2.sub(4)));
  }

  override rsampled(sampleShape: Shape): Tensor {
    const { tiny } = limitsOf(this.df1.dtype);
    const numerator = new Gamma(this.df1.mul(0.5), this.df1).rsample(sampleShape);
    const denominator = new Gamma(this.df2.mul(0.5), this.df2).rsample(sampleShape).clampMin(tiny);
    return numerator.div(denominator).clampMin(tiny);
  }
  override logProbOf(value: Tensor): Tensor {
    const half1 = this.df1.mul(0.5);
    const half2 = this.df2.mul(0.5);
    const ratio = this.df1.div(this.df2);
    const both = half1.add(half2);
    return gammaln(both)
      .sub(gammaln(half1))
      .sub(gammaln(half2))
      .add(half1.mul(ratio.log()).add(half1.sub(1).mul(value.log())))
      .sub(both.mul(ratio.mul(value).log1p()));
  }
}
