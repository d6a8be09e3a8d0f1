import type { Shape } from "@flambeau/backend";
import { gammaln } from "@flambeau/special";
import { type Args, bind, stack, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import { Dirichlet } from "./dirichlet.ts";
import type { ArgConstraints } from "./distribution.ts";
import { ExponentialFamily } from "./exponential-family.ts";

const BETA = "Beta(concentration1: operand, concentration0: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = {
  concentration1: constraints.positive,
  concentration0: constraints.positive,
};

/**
 * Beta distributions over [0, 1], with the parameters of 1 (alpha) and of 0 (beta).
 *
 * @throws ValueError when a parameter is not positive; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const beta = new distributions.Beta(2, 3);
 * console.log(String(beta.mean), String(beta.logProb(0.5)));
 * // tensor(0.4000) tensor(0.4055)
 * ```
 */
export class Beta extends ExponentialFamily {
  /** @internal */
  readonly dirichlet: Dirichlet;

  constructor(...args: Args<typeof BETA>) {
    const { concentration1, concentration0, validateArgs } = bind(BETA, args);
    const dirichlet = new Dirichlet(stack(broadcastAll(concentration1, concentration0), -1), validateArgs);
    super(dirichlet.batchShape, [], {}, validateArgs);
    this.dirichlet = dirichlet;
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.unitInterval;
  }
  override get hasRsample(): boolean {
    return true;
  }
  /** The parameter of 1, often called alpha. */
  get concentration1(): Tensor {
    return this.dirichlet.concentration.select(-1, 0);
  }
  /** The parameter of 0, often called beta. */
  get concentration0(): Tensor {
    return this.dirichlet.concentration.select(-1, 1);
  }
  override get mean(): Tensor {
    return this.concentration1.div(this.concentration1.add(this.concentration0));
  }
  override get mode(): Tensor {
    return this.dirichlet.mode.select(-1, 0);
  }
  override get variance(): Tensor {
    const total = this.concentration1.add(this.concentration0);
    return this.concentration1.mul(this.concentration0).div(total.square().mul(total.add(1)));
  }

  override rsampled(shape: Shape): Tensor {
    return this.dirichlet.rsample(shape).select(-1, 0);
  }
  override logProbOf(value: Tensor): Tensor {
    return this.dirichlet.logProb(stack([value, value.rsub(1)], -1));
  }
  override entropy(): Tensor {
    return this.dirichlet.entropy();
  }
  override expanded(batchShape: Shape): this {
    return this.with({ batchShape, dirichlet: this.dirichlet.expand(batchShape) } as Partial<this>);
  }
  override get anchor(): Tensor {
    return this.dirichlet.concentration;
  }

  override get naturalParams(): readonly Tensor[] {
    return [this.concentration1, this.concentration0];
  }
  override logNormalizer(x: Tensor, y: Tensor): Tensor {
    return gammaln(x)
      .add(gammaln(y))
      .sub(gammaln(x.add(y)));
  }
}
