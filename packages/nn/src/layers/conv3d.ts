import { type Args, bind, type Tensor } from "@flambeau/tensor";
import type { Conv3dOptions as Conv3dForm } from "../functional/conv.ts";
import { conv3d } from "../functional/conv3d.ts";
import { Conv, type ConvParameters } from "./conv.ts";

/** Options of `Conv3d`. */
export interface Conv3dOptions extends Conv3dForm, ConvParameters {}

const CONV3D =
  "Conv3d(inChannels: int, outChannels: int, kernelSize: size3, stride: size3 = 1, padding: size3|'valid'|'same' = 0, dilation: size3 = 1, groups = 1, bias: bool = true, paddingMode: 'zeros'|'reflect'|'replicate'|'circular' = 'zeros', *, device?, dtype?)";

/**
 * Convolution of volumes: `[batch, inChannels, depth, height, width]` or without the batch. Weight and bias start uniform within
 * `1 / sqrt(inChannels / groups * kernel elements)`, PyTorch's values for the same seed.
 *
 * @throws ValueError when a size or option is out of range. Calls: as `functional.conv3d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.Conv3d(1, 4, 3, { padding: 1 });
 * console.log(layer(zeros([2, 1, 5, 8, 8])).shape.join());
 * // 2,4,5,8,8
 * ```
 */
export class Conv3d extends Conv {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof CONV3D, Conv3dOptions>) {
    const { inChannels, outChannels, kernelSize, ...options } = bind<typeof CONV3D, Conv3dOptions>(
      CONV3D,
      args,
    );
    super(inChannels, outChannels, kernelSize, options, 3);
  }

  override forward(x: Tensor): Tensor {
    const [input, form] = this.padded(x);
    return conv3d(input, this.weight, this.bias, form as Conv3dForm);
  }
}
