import { type Shape, ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { sumRightmost } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { type ArgConstraints, Distribution } from "./distribution.ts";

/** What the signatures of distributions made of others take. */
export interface BaseTypes {
  /** The distribution that it is made of. */
  readonly baseDistribution: Distribution;
}

/** @throws ValueError when something is no distribution. */
export function checkDistribution(what: string, x: unknown): asserts x is Distribution {
  if (!(x instanceof Distribution)) throw new ValueError(`${what} is a distribution, as in new Normal(0, 1)`);
}

const INDEPENDENT = "Independent(baseDistribution: any, reinterpretedBatchNdims: int, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = {};

/**
 * The last dimensions of a batch of distributions as one event, whose parts are independent: log-probabilities are summed over them.
 *
 * @throws ValueError when the batch has fewer dimensions.
 *
 * @example
 * ```ts
 * import { distributions, zeros, ones } from "flambeau";
 *
 * const { Independent, Normal } = distributions;
 * const vector = new Independent(new Normal(zeros([2, 3]), ones([3])), 1);
 * console.log(vector.batchShape.join(), vector.eventShape.join(), vector.logProb(zeros([2, 3])).shape.join());
 * // 2 3 2
 * ```
 */
export class Independent extends Distribution {
  /** The distribution of the parts. */
  readonly baseDist: Distribution;
  /** How many dimensions are joined. */
  readonly reinterpretedBatchNdims: number;

  constructor(...args: Args<typeof INDEPENDENT, BaseTypes>) {
    const bound = bind<typeof INDEPENDENT, BaseTypes>(INDEPENDENT, args);
    const { baseDistribution: base, reinterpretedBatchNdims: count, validateArgs } = bound;
    checkDistribution("Independent: baseDistribution", base);
    if (!Number.isInteger(count) || count < 0 || count > base.batchShape.length)
      throw new ValueError(
        `Independent: expected reinterpretedBatchNdims <= ${base.batchShape.length}, the dimensions of the batch; got ${count}`,
      );
    const cut = base.batchShape.length - count;
    const shape = [...base.batchShape, ...base.eventShape];
    super(shape.slice(0, cut), shape.slice(cut), {}, validateArgs);
    this.baseDist = base;
    this.reinterpretedBatchNdims = count;
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    const { support } = this.baseDist;
    const count = this.reinterpretedBatchNdims;
    return count === 0 ? support : constraints.independent(support, count);
  }
  override get hasRsample(): boolean {
    return this.baseDist.hasRsample;
  }
  override get hasEnumerateSupport(): boolean {
    return this.reinterpretedBatchNdims === 0 && this.baseDist.hasEnumerateSupport;
  }
  override get mean(): Tensor {
    return this.baseDist.mean;
  }
  override get mode(): Tensor {
    return this.baseDist.mode;
  }
  override get variance(): Tensor {
    return this.baseDist.variance;
  }

  override sampled(shape: Shape): Tensor {
    return this.baseDist.sample(shape);
  }
  override rsampled(shape: Shape): Tensor {
    return this.baseDist.rsample(shape);
  }
  /** The base checks the value. */
  override logProbOf(value: Tensor): Tensor {
    return sumRightmost(this.baseDist.logProb(value), this.reinterpretedBatchNdims);
  }
  override checkValue(): void {}
  override entropy(): Tensor {
    return sumRightmost(this.baseDist.entropy(), this.reinterpretedBatchNdims);
  }
  override enumerateSupport(...args: Parameters<Distribution["enumerateSupport"]>): Tensor {
    if (this.reinterpretedBatchNdims > 0) throw this.lacks("enumerateSupport: values are those of several");
    return this.baseDist.enumerateSupport(...args);
  }
  override expanded(batchShape: Shape): this {
    const joined = this.eventShape.slice(0, this.reinterpretedBatchNdims);
    const baseDist = this.baseDist.expand([...batchShape, ...joined]);
    return this.with({ batchShape, baseDist } as Partial<this>);
  }
  override get anchor(): Tensor | undefined {
    return this.baseDist.anchor;
  }
  override toString(): string {
    return `${this.constructor.name}(${this.baseDist}, ${this.reinterpretedBatchNdims})`;
  }
}
