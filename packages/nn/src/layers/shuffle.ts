import { type Args, bind, type Tensor } from "@flambeau/tensor";
import * as F from "../functional/shuffle.ts";
import { Module } from "../module/module.ts";

const PIXEL_SHUFFLE = "PixelShuffle(upscaleFactor: int)";

/**
 * Channels as pixels. See `functional.pixelShuffle`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.PixelShuffle(3)(zeros([1, 9, 4, 4])).shape.join());
 * // 1,1,12,12
 * ```
 */
export class PixelShuffle extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** How many times as high and wide the result is. */
  readonly upscaleFactor: number;

  constructor(...args: Args<typeof PIXEL_SHUFFLE>) {
    super();
    this.upscaleFactor = bind(PIXEL_SHUFFLE, args).upscaleFactor;
  }

  override forward(x: Tensor): Tensor {
    return F.pixelShuffle(x, this.upscaleFactor);
  }

  override extraRepr(): string {
    return `upscale_factor=${this.upscaleFactor}`;
  }
}

const PIXEL_UNSHUFFLE = "PixelUnshuffle(downscaleFactor: int)";

/**
 * Pixels as channels. See `functional.pixelUnshuffle`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.PixelUnshuffle(3)(zeros([1, 1, 12, 12])).shape.join());
 * // 1,9,4,4
 * ```
 */
export class PixelUnshuffle extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** How many times as high and wide the input is. */
  readonly downscaleFactor: number;

  constructor(...args: Args<typeof PIXEL_UNSHUFFLE>) {
    super();
    this.downscaleFactor = bind(PIXEL_UNSHUFFLE, args).downscaleFactor;
  }

  override forward(x: Tensor): Tensor {
    return F.pixelUnshuffle(x, this.downscaleFactor);
  }

  override extraRepr(): string {
    return `downscale_factor=${this.downscaleFactor}`;
  }
}

const CHANNEL_SHUFFLE = "ChannelShuffle(groups: int)";

/**
 * Channels dealt from groups in turn. See `functional.channelShuffle`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(new nn.ChannelShuffle(2)(tensor([[[1], [2], [3], [4]]])).flatten());
 * // tensor([1., 3., 2., 4.])
 * ```
 */
export class ChannelShuffle extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** How many groups there are. */
  readonly groups: number;

  constructor(...args: Args<typeof CHANNEL_SHUFFLE>) {
    super();
    this.groups = bind(CHANNEL_SHUFFLE, args).groups;
  }

  override forward(x: Tensor): Tensor {
    return F.channelShuffle(x, this.groups);
  }

  override extraRepr(): string {
    return `groups=${this.groups}`;
  }
}
