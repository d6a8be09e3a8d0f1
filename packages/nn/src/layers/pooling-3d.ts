/**
 * Pooling of volumes as modules.
 *
 * @module
 */
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { poolLayout } from "../functional/pooling.ts";
import * as F from "../functional/pooling-3d.ts";
import type { Size3d } from "../functional/windows.ts";
import { Module } from "../module/module.ts";
import { boolText } from "../module/text.ts";
import { outputSizeText, sizeText } from "./size-text.ts";

const MAX_POOL3D =
  "MaxPool3d(kernelSize: size3, stride?: size3, padding: size3 = 0, dilation: size3 = 1, returnIndices = false, ceilMode = false)";

/**
 * The largest element of every window of volumes; with `returnIndices: true` a call gives `[values, indices]`. See
 * `functional.maxPool3d`.
 *
 * @throws ValueError when an option is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.MaxPool3d(2)(zeros([1, 2, 4, 8, 8])).shape.join());
 * // 1,2,2,4,4
 * ```
 */
export class MaxPool3d<Indices extends boolean = false> extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** The size of the window. */
  readonly kernelSize: Size3d;
  /** How far windows lie apart. */
  readonly stride: Size3d;
  /** How much is added on each side. */
  readonly padding: Size3d;
  /** How far apart a window's elements lie. */
  readonly dilation: Size3d;
  /** Whether a call gives `[values, indices]`. */
  readonly returnIndices: Indices;
  /** Whether a window may begin within the input and end outside. */
  readonly ceilMode: boolean;

  constructor(...args: Args<typeof MAX_POOL3D, F.MaxPool3dOptions & { returnIndices?: Indices }>) {
    super();
    const bound = bind<typeof MAX_POOL3D, F.MaxPool3dOptions>(MAX_POOL3D, args);
    poolLayout("MaxPool3d", bound.kernelSize, bound, 3);
    this.kernelSize = bound.kernelSize;
    this.stride = bound.stride ?? bound.kernelSize;
    this.padding = bound.padding;
    this.dilation = bound.dilation;
    this.returnIndices = bound.returnIndices as Indices;
    this.ceilMode = bound.ceilMode;
  }

  override forward(x: Tensor): Indices extends true ? [Tensor, Tensor] : Tensor {
    const { stride, padding, dilation, ceilMode, returnIndices } = this;
    const options = { stride, padding, dilation, ceilMode, returnIndices: returnIndices as boolean };
    return F.maxPool3d(x, this.kernelSize, options) as Indices extends true ? [Tensor, Tensor] : Tensor;
  }

  override extraRepr(): string {
    return [
      `kernel_size=${sizeText(this.kernelSize)}, stride=${sizeText(this.stride)}`,
      `padding=${sizeText(this.padding)}, dilation=${sizeText(this.dilation)}`,
      `ceil_mode=${boolText(this.ceilMode)}`,
    ].join(", ");
  }
}

const AVG_POOL3D =
  "AvgPool3d(kernelSize: size3, stride?: size3, padding: size3 = 0, ceilMode = false, countIncludePad = true, divisorOverride?: int)";

/**
 * The mean of every window of volumes. See `functional.avgPool3d`.
 *
 * @throws ValueError when an option is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.AvgPool3d(2)(zeros([1, 2, 4, 8, 8])).shape.join());
 * // 1,2,2,4,4
 * ```
 */
export class AvgPool3d extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** The size of the window. */
  readonly kernelSize: Size3d;
  /** How far windows lie apart. */
  readonly stride: Size3d;
  /** How much is added on each side. */
  readonly padding: Size3d;
  /** Whether a window may begin within the input and end outside. */
  readonly ceilMode: boolean;
  /** Whether padding counts in the mean. */
  readonly countIncludePad: boolean;
  /** What sums are divided by instead of the number of elements, or null. */
  readonly divisorOverride: number | null;

  constructor(...args: Args<typeof AVG_POOL3D, F.AvgPool3dOptions>) {
    super();
    const bound = bind<typeof AVG_POOL3D, F.AvgPool3dOptions>(AVG_POOL3D, args);
    poolLayout("AvgPool3d", bound.kernelSize, bound, 3);
    this.kernelSize = bound.kernelSize;
    this.stride = bound.stride ?? bound.kernelSize;
    this.padding = bound.padding;
    this.ceilMode = bound.ceilMode;
    this.countIncludePad = bound.countIncludePad;
    this.divisorOverride = bound.divisorOverride ?? null;
  }

  override forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    return F.avgPool3d(x, kernelSize, { stride, padding, ceilMode, countIncludePad, divisorOverride });
  }

  override extraRepr(): string {
    return `kernel_size=${sizeText(this.kernelSize)}, stride=${sizeText(this.stride)}, padding=${sizeText(this.padding)}`;
  }
}

type OutputSize = number | null | readonly [number | null, number | null, number | null];

const ADAPTIVE_AVG_POOL3D = "AdaptiveAvgPool3d(outputSize: size|null)";

/**
 * Means of windows so chosen that the output has a size. See `functional.adaptiveAvgPool3d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.AdaptiveAvgPool3d([1, null, 2])(zeros([1, 2, 4, 8, 8])).shape.join());
 * // 1,2,1,8,2
 * ```
 */
export class AdaptiveAvgPool3d extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** How deep, high and wide the output is; null keeps the input's. */
  readonly outputSize: OutputSize;

  constructor(...args: Args<typeof ADAPTIVE_AVG_POOL3D, { outputSize: OutputSize }>) {
    super();
    this.outputSize = bind<typeof ADAPTIVE_AVG_POOL3D, { outputSize: OutputSize }>(
      ADAPTIVE_AVG_POOL3D,
      args,
    ).outputSize;
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool3d(x, this.outputSize);
  }

  override extraRepr(): string {
    return `output_size=${outputSizeText(this.outputSize)}`;
  }
}
