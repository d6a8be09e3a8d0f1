/**
 * Pooling as modules.
 *
 * @module
 */

import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import * as F from "../functional/pooling.ts";
import { poolLayout } from "../functional/pooling.ts";
import type { Size1d, Size2d } from "../functional/windows.ts";
import { nameOf } from "../module/location.ts";
import { Module } from "../module/module.ts";
import { boolText } from "../module/text.ts";
import { outputSizeText, sizeText } from "./size-text.ts";

/** A size as it was given: PyTorch prints these as they are. */
type Size = number | readonly number[];

/** What a pooled call gives: values, with indices if they were asked for. */
type Pooled<Indices extends boolean> = Indices extends true ? [Tensor, Tensor] : Tensor;

interface PoolForm<S> {
  readonly stride: S;
  readonly padding: S;
  readonly dilation: S;
  readonly ceilMode: boolean;
  readonly returnIndices: boolean;
}

abstract class MaxPool<S extends Size, Indices extends boolean> extends Module {
  readonly kernelSize: S;
  readonly stride: S;
  readonly padding: S | number;
  readonly dilation: S | number;
  readonly ceilMode: boolean;
  readonly returnIndices: Indices;

  constructor(kernelSize: S, options: F.MaxPool1dOptions | F.MaxPool2dOptions, n: 1 | 2) {
    super();
    poolLayout(nameOf(this), kernelSize, options, n);
    this.kernelSize = kernelSize;
    this.stride = (options.stride ?? kernelSize) as S;
    this.padding = (options.padding ?? 0) as S;
    this.dilation = (options.dilation ?? 1) as S;
    this.ceilMode = options.ceilMode ?? false;
    this.returnIndices = (options.returnIndices ?? false) as Indices;
  }

  /** What the function takes besides the kernel. */
  protected options(): PoolForm<S> {
    const { stride, padding, dilation, ceilMode, returnIndices } = this;
    return { stride, padding, dilation, ceilMode, returnIndices } as PoolForm<S>;
  }

  override extraRepr(): string {
    return [
      `kernel_size=${sizeText(this.kernelSize)}, stride=${sizeText(this.stride)}`,
      `padding=${sizeText(this.padding)}, dilation=${sizeText(this.dilation)}`,
      `ceil_mode=${boolText(this.ceilMode)}`,
    ].join(", ");
  }
}

const MAX_POOL1D =
  "MaxPool1d(kernelSize: size1, stride?: size1, padding: size1 = 0, dilation: size1 = 1, returnIndices = false, ceilMode = false)";

/**
 * The largest element of every window along the last dimension; with `returnIndices: true` a call gives
 * `[values, indices]`. See `functional.maxPool1d`.
 *
 * @throws ValueError when an option is out of range.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const pool = new nn.MaxPool1d(2, { returnIndices: true });
 * const [values, indices] = pool(tensor([[1, 3, 5, 2]]));
 * console.log(String(values), String(indices));
 * // tensor([[3., 5.]]) tensor([[1, 2]])
 * ```
 */
export class MaxPool1d<Indices extends boolean = false> extends MaxPool<Size1d, Indices> {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The stride may stand alone before the options, as in PyTorch. */
  constructor(...args: Args<typeof MAX_POOL1D, F.MaxPool1dOptions & { returnIndices?: Indices }>) {
    const { kernelSize, ...options } = bind<
      typeof MAX_POOL1D,
      F.MaxPool1dOptions & { returnIndices?: Indices }
    >(MAX_POOL1D, args);
    super(kernelSize, options as F.MaxPool1dOptions, 1);
  }

  override forward(x: Tensor): Pooled<Indices> {
    return F.maxPool1d(x, this.kernelSize, this.options()) as Pooled<Indices>;
  }
}

const MAX_POOL2D =
  "MaxPool2d(kernelSize: size2, stride?: size2, padding: size2 = 0, dilation: size2 = 1, returnIndices = false, ceilMode = false)";

/**
 * The largest element of every window of images; with `returnIndices: true` a call gives `[values, indices]`. See
 * `functional.maxPool2d`.
 *
 * @throws ValueError when an option is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.MaxPool2d(2)(zeros([8, 16, 28, 28])).shape.join());
 * // 8,16,14,14
 * ```
 */
export class MaxPool2d<Indices extends boolean = false> extends MaxPool<Size2d, Indices> {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The stride may stand alone before the options, as in PyTorch. */
  constructor(...args: Args<typeof MAX_POOL2D, F.MaxPool2dOptions & { returnIndices?: Indices }>) {
    const { kernelSize, ...options } = bind<
      typeof MAX_POOL2D,
      F.MaxPool2dOptions & { returnIndices?: Indices }
    >(MAX_POOL2D, args);
    super(kernelSize, options as F.MaxPool1dOptions, 2);
  }

  override forward(x: Tensor): Pooled<Indices> {
    return F.maxPool2d(x, this.kernelSize, this.options()) as Pooled<Indices>;
  }
}

abstract class AvgPool<S extends Size> extends Module {
  readonly kernelSize: S;
  readonly stride: S;
  readonly padding: S;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;

