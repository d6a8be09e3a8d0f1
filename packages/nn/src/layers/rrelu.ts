import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { rrelu } from "../functional/rrelu.ts";
import { numberText } from "../module/text.ts";
import { Inplace } from "./inplace.ts";

const RRELU = "RReLU(lower: number = 0.125, upper: number = 0.3333333333333333, inplace = false)";

/**
 * `x` above zero, below it `x` times a slope that training draws and evaluation takes the mean of. See `functional.rrelu`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.RReLU(0.1, 0.3).eval()(tensor([-1, 2]))));
 * // tensor([-0.2000,  2.0000])
 * ```
 */
export class RReLU extends Inplace {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** The least slope. */
  readonly lower: number;
  /** The largest slope. */
  readonly upper: number;

  constructor(...args: Args<typeof RRELU>) {
    const { lower, upper, inplace } = bind(RRELU, args);
    super(inplace);
    this.lower = lower;
    this.upper = upper;
  }

  override forward(x: Tensor): Tensor {
    return rrelu(x, this.lower, this.upper, this.training, this.inplace);
  }

  override extraRepr(): string {
    return `lower=${numberText(this.lower)}, upper=${numberText(this.upper)}${this.inplaceText(", ")}`;
  }
}
