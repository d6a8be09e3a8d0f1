import type { Shape } from "@flambeau/backend";
import { gammaln } from "@flambeau/special";
import { type Args, bind, onesLike, type Tensor, where, zeros } from "@flambeau/tensor";
import { Binomial } from "./binomial.ts";
import { broadcastAll, numberLike } from "./broadcast.ts";
import { Categorical } from "./categorical.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";

const MULTINOMIAL = "Multinomial(totalCount: int = 1, probs?: tensor, logits?: tensor, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { probs: constraints.simplex, logits: constraints.realVector };

/**
 * Multinomial distributions: how often each class comes in `totalCount` draws. See {@link Categorical} for `probs` and `logits`.
 *
 * @throws ValueError as {@link Categorical}, or when `totalCount` is no integer from 0.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed, tensor } from "flambeau";
 *
 * manualSeed(0);
 * const counts = new distributions.Multinomial(10, tensor([0.2, 0.3, 0.5]));
 * console.log(String(counts.sample()), String(counts.logProb(tensor([2, 3, 5]))));
 * // tensor([1., 3., 6.]) tensor(-2.4645)
 * ```
 */
export class Multinomial extends Distribution {
  /** How many draws there are. */
  readonly totalCount: number;
  /** @internal */
  readonly categorical: Categorical;

  constructor(...args: Args<typeof MULTINOMIAL>) {
    const { totalCount, probs, logits, validateArgs } = bind(MULTINOMIAL, args);
    const categorical = new Categorical(probs, logits);
    // Refuses a count that is none.
    new Binomial(totalCount, categorical.probs);
    super(categorical.batchShape, categorical.paramShape.slice(-1), {}, validateArgs);
    this.totalCount = totalCount;
    this.categorical = categorical;
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.multinomial(this.totalCount);
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
  override get mean(): Tensor {
    return this.probs.mul(this.totalCount);
  }
  override get variance(): Tensor {
    return this.probs.mul(this.totalCount).mul(this.probs.rsub(1));
  }

  override sampled(sampleShape: Shape): Tensor {
    const draws = this.categorical.sample([this.totalCount, ...sampleShape]).movedim(0, -1);
    const { device, dtype } = this.anchor;
    const counts = zeros(this.extendedShape(sampleShape), { dtype: "int64", device });
    return counts.scatterAdd(-1, draws, onesLike(draws)).to(dtype);
  }
  override logProbOf(given: Tensor): Tensor {
    const [all, value] = broadcastAll(this.logits, given);
    // 0 log(0) is 0.
    const logits = where(value.eq(0).logicalAnd(all.eq(-Infinity)), 0, all);
    return gammaln(value.sum(-1).add(1))
      .sub(gammaln(value.add(1)).sum(-1))
      .add(logits.mul(value).sum(-1));
  }
  override entropy(): Tensor {
    const n = numberLike(this.totalCount, this.anchor);
    const binomial = new Binomial(this.totalCount, this.probs);
    const support = binomial.enumerateSupport(false).narrow(0, 1, this.totalCount);
    const weighted = binomial
      .logProb(support)
      .exp()
      .mul(gammaln(support.add(1)));
    return this.categorical
      .entropy()
      .mul(n)
      .sub(gammaln(n.add(1)))
      .add(weighted.sum([0, -1]));
  }
  override expanded(batchShape: Shape): this {
    return this.with({ batchShape, categorical: this.categorical.expand(batchShape) } as Partial<this>);
  }
  override get anchor(): Tensor {
    return this.categorical.anchor as Tensor;
  }
}
