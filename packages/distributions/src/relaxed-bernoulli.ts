import type { Shape } from "@flambeau/backend";
import { type Args, bind, type Operand, type Tensor } from "@flambeau/tensor";
import { givenOf, logitsOf, probsOf } from "./binary.ts";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { standardUniform } from "./draws.ts";
import { clampProbs, either } from "./probs-logits.ts";
import { TransformedDistribution } from "./transformed-distribution.ts";
import { SigmoidTransform } from "./transforms/elementwise.ts";

const CONSTRAINTS: ArgConstraints = { probs: constraints.unitInterval, logits: constraints.real };
const LOGIT_RELAXED =
  "LogitRelaxedBernoulli(temperature: operand, probs?: operand, logits?: operand, validateArgs?: bool)";

/**
 * The logits of {@link RelaxedBernoulli}'s samples: logistic distributions around `logits`, over the temperature.
 *
 * Source: Maddison, Mnih and Teh, "The concrete distribution" (2017).
 *
 * @throws ValueError unless one of `probs` and `logits` is given, or when a probability is not in [0, 1].
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const logits = new distributions.LogitRelaxedBernoulli(0.5, { logits: 1 });
 * console.log(String(logits.logProb(2)));
 * // tensor(-2.0794)
 * ```
 */
export class LogitRelaxedBernoulli extends Distribution {
  /** The lower, the nearer are samples to 0 and 1 (as logits, to the infinities). */
  readonly temperature: Operand;

  constructor(...args: Args<typeof LOGIT_RELAXED>) {
    const { temperature, probs, logits, validateArgs } = bind(LOGIT_RELAXED, args);
    const { name, value } = either("LogitRelaxedBernoulli", probs, logits);
    const [given] = broadcastAll(value);
    super(given.shape, [], { [name]: given }, validateArgs);
    this.temperature = temperature;
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
  /** The probability of 1. */
  get probs(): Tensor {
    return probsOf(this.params);
  }
  /** The log-odds of 1. */
  get logits(): Tensor {
    return logitsOf(this.params);
  }
  /** The shape of the parameter. */
  get paramShape(): Shape {
    return givenOf(this.params).shape;
  }

  override rsampled(sampleShape: Shape): Tensor {
    const shape = this.extendedShape(sampleShape);
    const probs = clampProbs(this.probs.expand(shape));
    const draws = clampProbs(standardUniform(shape, probs));
    return draws
      .log()
      .sub(draws.neg().log1p())
      .add(probs.log())
      .sub(probs.neg().log1p())
      .div(this.temperature);
  }
  override logProbOf(given: Tensor): Tensor {
    const [logits, value] = broadcastAll(this.logits, given);
    const [temperature] = broadcastAll(this.temperature, logits);
    const difference = logits.sub(value.mul(this.temperature));
    return temperature.log().add(difference).sub(difference.exp().log1p().mul(2));
  }
}

const RELAXED =
  "RelaxedBernoulli(temperature: operand, probs?: operand, logits?: operand, validateArgs?: bool)";

/**
 * Numbers in (0, 1) in place of the 0 and 1 of {@link Bernoulli}: the lower the temperature, the nearer to them. Gradients reach
 * the parameters through samples.
 *
 * Source: Maddison, Mnih and Teh, "The concrete distribution" (2017).
 *
 * @throws ValueError unless one of `probs` and `logits` is given, or when a probability is not in [0, 1].
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const nearCoins = new distributions.RelaxedBernoulli(0.5, { probs: 0.3 });
 * console.log(String(nearCoins.logProb(0.9)));
 * // tensor(-0.4982)
 * ```
 */
export class RelaxedBernoulli extends TransformedDistribution {
  constructor(...args: Args<typeof RELAXED>) {
    const { temperature, probs, logits, validateArgs } = bind(RELAXED, args);
    super(new LogitRelaxedBernoulli(temperature, probs, logits), new SigmoidTransform(), validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.unitInterval;
  }
  /** @internal */
  get relaxed(): LogitRelaxedBernoulli {
    return this.baseDist as LogitRelaxedBernoulli;
  }
  /** The lower, the nearer are samples to 0 and 1. */
  get temperature(): Operand {
    return this.relaxed.temperature;
  }
  /** The probability of 1. */
  get probs(): Tensor {
    return this.relaxed.probs;
  }
  /** The log-odds of 1. */
  get logits(): Tensor {
    return this.relaxed.logits;
  }
}
