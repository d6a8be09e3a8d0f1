import type { Shape } from "@flambeau/backend";
import {
  type Args,
  bernoulli,
  binaryCrossEntropyWithLogits,
  bind,
  type Tensor,
  where,
} from "@flambeau/tensor";
import { countsUpTo, givenOf, logitsOf, probsOf } from "./binary.ts";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import { either } from "./probs-logits.ts";

const BERNOULLI = "Bernoulli(probs?: operand, logits?: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { probs: constraints.unitInterval, logits: constraints.real };

/**
 * Bernoulli distributions: 1 with the probability `probs`, whose log-odds are `logits`, and 0.
 *
 * @throws ValueError unless one of the two is given, or when a probability is not in [0, 1].
 *
 * @example
 * ```ts
 * import { distributions, manualSeed, tensor } from "flambeau";
 *
 * manualSeed(0);
 * const coins = new distributions.Bernoulli(tensor([0.1, 0.9]));
 * console.log(String(coins.sample()), String(coins.entropy()));
 * // tensor([0., 1.]) tensor([0.3251, 0.3251])
 * ```
 */
export class Bernoulli extends ExponentialFamily {
  constructor(...args: Args<typeof BERNOULLI>) {
    const { probs, logits, validateArgs } = bind(BERNOULLI, args);
    const { name, value } = either("Bernoulli", probs, logits);
    const [given] = broadcastAll(value);
    super(given.shape, [], { [name]: given }, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.boolean;
  }
  override get hasEnumerateSupport(): boolean {
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
  override get mean(): Tensor {
    return this.probs;
  }
  override get mode(): Tensor {
    const { probs } = this;
    return where(probs.eq(0.5), Number.NaN, probs.ge(0.5).to(probs.dtype));
  }
  override get variance(): Tensor {
    return this.probs.mul(this.probs.rsub(1));
  }

  override sampled(shape: Shape): Tensor {
    return bernoulli(this.probs.expand(this.extendedShape(shape)));
  }
  override logProbOf(value: Tensor): Tensor {
    const [logits, target] = broadcastAll(this.logits, value);
    return binaryCrossEntropyWithLogits(logits, target, 1).neg();
  }
  override entropy(): Tensor {
    return binaryCrossEntropyWithLogits(this.logits, this.probs, 1);
  }
  override enumerated(): Tensor {
    return countsUpTo(2, this);
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.probs.div(this.probs.rsub(1)).log()];
  }
  override logNormalizer(x: Tensor): Tensor {
    return x.exp().add(1).log();
  }
  override get meanCarrierMeasure(): number {
    return 0;
  }
}
