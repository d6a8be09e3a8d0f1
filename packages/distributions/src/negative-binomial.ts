import type { Shape } from "@flambeau/backend";
import { gammaln } from "@flambeau/special";
import { type Args, bind, logSigmoid, poisson, type Tensor, where } from "@flambeau/tensor";
import { givenOf, logitsOf, probsOf } from "./binary.ts";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { Gamma } from "./gamma.ts";
import { either } from "./probs-logits.ts";

const NEGATIVE_BINOMIAL =
  "NegativeBinomial(totalCount: operand, probs?: operand, logits?: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = {
  totalCount: constraints.greaterThanEq(0),
  probs: constraints.halfOpenInterval(0, 1),
  logits: constraints.real,
};

/**
 * Negative binomial distributions: how many trials succeed, each with the probability `probs`, before `totalCount` have failed; the
 * count may be any number from 0.
 *
 * @throws ValueError unless one of `probs` and `logits` is given, or when a parameter is out of range; ShapeError when the shapes do not
 *   broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const successes = new distributions.NegativeBinomial(3, 0.5);
 * console.log(String(successes.mean), String(successes.logProb(2).exp()));
 * // tensor(3.) tensor(0.1875)
 * ```
 */
export class NegativeBinomial extends Distribution {
  constructor(...args: Args<typeof NEGATIVE_BINOMIAL>) {
    const { totalCount, probs, logits, validateArgs } = bind(NEGATIVE_BINOMIAL, args);
    const { name, value } = either("NegativeBinomial", probs, logits);
    const [count, given] = broadcastAll(totalCount, value);
    super(given.shape, [], { totalCount: count.to(given.dtype), [name]: given }, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.nonnegativeInteger;
  }
  /** How many failures end it. */
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
    return this.totalCount.mul(this.logits.exp());
  }
  override get mode(): Tensor {
    return this.totalCount.sub(1).mul(this.logits.exp()).floor().clampMin(0);
  }
  override get variance(): Tensor {
    return this.mean.div(this.logits.neg().sigmoid());
  }

  override sampled(shape: Shape): Tensor {
    // A count may be 0, which Gamma does not take.
    const rates = new Gamma(this.totalCount, this.logits.neg().exp(), { validateArgs: false });
    return poisson(rates.sample(shape));
  }
  override logProbOf(value: Tensor): Tensor {
    const { totalCount, logits } = this;
    const terms = totalCount.mul(logSigmoid(logits.neg())).add(value.mul(logSigmoid(logits)));
    const both = totalCount.add(value);
    const normalizer = gammaln(value.add(1)).add(gammaln(totalCount)).sub(gammaln(both));
    return terms.sub(where(both.eq(0), 0, normalizer));
  }
}
