import type { Shape } from "@flambeau/backend";
import { gammaln } from "@flambeau/special";
import { type Args, bind, binomial, type Tensor } from "@flambeau/tensor";
import { countsUpTo, givenOf, logitsOf, probsOf } from "./binary.ts";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { NotImplementedError } from "./errors.ts";
import { either } from "./probs-logits.ts";

const BINOMIAL = "Binomial(totalCount: operand = 1, probs?: operand, logits?: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = {
  totalCount: constraints.nonnegativeInteger,
  probs: constraints.unitInterval,
  logits: constraints.real,
};

/** What is above 0, with a gradient of one half at 0. */
function aboveZero(x: Tensor): Tensor {
  return x.clampMin(0).add(x).sub(x.clampMax(0)).div(2);
}

/**
 * Binomial distributions: how many of `totalCount` trials succeed, each with the probability `probs`, whose log-odds are `logits`.
 *
 * @throws ValueError unless one of `probs` and `logits` is given, or when a parameter is out of range; ShapeError when the shapes do not
 *   broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const heads = new distributions.Binomial(10, { probs: 0.5 });
 * console.log(String(heads.mean), String(heads.logProb(5).exp()));
 * // tensor(5.) tensor(0.2461)
 * ```
 */
export class Binomial extends Distribution {
  constructor(...args: Args<typeof BINOMIAL>) {
    const { totalCount, probs, logits, validateArgs } = bind(BINOMIAL, args);
    const { name, value } = either("Binomial", probs, logits);
    const [count, given] = broadcastAll(totalCount, value);
    super(given.shape, [], { totalCount: count.to(given.dtype), [name]: given }, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.integerInterval(0, this.totalCount);
  }
  override get hasEnumerateSupport(): boolean {
    return true;
  }
  /** How many trials there are. */
  get totalCount(): Tensor {
    return this.params.totalCount;
  }
  /** The probability of success. */
  get probs(): Tensor {
    return probsOf(this.params);
  }
  /** The log-odds of success. */
  get logits(): Tensor {
    return logitsOf(this.params);
  }
  /** The shape of the parameter. */
  get paramShape(): Shape {
    return givenOf(this.params).shape;
  }
  override get mean(): Tensor {
    return this.totalCount.mul(this.probs);
  }
  override get mode(): Tensor {
    return this.totalCount.add(1).mul(this.probs).floor().clampMax(this.totalCount);
  }
  override get variance(): Tensor {
    return this.totalCount.mul(this.probs).mul(this.probs.rsub(1));
  }

  override sampled(sampleShape: Shape): Tensor {
    const shape = this.extendedShape(sampleShape);
    return binomial(this.totalCount.expand(shape), this.probs.expand(shape));
  }
  override logProbOf(value: Tensor): Tensor {
    const { totalCount, logits } = this;
    // k log(p) + (n - k) log(1 - p) = k logit - n max(logit, 0) - n log(1 + exp(-|logit|))
    const normalizer = totalCount
      .mul(aboveZero(logits))
      .add(totalCount.mul(logits.abs().neg().exp().log1p()))
      .sub(gammaln(totalCount.add(1)));
    return value
      .mul(logits)
      .sub(gammaln(value.add(1)))
      .sub(gammaln(totalCount.sub(value).add(1)))
      .sub(normalizer);
  }
  override entropy(): Tensor {
    const logProb = this.logProb(this.enumerateSupport(false));
    return logProb.exp().mul(logProb).sum(0).neg();
  }
  override enumerated(): Tensor {
    const counts = this.totalCount.detach().reshape([-1]).dataSync();
    if (counts.some((count) => count !== counts[0]))
      throw new NotImplementedError("Binomial: values are not enumerated where total counts differ");
    return countsUpTo(1 + counts[0], this);
  }
}
