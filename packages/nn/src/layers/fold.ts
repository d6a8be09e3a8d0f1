import { type Args, bind, type Tensor } from "@flambeau/tensor";
import * as F from "../functional/fold.ts";
import type { Size2d } from "../functional/windows.ts";
import { Module } from "../module/module.ts";
import { sizeText } from "./size-text.ts";

const UNFOLD = "Unfold(kernelSize: size2, dilation: size2 = 1, padding: size2 = 0, stride: size2 = 1)";

/**
 * Every window of images as a column. See `functional.unfold`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.Unfold([2, 3])(zeros([2, 5, 3, 4])).shape.join());
 * // 2,30,4
 * ```
 */
export class Unfold extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** The size of the window. */
  readonly kernelSize: Size2d;
  /** How far apart a window's elements lie. */
  readonly dilation: Size2d;
  /** How much is added on each side. */
  readonly padding: Size2d;
  /** How far windows lie apart. */
  readonly stride: Size2d;

  constructor(...args: Args<typeof UNFOLD>) {
    super();
    const { kernelSize, dilation, padding, stride } = bind(UNFOLD, args);
    this.kernelSize = kernelSize;
    this.dilation = dilation;
    this.padding = padding;
    this.stride = stride;
  }

  override forward(x: Tensor): Tensor {
    return F.unfold(x, this.kernelSize, this.dilation, this.padding, this.stride);
  }

  override extraRepr(): string {
    return `kernel_size=${sizeText(this.kernelSize)}, dilation=${sizeText(this.dilation)}, padding=${sizeText(this.padding)}, stride=${sizeText(this.stride)}`;
  }
}

const FOLD =
  "Fold(outputSize: size2, kernelSize: size2, dilation: size2 = 1, padding: size2 = 0, stride: size2 = 1)";

/**
 * Columns of windows added up where they lie in images. See `functional.fold`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.Fold([3, 4], [2, 3])(zeros([2, 30, 4])).shape.join());
 * // 2,5,3,4
 * ```
 */
export class Fold extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** The height and width of the images. */
  readonly outputSize: Size2d;
  /** The size of the window. */
  readonly kernelSize: Size2d;
  /** How far apart a window's elements lie. */
  readonly dilation: Size2d;
  /** How much is added on each side. */
  readonly padding: Size2d;
  /** How far windows lie apart. */
  readonly stride: Size2d;

  constructor(...args: Args<typeof FOLD>) {
    super();
    const { outputSize, kernelSize, dilation, padding, stride } = bind(FOLD, args);
    this.outputSize = outputSize;
    this.kernelSize = kernelSize;
    this.dilation = dilation;
    this.padding = padding;
    this.stride = stride;
  }

  override forward(x: Tensor): Tensor {
    return F.fold(x, this.outputSize, this.kernelSize, this.dilation, this.padding, this.stride);
  }

  override extraRepr(): string {
    return `output_size=${sizeText(this.outputSize)}, kernel_size=${sizeText(this.kernelSize)}, dilation=${sizeText(this.dilation)}, padding=${sizeText(this.padding)}, stride=${sizeText(this.stride)}`;
  }
}
