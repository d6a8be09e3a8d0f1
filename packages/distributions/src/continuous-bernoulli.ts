import type { Shape } from "@flambeau/backend";
import {
  type Args,
  binaryCrossEntropyWithLogits,
  bind,
  onesLike,
  type Tensor,
  where,
  zerosLike,
} from "@flambeau/tensor";
import { givenOf } from "./binary.ts";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { standardUniform } from "./draws.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import { binaryLogits, clampProbs, either } from "./probs-logits.ts";

const CONTINUOUS_BERNOULLI =
  "ContinuousBernoulli(probs?: operand, logits?: operand, lims?: numbers, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { probs: constraints.unitInterval, logits: constraints.real };

/**
 * Continuous Bernoulli distributions over [0, 1], of density in proportion to `probs^x (1 - probs)^(1 - x)`. Where `probs` lies within
 * `lims` a Taylor series stands for formulas that are not stable there.
 *
 * Source: Loaiza-Ganem and Cunningham, "The continuous Bernoulli: fixing a pervasive error in variational autoencoders" (2019).
 *
 * @throws ValueError unless one of `probs` and `logits` is given, or when a probability is not in [0, 1].
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const pixel = new distributions.ContinuousBernoulli(0.8);
 * console.log(String(pixel.mean), String(pixel.logProb(0.5)));
 * // tensor(0.6120) tensor(-0.0788)
 * ```
 */
export class ContinuousBernoulli extends ExponentialFamily {
  /** Between these a Taylor series is taken. */
  readonly lims: readonly number[];

  constructor(...args: Args<typeof CONTINUOUS_BERNOULLI>) {
    const { probs, logits, lims, validateArgs } = bind(CONTINUOUS_BERNOULLI, args);
    const { name, value } = either("ContinuousBernoulli", probs, logits);
    const [given] = broadcastAll(value);
    super(given.shape, [], { [name]: given }, validateArgs);
    this.lims = lims ?? [0.499, 0.501];
    // Checked as it was given, used as it is computed with.
    if (name === "probs") Object.assign(this, { params: { probs: clampProbs(given) } });
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.unitInterval;
  }
  override get hasRsample(): boolean {
    return true;
  }
  /** The parameter in (0, 1). */
  get probs(): Tensor {
    return this.params.probs ?? clampProbs(this.params.logits.sigmoid());
  }
  /** The log-odds of `probs`. */
  get logits(): Tensor {
    return this.params.logits ?? binaryLogits(this.params.probs);
  }
  /** The shape of the parameter. */
  get paramShape(): Shape {
    return givenOf(this.params).shape;
  }

  /** Where the formulas are stable. @internal */
  get isStable(): Tensor {
    return this.probs.le(this.lims[0]).logicalOr(this.probs.gt(this.lims[1]));
  }
  /** The parameter where they are stable, and a bound elsewhere. @internal */
  get stableProbs(): Tensor {
    return where(this.isStable, this.probs, this.lims[0]);
  }
  /** The logarithm of the constant that makes the density one. @internal */
  get logNorm(): Tensor {
    const probs = this.stableProbs;
    const below = where(probs.le(0.5), probs, 0);
    const above = where(probs.ge(0.5), probs, 1);
    const slope = probs.neg().log1p().sub(probs.log()).abs().log();
    const width = where(probs.le(0.5), below.mul(-2).log1p(), above.mul(2).sub(1).log());
    const x = this.probs.sub(0.5).square();
    const taylor = x
      .mul(104 / 45)
      .add(4 / 3)
      .mul(x)
      .add(Math.log(2));
    return where(this.isStable, slope.sub(width), taylor);
  }
  override get mean(): Tensor {
    const probs = this.stableProbs;
    const odds = probs.neg().log1p().sub(probs.log());
    const mean = probs.div(probs.mul(2).sub(1)).add(odds.reciprocal());
    const x = this.probs.sub(0.5);
    const taylor = x
      .square()
      .mul(16 / 45)
      .add(1 / 3)
      .mul(x)
      .add(0.5);
    return where(this.isStable, mean, taylor);
  }
  override get variance(): Tensor {
    const probs = this.stableProbs;
    const odds = probs.neg().log1p().sub(probs.log());
    const first = probs.mul(probs.sub(1)).div(probs.mul(2).rsub(1).square());
    const x = this.probs.sub(0.5).square();
    const taylor = x
      .mul(128 / 945)
      .rsub(1 / 15)
      .mul(x)
      .rsub(1 / 12);
    return where(this.isStable, first.add(odds.square().reciprocal()), taylor);
  }

  override rsampled(shape: Shape): Tensor {
    return this.icdf(standardUniform(this.extendedShape(shape), this.probs));
  }
  override logProbOf(given: Tensor): Tensor {
    const [logits, value] = broadcastAll(this.logits, given);
    return binaryCrossEntropyWithLogits(logits, value, 1).neg().add(this.logNorm);
  }
  override cdfOf(value: Tensor): Tensor {
    const probs = this.stableProbs;
    const power = probs.pow(value).mul(probs.rsub(1).pow(value.rsub(1)));
    const inside = power.add(probs).sub(1).div(probs.mul(2).sub(1));
    const unbounded = where(this.isStable, inside, value);
    return where(value.le(0), zerosLike(value), where(value.ge(1), onesLike(value), unbounded));
  }
  override icdfOf(value: Tensor): Tensor {
    const probs = this.stableProbs;
    const failure = probs.neg().log1p();
    const scaled = value.mul(probs.mul(2).sub(1)).sub(probs).log1p().sub(failure);
    return where(this.isStable, scaled.div(probs.log().sub(failure)), value);
  }
  override entropy(): Tensor {
    const failure = this.probs.neg().log1p();
    return this.mean.mul(failure.sub(this.probs.log())).sub(this.logNorm).sub(failure);
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.logits];
  }
  override logNormalizer(x: Tensor): Tensor {
    const isStable = x.le(this.lims[0] - 0.5).logicalOr(x.gt(this.lims[1] - 0.5));
    const stable = where(isStable, x, this.lims[0] - 0.5);
    const square = x.square();
    const taylor = x.mul(0.5).add(square.div(24)).sub(square.square().div(2880));
    return where(isStable, stable.exp().sub(1).abs().log().sub(stable.abs().log()), taylor);
  }
  override get meanCarrierMeasure(): number {
    return 0;
  }
}
