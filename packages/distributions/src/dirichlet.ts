import { type Shape, ValueError } from "@flambeau/backend";
import { digamma, gammaln } from "@flambeau/special";
import { type Args, bind, type Tensor, where } from "@flambeau/tensor";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { ExponentialFamily } from "./exponential-family.ts";
import { oneHotOf } from "./one-hot.ts";
import { sampleDirichlet } from "./sampling/gamma.ts";

const DIRICHLET = "Dirichlet(concentration: tensor, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { concentration: constraints.independent(constraints.positive, 1) };

/**
 * Dirichlet distributions: over vectors of numbers from 0 whose sum is 1, with parameters `concentration` `[..., n]`.
 *
 * @throws ValueError when a parameter is not positive, or there is no dimension.
 *
 * @example
 * ```ts
 * import { distributions, manualSeed, tensor } from "flambeau";
 *
 * manualSeed(0);
 * const dirichlet = new distributions.Dirichlet(tensor([1, 2, 3]));
 * console.log(String(dirichlet.mean), dirichlet.sample([4]).shape);
 * // tensor([0.1667, 0.3333, 0.5000]) [ 4, 3 ]
 * ```
 */
export class Dirichlet extends ExponentialFamily {
  constructor(...args: Args<typeof DIRICHLET>) {
    const { concentration, validateArgs } = bind(DIRICHLET, args);
    if (concentration.ndim < 1)
      throw new ValueError("Dirichlet: concentration must be at least one-dimensional");
    super(concentration.shape.slice(0, -1), concentration.shape.slice(-1), { concentration }, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.simplex;
  }
  override get hasRsample(): boolean {
    return true;
  }
  /** The parameters. */
  get concentration(): Tensor {
    return this.params.concentration;
  }
  override get mean(): Tensor {
    return this.concentration.div(this.concentration.sum(-1, true));
  }
  override get mode(): Tensor {
    const above = this.concentration.sub(1).clampMin(0);
    const mode = above.div(above.sum(-1, true));
    // Without a peak inside it is in a corner, the first of the largest.
    const isCorner = this.concentration.lt(1).all(-1, true);
    return where(isCorner, oneHotOf(mode.argmax(-1), mode), mode);
  }
  override get variance(): Tensor {
    const total = this.concentration.sum(-1, true);
    return this.concentration.mul(total.sub(this.concentration)).div(total.square().mul(total.add(1)));
  }

  override rsampled(shape: Shape): Tensor {
    return sampleDirichlet(this.concentration.expand(this.extendedShape(shape)));
  }
  override logProbOf(value: Tensor): Tensor {
    return value
      .log()
      .mul(this.concentration.sub(1))
      .sum(-1)
      .add(gammaln(this.concentration.sum(-1)))
      .sub(gammaln(this.concentration).sum(-1));
  }
  override entropy(): Tensor {
    const { concentration } = this;
    const total = concentration.sum(-1);
    const count = concentration.shape[concentration.ndim - 1];
    return gammaln(concentration)
      .sum(-1)
      .sub(gammaln(total))
      .sub(total.rsub(count).mul(digamma(total)))
      .sub(concentration.sub(1).mul(digamma(concentration)).sum(-1));
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.concentration];
  }
  override logNormalizer(x: Tensor): Tensor {
    return gammaln(x)
      .sum(-1)
      .sub(gammaln(x.sum(-1)));
  }
}
