import { type Args, bind, fullLike, onesLike, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { limitsOf } from "./float-limits.ts";
import { TransformedDistribution } from "./transformed-distribution.ts";
import { AffineTransform } from "./transforms/affine.ts";
import { ExpTransform } from "./transforms/elementwise.ts";
import { Uniform } from "./uniform.ts";

const GUMBEL = "Gumbel(loc: operand, scale: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { loc: constraints.real, scale: constraints.positive };

/** Euler's constant. */
export const EULER = 0.5772156649015329;

/**
 * Gumbel distributions, of the largest of many numbers: mode `loc`, width `scale`.
 *
 * @throws ValueError when `scale` is not positive or `loc` is nan; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * const largest = new distributions.Gumbel(1, 2);
 * console.log(String(largest.mean), String(largest.logProb(1)));
 * // tensor(2.1544) tensor(-1.6931)
 * ```
 */
export class Gumbel extends TransformedDistribution {
  constructor(...args: Args<typeof GUMBEL>) {
    const { loc, scale, validateArgs } = bind(GUMBEL, args);
    const [mode, width] = broadcastAll(loc, scale);
    const { tiny, eps } = limitsOf(mode.dtype);
    const base = new Uniform(fullLike(mode, tiny), fullLike(mode, 1 - eps));
    const steps = [
      new ExpTransform().inv,
      new AffineTransform(0, onesLike(width).neg()),
      new ExpTransform().inv,
      new AffineTransform(mode, width.neg()),
    ];
    super(base, steps, validateArgs);
    this.given({ loc: mode, scale: width });
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  override get support(): constraints.Constraint {
    return constraints.real;
  }
  /** The mode. */
  get loc(): Tensor {
    return this.params.loc;
  }
  /** The width. */
  get scale(): Tensor {
    return this.params.scale;
  }
  override get mean(): Tensor {
    return this.loc.add(this.scale.mul(EULER));
  }
  override get mode(): Tensor {
    return this.loc;
  }
  override get stddev(): Tensor {
    return this.scale.mul(Math.PI / Math.sqrt(6));
  }
  override get variance(): Tensor {
    return this.stddev.square();
  }

  /** Not by way of the transforms, which would lose digits. */
  override logProbOf(value: Tensor): Tensor {
    const y = this.loc.sub(value).div(this.scale);
    return y.sub(y.exp()).sub(this.scale.log());
  }
  override entropy(): Tensor {
    return this.scale.log().add(1 + EULER);
  }
}
