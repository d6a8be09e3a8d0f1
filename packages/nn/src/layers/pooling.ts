/**
 * Pooling as modules.
 *
 * @module
 */
import type { Tensor } from "@flambeau/tensor";
import * as F from "../functional/pooling.ts";
import { poolLayout } from "../functional/pooling.ts";
import type { Size1d, Size2d } from "../functional/windows.ts";
import { Module } from "../module/module.ts";
import { boolText, tupleText } from "../module/text.ts";
import { withStride } from "./conv.ts";

/** A size as it was given: PyTorch prints these as they are. */
type Size = number | readonly number[];

function sizeText(size: Size): string {
  return typeof size === "number" ? String(size) : tupleText(size);
}

/** What a pooled call gives: values, with indices if they were asked for. */
type Pooled<Indices extends boolean> = Indices extends true ? [Tensor, Tensor] : Tensor;

abstract class MaxPool<S extends Size, Indices extends boolean> extends Module {
  readonly kernelSize: S;
  readonly stride: S;
  readonly padding: S | number;
  readonly dilation: S | number;
  readonly ceilMode: boolean;
  readonly returnIndices: Indices;

  constructor(kernelSize: S, options: F.MaxPool1dOptions | F.MaxPool2dOptions, n: 1 | 2) {
    super();
    poolLayout(this.constructor.name, kernelSize, options, n);
    this.kernelSize = kernelSize;
    this.stride = (options.stride ?? kernelSize) as S;
    this.padding = (options.padding ?? 0) as S;
    this.dilation = (options.dilation ?? 1) as S;
    this.ceilMode = options.ceilMode ?? false;
    this.returnIndices = (options.returnIndices ?? false) as Indices;
  }

  override extraRepr(): string {
    return [
      `kernel_size=${sizeText(this.kernelSize)}, stride=${sizeText(this.stride)}`,
      `padding=${sizeText(this.padding)}, dilation=${sizeText(this.dilation)}`,
      `ceil_mode=${boolText(this.ceilMode)}`,
    ].join(", ");
  }
}

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
  constructor(
    kernelSize: Size1d,
    stride: Size1d | (F.MaxPool1dOptions & { readonly returnIndices?: Indices }) = {},
    options: Omit<F.MaxPool1dOptions, "stride"> & { readonly returnIndices?: Indices } = {},
  ) {
    super(kernelSize, withStride<F.MaxPool1dOptions>(stride, options), 1);
  }

  override forward(x: Tensor): Pooled<Indices> {
    return F.maxPool1d(x, this.kernelSize, this as F.MaxPool1dOptions) as Pooled<Indices>;
  }
}

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
  constructor(
    kernelSize: Size2d,
    stride: Size2d | (F.MaxPool2dOptions & { readonly returnIndices?: Indices }) = {},
    options: Omit<F.MaxPool2dOptions, "stride"> & { readonly returnIndices?: Indices } = {},
  ) {
    super(kernelSize, withStride<F.MaxPool2dOptions>(stride, options), 2);
  }

  override forward(x: Tensor): Pooled<Indices> {
    return F.maxPool2d(x, this.kernelSize, this as F.MaxPool2dOptions) as Pooled<Indices>;
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
    const layout = poolLayout(this.constructor.name, kernelSize, options as F.MaxPool2dOptions, n);
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
  constructor(
    kernelSize: Size1d,
    stride: Size1d | F.AvgPool1dOptions = {},
    options: Omit<F.AvgPool1dOptions, "stride"> = {},
  ) {
    super(kernelSize, withStride<F.AvgPool1dOptions>(stride, options), 1);
  }

  override forward(x: Tensor): Tensor {
    return F.avgPool1d(x, this.kernelSize, this);
  }
}

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
  constructor(
    kernelSize: Size2d,
    stride: Size2d | F.AvgPool2dOptions = {},
    options: Omit<F.AvgPool2dOptions, "stride"> = {},
  ) {
    const given = withStride<F.AvgPool2dOptions>(stride, options);
    super(kernelSize, given, 2);
    this.divisorOverride = given.divisorOverride ?? null;
  }

  override forward(x: Tensor): Tensor {
    return F.avgPool2d(x, this.kernelSize, this);
  }
}

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

  constructor(outputSize: Size1d) {
    super();
    this.outputSize = outputSize;
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool1d(x, this.outputSize);
  }

  override extraRepr(): string {
    return `output_size=${sizeText(this.outputSize)}`;
  }
}

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

  constructor(outputSize: number | null | readonly [number | null, number | null]) {
    super();
    this.outputSize = outputSize;
  }

  override forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool2d(x, this.outputSize);
  }

  override extraRepr(): string {
    const size = this.outputSize;
    const one = (s: number | null): string => (s === null ? "None" : String(s));
    const isPair = typeof size === "object" && size !== null;
    return `output_size=${isPair ? `(${size.map(one).join(", ")})` : one(size)}`;
  }
}
