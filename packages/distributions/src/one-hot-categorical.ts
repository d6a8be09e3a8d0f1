import type { Shape } from "@flambeau/backend";
import { type Args, bind, eye, type Tensor } from "@flambeau/tensor";
import { Categorical } from "./categorical.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { oneHotOf } from "./one-hot.ts";

const ONE_HOT = "OneHotCategorical(probs?: tensor, logits?: tensor, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { probs: constraints.simplex, logits: constraints.realVector };

/**
 * As {@link Categorical}, with vectors of one 1 and zeros for samples.
 *
 * @throws ValueError as {@link Categorical}.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed, tensor } from "flambeau";
 *
 * manualSeed(0);
 * const classes = new distributions.OneHotCategorical(tensor([0.2, 0.3, 0.5]));
 * console.log(String(classes.sample([2])));
 * // tensor([[0., 0., 1.],
 * //         [0., 0., 1.]])
 * ```
 */
export class OneHotCategorical extends Distribution {
  /** @internal */
  readonly categorical: Categorical;

  constructor(...args: Args<typeof ONE_HOT>) {
    const { probs, logits, validateArgs } = bind(ONE_HOT, args);
    const categorical = new Categorical(probs, logits);
    super(categorical.batchShape, categorical.paramShape.slice(-1), {}, validateArgs);
    this.categorical = categorical;
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.oneHot;
  }
  override get hasEnumerateSupport(): boolean {
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
  override get mean(): Tensor {
    return this.probs;
  }
  override get mode(): Tensor {
    const { probs } = this;
    return oneHotOf(probs.argmax(-1), probs);
  }
  override get variance(): Tensor {
    return this.probs.mul(this.probs.rsub(1));
  }

  override sampled(shape: Shape): Tensor {
    return oneHotOf(this.categorical.sample(shape), this.anchor);
  }
  override logProbOf(value: Tensor): Tensor {
    return this.categorical.logProb(value.argmax(-1));
  }
  override entropy(): Tensor {
    return this.categorical.entropy();
  }
  override enumerated(): Tensor {
    const { dtype, device } = this.anchor;
    return eye(this.eventShape[0], { dtype, device });
  }
  override expanded(batchShape: Shape): this {
    return this.with({ batchShape, categorical: this.categorical.expand(batchShape) } as Partial<this>);
  }
  override get anchor(): Tensor {
    return this.categorical.anchor as Tensor;
  }
}

/**
 * As {@link OneHotCategorical}, with samples through which gradients reach the probabilities as if a sample were they.
 *
 * Source: Bengio, Leonard and Courville, "Estimating or propagating gradients through stochastic neurons" (2013).
 *
 * @throws ValueError as {@link Categorical}.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed, tensor } from "flambeau";
 *
 * manualSeed(0);
 * const logits = tensor([0, 1, 2], { requiresGrad: true });
 * const sample = new distributions.OneHotCategoricalStraightThrough({ logits }).rsample();
 * sample.mul(tensor([1, 2, 3])).sum().backward();
 * console.log(String(logits.grad));
 * // tensor([-0.1418, -0.1408,  0.2826])
 * ```
 */
export class OneHotCategoricalStraightThrough extends OneHotCategorical {
  override get hasRsample(): boolean {
    return true;
  }

  override rsampled(shape: Shape): Tensor {
    const { probs } = this;
    return this.sample(shape).add(probs.sub(probs.detach()));
  }
}