  /** PyTorch's average pooling of one dimension keeps its sizes as tuples. */
  constructor(kernelSize: S, options: F.AvgPool1dOptions | F.AvgPool2dOptions, n: 1 | 2) {
    super();
    const layout = poolLayout(nameOf(this), kernelSize, options as F.MaxPool2dOptions, n);
    this.kernelSize = (n === 1 ? layout.kernel : kernelSize) as S;
    this.stride = (n === 1 ? layout.stride : (options.stride ?? kernelSize)) as S;
    this.padding = (n === 1 ? layout.before : (options.padding ?? 0)) as S;
    this.ceilMode = options.ceilMode ?? false;
    this.countIncludePad = options.countIncludePad ?? true;
  }

  override extraRepr(): string {
    return `kernel_size=${sizeText(this.kernelSize)}, stride=${sizeText(this.stride)}, padding=${sizeText(this.padding)}`;
  }
}

const AVG_POOL1D =
  "AvgPool1d(kernelSize: size1, stride?: size1, padding: size1 = 0, ceilMode = false, countIncludePad = true)";

/**
 * The mean of every window along the last dimension: `[batch, channels, length]` to `[batch, channels,
 * positions]`, or both without the batch. See `functional.avgPool1d`.
 *
 * @throws ValueError when an option is out of range.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const pool = new nn.AvgPool1d(2);
 * console.log(String(pool(tensor([[[1, 3, 5, 7]]]))));
 * // tensor([[[2., 6.]]])
 * ```
 */
export class AvgPool1d extends AvgPool<Size1d> {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The stride may stand alone before the options, as in PyTorch. */
  constructor(...args: Args<typeof AVG_POOL1D, F.AvgPool1dOptions>) {
    const { kernelSize, ...options } = bind<typeof AVG_POOL1D, F.AvgPool1dOptions>(AVG_POOL1D, args);
    super(kernelSize, options, 1);
  }

  override forward(x: Tensor): Tensor {
    return F.avgPool1d(x, this.kernelSize, this.stride, this.padding, this.ceilMode, this.countIncludePad);
  }
}

const AVG_POOL2D =
  "AvgPool2d(kernelSize: size2, stride?: size2, padding: size2 = 0, ceilMode = false, countIncludePad = true, divisorOverride?: int)";

/**
 * The mean of every window of images. See `functional.avgPool2d`.
 *
 * @throws ValueError when an option is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.AvgPool2d(3, 2, { padding: 1 })(zeros([8, 16, 28, 28])).shape.join());
 * // 8,16,14,14
 * ```
 */
export class AvgPool2d extends AvgPool<Size2d> {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** What sums are divided by instead of the number of elements, or null. */
  readonly divisorOverride: number | null;

  /** The stride may stand alone before the options, as in PyTorch. */
  constructor(...args: Args<typeof AVG_POOL2D, F.AvgPool2dOptions>) {
    const { kernelSize, ...options } = bind<typeof AVG_POOL2D, F.AvgPool2dOptions>(AVG_POOL2D, args);
    super(kernelSize, options, 2);
    this.divisorOverride = options.divisorOverride ?? null;
  }

  override forward(x: Tensor): Tensor {
    const { kernelSize, stride, padding, ceilMode, countIncludePad, divisorOverride } = this;
    return F.avgPool2d(x, kernelSize, { stride, padding, ceilMode, countIncludePad, divisorOverride });
  }
}

const ADAPTIVE_AVG_POOL1D = "AdaptiveAvgPool1d(outputSize: size1)";

/**
 * Means of windows so chosen that the output has a given length. See `functional.adaptiveAvgPool1d`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const pool = new nn.AdaptiveAvgPool1d(2);
 * console.log(String(pool(tensor([[[1, 3, 5, 7, 9, 11]]]))));
 * // tensor([[[3., 9.]]])
 * ```
 */
export class AdaptiveAvgPool1d extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** How long the output is. */
  readonly outputSize: Size1d;

  constructor(...args: Args<typeof ADAPTIVE_AVG_POOL1D>) {
    super();
    this.outputSize = bind(ADAPTIVE_AVG_POOL1D, args).outputSize;
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool1d(x, this.outputSize);
  }

  override extraRepr(): string {
    return `output_size=${sizeText(this.outputSize)}`;
  }
}

const ADAPTIVE_AVG_POOL2D = "AdaptiveAvgPool2d(outputSize: size|null)";

/**
 * Means of windows so chosen that the output has a given height and width; null keeps the input's. See
 * `functional.adaptiveAvgPool2d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.AdaptiveAvgPool2d(1)(zeros([8, 16, 7, 7])).shape.join());
 * // 8,16,1,1
 * ```
 */
export class AdaptiveAvgPool2d extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** How high and wide the output is; null keeps the input's. */
  readonly outputSize: number | null | readonly [number | null, number | null];

  constructor(
    ...args: Args<
      typeof ADAPTIVE_AVG_POOL2D,
      { outputSize: number | null | readonly [number | null, number | null] }
    >
  ) {
    super();
    this.outputSize = bind<
      typeof ADAPTIVE_AVG_POOL2D,
      { outputSize: number | null | readonly [number | null, number | null] }
    >(ADAPTIVE_AVG_POOL2D, args).outputSize;
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool2d(x, this.outputSize);
  }

  override extraRepr(): string {
    return `output_size=${outputSizeText(this.outputSize)}`;
  }
}
