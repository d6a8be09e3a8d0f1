import { type Args, bind, type Tensor } from "@flambeau/tensor";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import type { Independent } from "./independent.ts";
import { Normal } from "./normal.ts";
import { TransformedDistribution } from "./transformed-distribution.ts";
import { StickBreakingTransform } from "./transforms/vectors.ts";

const LOGISTIC_NORMAL = "LogisticNormal(loc: operand, scale: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { loc: constraints.real, scale: constraints.positive };

/**
 * Distributions over vectors of n + 1 positive numbers whose sum is 1, made of n normal ones by breaking pieces off a stick.
 *
 * @throws ValueError when `scale` is not positive or `loc` is nan; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions, tensor, zeros } from "flambeau";
 *
 * const parts = new distributions.LogisticNormal(zeros([2]), 1);
 * console.log(parts.sample().shape.join(), String(parts.logProb(tensor([0.2, 0.3, 0.5]))));
 * // 3 tensor(1.2980)
 * ```
 */
export class LogisticNormal extends TransformedDistribution {
  constructor(...args: Args<typeof LOGISTIC_NORMAL>) {
    const { loc, scale, validateArgs } = bind(LOGISTIC_NORMAL, args);
    const normal = new Normal(loc, scale, validateArgs);
    const base = normal.batchShape.length === 0 ? normal.expand([1]) : normal;
    super(base, new StickBreakingTransform(), validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.simplex;
  }
  /** @internal */
  get normal(): Normal {
    return (this.baseDist as Independent).baseDist as Normal;
  }
  /** The means of the normal numbers. */
  get loc(): Tensor {
    return this.normal.loc;
  }
  /** The standard deviations of the normal numbers. */
  get scale(): Tensor {
    return this.normal.scale;
  }
}
