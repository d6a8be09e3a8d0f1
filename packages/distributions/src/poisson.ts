import type { Shape } from "@flambeau/backend";
import { gammaln } from "@flambeau/special";
import { type Args, bind, poisson, type Tensor, xlogy } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { ExponentialFamily } from "./exponential-family.ts";

const POISSON = "Poisson(rate: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { rate: constraints.nonnegative };

/**
 * Poisson distributions of a rate: how many events there are where they are independent of each other. There is no formula for the
 * entropy.
 *
 * @throws ValueError when the rate is negative.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed, tensor } from "flambeau";
 *
 * manualSeed(0);
 * const events = new distributions.Poisson(tensor([0.5, 4]));
 * console.log(String(events.sample()), String(events.logProb(1)));
 * // tensor([2., 5.]) tensor([-1.1931, -2.6137])
 * ```
 */
export class Poisson extends ExponentialFamily {
  constructor(...args: Args<typeof POISSON>) {
    const { rate, validateArgs } = bind(POISSON, args);
    const [given] = broadcastAll(rate);
    super(given.shape, [], { rate: given }, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.nonnegativeInteger;
  }
  /** The mean number of events. */
  get rate(): Tensor {
    return this.params.rate;
  }
  override get mean(): Tensor {
    return this.rate;
  }
  override get mode(): Tensor {
    return this.rate.floor();
  }
  override get variance(): Tensor {
    return this.rate;
  }

  override sampled(shape: Shape): Tensor {
    return poisson(this.rate.expand(this.extendedShape(shape)));
  }
  override logProbOf(given: Tensor): Tensor {
    const [rate, value] = broadcastAll(this.rate, given);
    return xlogy(value, rate)
      .sub(rate)
      .sub(gammaln(value.add(1)));
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.rate.log()];
  }
  override logNormalizer(x: Tensor): Tensor {
    return x.exp();
  }
}
