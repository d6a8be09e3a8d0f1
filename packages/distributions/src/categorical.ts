import { numel, type Shape } from "@flambeau/backend";
import { type Args, arange, bind, full, multinomial, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";
import { limitsOf } from "./float-limits.ts";
import { categoricalLogits, categoricalProbs, eitherOfClasses } from "./probs-logits.ts";

const CATEGORICAL = "Categorical(probs?: tensor, logits?: tensor, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { probs: constraints.simplex, logits: constraints.realVector };

/**
 * Distributions over classes: the last dimension of `probs` has their probabilities, or numbers in proportion to them; that of `logits`
 * their logarithms, up to an addend. Samples are int64.
 *
 * @throws ValueError unless one of the two is given, or when numbers are negative.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed, tensor } from "flambeau";
 *
 * manualSeed(0);
 * const classes = new distributions.Categorical({ logits: tensor([0, 1, 2]) });
 * console.log(String(classes.sample([4])), String(classes.entropy()));
 * // tensor([2, 2, 2, 2]) tensor(0.8324)
 * ```
 */
export class Categorical extends Distribution {
  constructor(...args: Args<typeof CATEGORICAL>) {
    const { probs, logits, validateArgs } = bind(CATEGORICAL, args);
    const { name, value } = eitherOfClasses("Categorical", probs, logits);
    const normalized =
      name === "probs" ? value.div(value.sum(-1, true)) : value.sub(value.logsumexp(-1, true));
    super(value.shape.slice(0, -1), [], { [name]: normalized }, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.integerInterval(0, this.numEvents - 1);
  }
  override get hasEnumerateSupport(): boolean {
    return true;
  }
  /** The probabilities, whose sum is 1. */
  get probs(): Tensor {
    return this.params.probs ?? categoricalProbs(this.params.logits);
  }
  /** The logarithms of the probabilities. */
  get logits(): Tensor {
    return this.params.logits ?? categoricalLogits(this.params.probs);
  }
  /** The shape of the parameter. */
  get paramShape(): Shape {
    return (this.anchor as Tensor).shape;
  }
  /** How many classes there are. @internal */
  get numEvents(): number {
    return this.paramShape[this.paramShape.length - 1];
  }
  override get mean(): Tensor {
    return this.meaningless();
  }
  override get mode(): Tensor {
    return this.probs.argmax(-1);
  }
  override get variance(): Tensor {
    return this.meaningless();
  }

  /** nan for each distribution: classes have no mean. @internal */
  meaningless(): Tensor {
    const { dtype, device } = this.anchor as Tensor;
    return full(this.batchShape, Number.NaN, { dtype, device });
  }

  override sampled(sampleShape: Shape): Tensor {
    const rows = this.probs.reshape([-1, this.numEvents]);
    const samples = multinomial(rows, numel(sampleShape), true);
    return samples.T.reshape(this.extendedShape(sampleShape));
  }
  override logProbOf(value: Tensor): Tensor {
    const [index, logits] = broadcastAll(value.to("int64").unsqueeze(-1), this.logits);
    return logits.gather(-1, index.narrow(-1, 0, 1)).squeeze(-1);
  }
  override entropy(): Tensor {
    const { logits } = this;
    const finite = logits.clampMin(-limitsOf(logits.dtype).max);
    return finite.mul(this.probs).sum(-1).neg();
  }
  override enumerated(): Tensor {
    return arange(this.numEvents, { dtype: "int64", device: this.anchor?.device });
  }
}
