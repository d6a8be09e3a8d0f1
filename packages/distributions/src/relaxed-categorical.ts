import type { Shape } from "@flambeau/backend";
import { gammaln } from "@flambeau/special";
import { type Args, bind, fullLike, type Operand, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import { Categorical } from "./categorical.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { standardUniform } from "./draws.ts";
import { clampProbs } from "./probs-logits.ts";
import { TransformedDistribution } from "./transformed-distribution.ts";
import { ExpTransform } from "./transforms/elementwise.ts";

const CONSTRAINTS: ArgConstraints = { probs: constraints.simplex, logits: constraints.realVector };
const EXP_RELAXED =
  "ExpRelaxedCategorical(temperature: operand, probs?: tensor, logits?: tensor, validateArgs?: bool)";

/**
 * The logarithms of {@link RelaxedOneHotCategorical}'s samples.
 *
 * Source: Maddison, Mnih and Teh, "The concrete distribution" (2017).
 *
 * @throws ValueError as {@link Categorical}.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const logs = new distributions.ExpRelaxedCategorical(1, { probs: tensor([0.5, 0.5]) });
 * console.log(String(logs.logProb(tensor([-0.5, -1]))));
 * // tensor(-1.4482)
 * ```
 */
export class ExpRelaxedCategorical extends Distribution {
  /** The lower, the nearer are samples to one-hot vectors. */
  readonly temperature: Operand;
  /** @internal */
  readonly categorical: Categorical;

  constructor(...args: Args<typeof EXP_RELAXED>) {
    const { temperature, probs, logits, validateArgs } = bind(EXP_RELAXED, args);
    const categorical = new Categorical(probs, logits);
    super(categorical.batchShape, categorical.paramShape.slice(-1), {}, validateArgs);
    this.temperature = temperature;
    this.categorical = categorical;
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.realVector;
  }
  override get hasRsample(): boolean {
    return true;
  }
  /** The probabilities, whose sum is 1. */
  get probs(): Tensor {
    return this.categorical.probs;
  }
  /** The logarithms of the probabilities. */
  get logits(): Tensor {
    return this.categorical.logits;
  }
  /** The shape of the parameter. */
  get paramShape(): Shape {
    return this.categorical.paramShape;
  }

  override rsampled(shape: Shape): Tensor {
    const { logits } = this;
    const draws = clampProbs(standardUniform(this.extendedShape(shape), logits));
    const gumbels = draws.log().neg().log().neg();
    const scores = logits.add(gumbels).div(this.temperature);
    return scores.sub(scores.logsumexp(-1, true));
  }
  override logProbOf(given: Tensor): Tensor {
    const [logits, value] = broadcastAll(this.logits, given);
    const classes = this.eventShape[0];
    const [temperature] = broadcastAll(this.temperature, logits.select(-1, 0));
    const scale = gammaln(fullLike(temperature, classes)).add(temperature.log().mul(classes - 1));
    const score = logits.sub(value.mul(this.temperature));
    return score.sub(score.logsumexp(-1, true)).sum(-1).add(scale);
  }
  override expanded(batchShape: Shape): this {
    return this.with({ batchShape, categorical: this.categorical.expand(batchShape) } as Partial<this>);
  }
  override get anchor(): Tensor {
    return this.categorical.anchor as Tensor;
  }
}

const RELAXED =
  "RelaxedOneHotCategorical(temperature: operand, probs?: tensor, logits?: tensor, validateArgs?: bool)";

/**
 * Vectors of positive numbers whose sum is 1 in place of the one-hot vectors of {@link OneHotCategorical}: the lower the temperature, the
 * nearer to them. Gradients reach the parameters through samples.
 *
 * Source: Maddison, Mnih and Teh, "The concrete distribution" (2017); Jang, Gu and Poole, "Categorical reparameterization with
 * Gumbel-softmax" (2017).
 *
 * @throws ValueError as {@link Categorical}.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const nearOneHot = new distributions.RelaxedOneHotCategorical(1, { probs: tensor([0.5, 0.5]) });
 * console.log(String(nearOneHot.logProb(tensor([0.25, 0.75]))));
 * // tensor(0.)
 * ```
 */
export class RelaxedOneHotCategorical extends TransformedDistribution {
  constructor(...args: Args<typeof RELAXED>) {
    const { temperature, probs, logits, validateArgs } = bind(RELAXED, args);
    const base = new ExpRelaxedCategorical(temperature, probs, logits, validateArgs);
    super(base, new ExpTransform(), validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.simplex;
  }
  /** @internal */
  get relaxed(): ExpRelaxedCategorical {
    return this.baseDist as ExpRelaxedCategorical;
  }
  /** The lower, the nearer are samples to one-hot vectors. */
  get temperature(): Operand {
    return this.relaxed.temperature;
  }
  /** The probabilities, whose sum is 1. */
  get probs(): Tensor {
    return this.relaxed.probs;
  }
  /** The logarithms of the probabilities. */
  get logits(): Tensor {
    return this.relaxed.logits;
  }
}
