import type { Shape } from "@flambeau/backend";
import { type Args, bind, type Tensor, zerosLike } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { emptyLikeOf } from "./draws.ts";
import { ExponentialFamily } from "./exponential-family.ts";

const EXPONENTIAL = "Exponential(rate: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { rate: constraints.positive };

/**
 * Exponential distributions of a rate: of mean `1 / rate`.
 *
 * @throws ValueError when the rate is not positive.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed } from "flambeau";
 *
 * manualSeed(0);
 * const exponential = new distributions.Exponential(2);
 * console.log(String(exponential.sample([2])), String(exponential.entropy()));
 * // tensor([1.7542, 0.6152]) tensor(0.3069)
 * ```
 */
export class Exponential extends ExponentialFamily {
  constructor(...args: Args<typeof EXPONENTIAL>) {
    const { rate, validateArgs } = bind(EXPONENTIAL, args);
    const [given] = broadcastAll(rate);
    super(given.shape, [], { rate: given }, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.nonnegative;
  }
  override get hasRsample(): boolean {
    return true;
  }
  /** One over the mean. */
  get rate(): Tensor {
    return this.params.rate;
  }
  override get mean(): Tensor {
    return this.rate.reciprocal();
  }
  override get mode(): Tensor {
    return zerosLike(this.rate);
  }
  override get stddev(): Tensor {
    return this.rate.reciprocal();
  }
  override get variance(): Tensor {
    return this.rate.pow(-2);
  }

  override rsampled(shape: Shape): Tensor {
    return emptyLikeOf(this.extendedShape(shape), this.rate).exponential_().div(this.rate);
  }
  override logProbOf(value: Tensor): Tensor {
    return this.rate.log().sub(this.rate.mul(value));
  }
  override cdfOf(value: Tensor): Tensor {
    return this.rate.neg().mul(value).exp().rsub(1);
  }
  override icdfOf(value: Tensor): Tensor {
    return value.rsub(1).log().neg().div(this.rate);
  }
  override entropy(): Tensor {
    return this.rate.log().rsub(1);
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.rate.neg()];
  }
  override logNormalizer(x: Tensor): Tensor {
    return x.neg().log().neg();
  }
  override get meanCarrierMeasure(): number {
    return 0;
  }
}
