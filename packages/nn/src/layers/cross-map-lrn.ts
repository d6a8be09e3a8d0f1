import { formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { localResponseNorm } from "../functional/local-response.ts";
import { Module } from "../module/module.ts";
import { numberText } from "../module/text.ts";

const CROSS_MAP_LRN = "CrossMapLRN2d(size: int, alpha: number = 1e-4, beta: number = 0.75, k: number = 1)";

/**
 * Torch's older layer for what `LocalResponseNorm` computes, for images `[batch, channels, height, width]`: each element divided by a power of
 * `k + alpha / size * sum`, the sum of the squares of as many channels on either side of its own as fit in `size`, for an even size one
 * channel less in all. PyTorch's own has two faults that are not repeated here: its sums keep the square of the first channel,
 * and its gradients are those of other sums than its results.
 *
 * @throws ValueError when `size` is no integer from 1. Calls: ShapeError when the input is no batch of images.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * console.log(String(new nn.CrossMapLRN2d(3)));
 * // CrossMapLRN2d(3, alpha=0.0001, beta=0.75, k=1)
 * ```
 */
export class CrossMapLRN2d extends Module {
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

  constructor(...args: Args<typeof CROSS_MAP_LRN>) {
    super();
    const { size, alpha, beta, k } = bind(CROSS_MAP_LRN, args);
    if (!Number.isInteger(size) || size < 1)
      throw new ValueError(`CrossMapLRN2d: size is an integer from 1; got ${quote(size)}`);
    this.size = size;
    this.alpha = alpha;
    this.beta = beta;
    this.k = k;
  }

  override forward(x: Tensor): Tensor {
    if (x.ndim !== 4)
      throw new ShapeError(
        `CrossMapLRN2d takes an input [batch, channels, height, width]; got shape ${formatShape(x.shape)}`,
      );
    const { size, alpha, beta, k } = this;
    const channels = 2 * Math.floor((size - 1) / 2) + 1;
    return localResponseNorm(x, channels, (alpha / size) * channels, beta, k);
  }

  override extraRepr(): string {
    const { size, alpha, beta, k } = this;
    return `${size}, alpha=${numberText(alpha)}, beta=${numberText(beta)}, k=${numberText(k)}`;
  }
}
