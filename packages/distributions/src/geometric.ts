import type { Shape } from "@flambeau/backend";
import {
  type Args,
  binaryCrossEntropyWithLogits,
  bind,
  type Tensor,
  where,
  zerosLike,
} from "@flambeau/tensor";
import { logitsOf, probsOf } from "./binary.ts";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { emptyLikeOf } from "./draws.ts";
import { limitsOf } from "./float-limits.ts";
import { either } from "./probs-logits.ts";

const GEOMETRIC = "Geometric(probs?: operand, logits?: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { probs: constraints.unitInterval, logits: constraints.real };

/**
 * Geometric distributions: how many trials fail before the first that succeeds, each with the probability `probs`.
 *
 * @throws ValueError unless one of `probs` and `logits` is given, or when a probability is not in (0, 1].
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const trials = new distributions.Geometric(0.25);
 * console.log(String(trials.mean), String(trials.logProb(2)));
 * // tensor(3.) tensor(-1.9617)
 * ```
 */
export class Geometric extends Distribution {
  constructor(...args: Args<typeof GEOMETRIC>) {
    const { probs, logits, validateArgs } = bind(GEOMETRIC, args);
    const { name, value } = either("Geometric", probs, logits);
    const [given] = broadcastAll(value);
    super(given.shape, [], { [name]: given }, validateArgs);
    if (this.validates && name === "probs")
      this.require(
        this.probs,
        (x) => x.gt(0),
        () =>
          `Expected parameter probs of distribution ${this} to be positive but found invalid values:\n${this.probs}`,
      );
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.nonnegativeInteger;
  }
  /** The probability of success. */
  get probs(): Tensor {
    return probsOf(this.params);
  }
  /** The log-odds of success. */
  get logits(): Tensor {
    return logitsOf(this.params);
  }
  override get mean(): Tensor {
    return this.probs.reciprocal().sub(1);
  }
  override get mode(): Tensor {
    return zerosLike(this.probs);
  }
  override get variance(): Tensor {
    return this.probs.reciprocal().sub(1).div(this.probs);
  }

  override sampled(shape: Shape): Tensor {
    const { probs } = this;
    const { tiny } = limitsOf(probs.dtype);
    const draws = emptyLikeOf(this.extendedShape(shape), probs).uniform_(tiny, 1);
    return draws.log().div(probs.neg().log1p()).floor();
  }
  override logProbOf(given: Tensor): Tensor {
    const [value, all] = broadcastAll(given, this.probs);
    const probs = where(all.eq(1).logicalAnd(value.eq(0)), 0, all);
    return value.mul(probs.neg().log1p()).add(this.probs.log());
  }
  override entropy(): Tensor {
    return binaryCrossEntropyWithLogits(this.logits, this.probs, 1).div(this.probs);
  }
}
