import { formatShape, ShapeError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { softmax } from "../functional/activation.ts";
import { Module } from "../module/module.ts";

/**
 * Softmax over the channels of each pixel: `[batch, channels, height, width]` or without the batch.
 *
 * @throws ShapeError (calls) when the input has other dimensions.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.Softmax2d()(zeros([2, 1, 2])));
 * // tensor([[[0.5000, 0.5000]],
 * //
 * //         [[0.5000, 0.5000]]])
 * ```
 */
export class Softmax2d extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  override forward(x: Tensor): Tensor {
    if (x.ndim !== 3 && x.ndim !== 4) {
      throw new ShapeError(
        `Softmax2d takes an input [batch, channels, height, width] or [channels, height, width]; got shape ${formatShape(x.shape)}`,
      );
    }
    return softmax(x, -3);
  }
}
