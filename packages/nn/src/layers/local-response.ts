import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { localResponseNorm } from "../functional/local-response.ts";
import { Module } from "../module/module.ts";
import { floatText } from "../module/text.ts";

const LOCAL_RESPONSE_NORM =
  "LocalResponseNorm(size: int, alpha: number = 1e-4, beta: number = 0.75, k: number = 1)";

/**
 * Each element divided by a power of the mean square of `size` channels around its own. See `functional.localResponseNorm`.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * console.log(String(new nn.LocalResponseNorm(2)));
 * // LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1.0)
 * ```
 */
export class LocalResponseNorm extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** How many channels. */
  readonly size: number;
  /** What the mean is multiplied by. */
  readonly alpha: number;
  /** The power. */
  readonly beta: number;
  /** What is added. */
  readonly k: number;

  constructor(...args: Args<typeof LOCAL_RESPONSE_NORM>) {
    super();
    const { size, alpha, beta, k } = bind(LOCAL_RESPONSE_NORM, args);
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  override forward(x: Tensor): Tensor {
    return localResponseNorm(x, this.size, this.alpha, this.beta, this.k);
  }

  override extraRepr(): string {
    const { size, alpha, beta, k } = this;
    return `${size}, alpha=${floatText(alpha)}, beta=${floatText(beta)}, k=${floatText(k)}`;
  }
}
