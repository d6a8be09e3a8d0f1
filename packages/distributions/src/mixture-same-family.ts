import { type Shape, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { Categorical } from "./categorical.ts";
import type * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { checkDistribution } from "./independent.ts";

/** What the signature takes. */
export interface MixtureTypes {
  /** Which component a sample is of. */
  readonly mixtureDistribution: Categorical;
  /** The components, along the last dimension of its batch. */
  readonly componentDistribution: Distribution;
}

const MIXTURE =
  "MixtureSameFamily(mixtureDistribution: any, componentDistribution: any, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = {};

/**
 * Mixtures of distributions of one family, which lie along the last dimension of a batch.
 *
 * @throws ValueError when the mixture is not categorical, or has not as many classes as there are components; ShapeError when the batches
 *   do not fit.
 *
 * @example
 * ```ts
 * import { distributions, tensor } from "flambeau";
 *
 * const { Categorical, MixtureSameFamily, Normal } = distributions;
 * const mixture = new MixtureSameFamily(new Categorical(tensor([0.3, 0.7])), new Normal(tensor([-1, 1]), 1));
 * console.log(String(mixture.mean), String(mixture.logProb(0)));
 * // tensor(0.4000) tensor(-1.4189)
 * ```
 */
export class MixtureSameFamily extends Distribution {
  /** Which component a sample is of. */
  readonly mixtureDistribution: Categorical;
  /** The components. */
  readonly componentDistribution: Distribution;

  constructor(...args: Args<typeof MIXTURE, MixtureTypes>) {
    const bound = bind<typeof MIXTURE, MixtureTypes>(MIXTURE, args);
    const { mixtureDistribution: mixture, componentDistribution: component, validateArgs } = bound;
    if (!(mixture instanceof Categorical))
      throw new ValueError("MixtureSameFamily: mixtureDistribution is a Categorical distribution");
    checkDistribution("MixtureSameFamily: componentDistribution", component);
    const batchShape = component.batchShape.slice(0, -1);
    for (let i = 1; i <= Math.min(batchShape.length, mixture.batchShape.length); i++) {
      const [a, b] = [mixture.batchShape[mixture.batchShape.length - i], batchShape[batchShape.length - i]];
      if (a !== 1 && b !== 1 && a !== b)
        throw new ShapeError(
          `MixtureSameFamily: the mixture's batch [${mixture.batchShape}] does not fit the components' [${component.batchShape}]`,
        );
    }
    const count = component.batchShape[component.batchShape.length - 1];
    if (count !== mixture.numEvents)
      throw new ValueError(
        `MixtureSameFamily: the mixture has ${mixture.numEvents} classes for ${count} components`,
      );
    super(batchShape, component.eventShape, {}, validateArgs);
    this.mixtureDistribution = mixture;
    this.componentDistribution = component;
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return this.componentDistribution.support;
  }

  /** The probabilities of components beside their values. @internal */
  get weights(): Tensor {
    const { probs } = this.mixtureDistribution;
    return probs.reshape([...probs.shape, ...this.eventShape.map(() => 1)]);
  }
  /** A value beside the components. @internal */
  beside(value: Tensor): Tensor {
    return value.unsqueeze(-1 - this.eventShape.length);
  }
  override get mean(): Tensor {
    return this.weights.mul(this.componentDistribution.mean).sum(-1 - this.eventShape.length);
  }
  /** Of the components, and of their means (the law of total variance). */
  override get variance(): Tensor {
    const { componentDistribution: component, weights } = this;
    const dim = -1 - this.eventShape.length;
    const within = weights.mul(component.variance).sum(dim);
    const between = weights.mul(component.mean.sub(this.beside(this.mean)).square()).sum(dim);
    return within.add(between);
  }

  override sampled(sampleShape: Shape): Tensor {
    const dim = sampleShape.length + this.batchShape.length;
    const chosen = this.mixtureDistribution.sample(sampleShape);
    const samples = this.componentDistribution.sample(sampleShape);
    const index = chosen
      .reshape([...chosen.shape, 1, ...this.eventShape.map(() => 1)])
      .expand([...chosen.shape, 1, ...this.eventShape]);
    return samples.gather(dim, index).squeeze(dim);
  }
  override logProbOf(value: Tensor): Tensor {
    const logProb = this.componentDistribution.logProb(this.beside(value));
    return logProb.add(this.mixtureDistribution.logits.logSoftmax(-1)).logsumexp(-1);
  }
  override cdfOf(value: Tensor): Tensor {
    return this.componentDistribution.cdf(this.beside(value)).mul(this.mixtureDistribution.probs).sum(-1);
  }
  override expanded(batchShape: Shape): this {
    return this.with({
      batchShape,
      componentDistribution: this.componentDistribution.expand([
        ...batchShape,
        this.mixtureDistribution.numEvents,
      ]),
      mixtureDistribution: this.mixtureDistribution.expand(batchShape),
    } as Partial<this>);
  }
  override get anchor(): Tensor | undefined {
    return this.componentDistribution.anchor;
  }
  override toString(): string {
    // Of the mixture PyTorch has computed the logarithms by then.
    const names = ["probs", "logits"].filter(
      (name) => name !== "probs" || name in this.mixtureDistribution.params,
    );
    const mixture = this.mixtureDistribution.textWith(names);
    return `MixtureSameFamily(\n  ${mixture},\n  ${this.componentDistribution})`;
  }
}
