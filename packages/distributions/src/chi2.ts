import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { broadcastAll } from "./broadcast.ts";
import * as constraints from "./constraints/index.ts";
import type { ArgConstraints } from "./distribution.ts";
import { Gamma } from "./gamma.ts";

const CHI2 = "Chi2(df: operand, validateArgs?: bool)";
const CONSTRAINTS: ArgConstraints = { df: constraints.positive };

/**
 * Chi-squared distributions of `df` degrees of freedom: gamma distributions of `df / 2` and rate 1 / 2.
 *
 * @throws ValueError when `df` is not positive.
 *
 * @example
 * ```ts
 * import { distributions } from "flambeau";
 *
 * console.log(String(new distributions.Chi2(3).logProb(1)));
 * // tensor(-1.4189)
 * ```
 */
export class Chi2 extends Gamma {
  constructor(...args: Args<typeof CHI2>) {
    const { df, validateArgs } = bind(CHI2, args);
    super(broadcastAll(df)[0].mul(0.5), 0.5, validateArgs);
  }

  override get argConstraints(): ArgConstraints {
    return CONSTRAINTS;
  }
  /** The degrees of freedom. */
  get df(): Tensor {
    return this.concentration.mul(2);
  }
  override parameter(name: string): Tensor | undefined {
    return name === "df" ? this.df : super.parameter(name);
  }
}
