/**
 * Convolutions that take the number of their input channels from their first input.
 *
 * @module
 */
import { formatShape, ShapeError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { nameOf } from "../module/location.ts";
import { become, resize } from "./become.ts";
import { type Conv, Conv1d, Conv2d } from "./conv.ts";
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from "./conv-transpose.ts";
import { Conv3d } from "./conv3d.ts";

/** Gives a lazy layer the channels of its input, and makes it what it stands for. */
function settle(layer: Conv, x: Tensor, Kind: { readonly prototype: Conv }, isTransposed: boolean): void {
  const { outChannels, groups, kernelSize, bias } = layer;
  const n = kernelSize.length;
  const inChannels = x.shape[x.ndim - n - 1];
  if ((x.ndim !== n + 1 && x.ndim !== n + 2) || inChannels === 0 || inChannels % groups !== 0) {
    throw new ShapeError(
      `${nameOf(layer)} takes an input of ${n + 1} or, with a batch, ${n + 2} dimensions whose channels divide into ${groups} groups; got shape ${formatShape(x.shape)}`,
    );
  }
  const channels = isTransposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups];
  resize(layer.weight, [...channels, ...kernelSize]);
  resize(bias, [outChannels]);
  become(layer, Kind, { inChannels });
  layer.resetParameters();
}

const LAZY_CONV1D =
  "LazyConv1d(outChannels: int, kernelSize: size1, stride: size1 = 1, padding: size1|'valid'|'same' = 0, dilation: size1 = 1, groups = 1, bias: bool = true, paddingMode: 'zeros'|'reflect'|'replicate'|'circular' = 'zeros', *, device?, dtype?)";

/**
 * A `Conv1d` that takes `inChannels` from its first input, draws its initial values then, and is a `Conv1d` from then on.
 *
 * @throws ValueError when a size or option is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.LazyConv1d(4, 3);
 * layer(zeros([1, 2, 8]));
 * console.log(String(layer));
 * // Conv1d(2, 4, kernel_size=(3,), stride=(1,))
 * ```
 */
export class LazyConv1d extends Conv1d {
  constructor(...args: Args<typeof LAZY_CONV1D>) {
    const { outChannels, kernelSize, ...options } = bind(LAZY_CONV1D, args);
    super(0, outChannels, kernelSize, options);
  }

  protected override leastChannels(): number {
    return 0;
  }

  override resetParameters(): void {
    if (this.inChannels !== 0) super.resetParameters();
  }

  override forward(x: Tensor): Tensor {
    settle(this, x, Conv1d, false);
    return this.forward(x);
  }
}

const LAZY_CONV_TRANSPOSE1D =
  "LazyConvTranspose1d(outChannels: int, kernelSize: size1, stride: size1 = 1, padding: size1 = 0, outputPadding: size1 = 0, groups = 1, bias: bool = true, dilation: size1 = 1, paddingMode: 'zeros' = 'zeros', *, device?, dtype?)";

/**
 * A `ConvTranspose1d` that takes `inChannels` from its first input, draws its initial values then, and is a `ConvTranspose1d` from then on.
 *
 * @throws ValueError when a size or option is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.LazyConvTranspose1d(4, 3);
 * layer(zeros([1, 2, 8]));
 * console.log(String(layer));
 * // ConvTranspose1d(2, 4, kernel_size=(3,), stride=(1,))
 * ```
 */
export class LazyConvTranspose1d extends ConvTranspose1d {
  constructor(...args: Args<typeof LAZY_CONV_TRANSPOSE1D>) {
    const { outChannels, kernelSize, ...options } = bind(LAZY_CONV_TRANSPOSE1D, args);
    super(0, outChannels, kernelSize, options);
  }

  protected override leastChannels(): number {
    return 0;
  }

  override resetParameters(): void {
    if (this.inChannels !== 0) super.resetParameters();
  }

  override forward(x: Tensor, outputSize: readonly number[] | null = null): Tensor {
    settle(this, x, ConvTranspose1d, true);
    return this.forward(x, outputSize);
  }
}

const LAZY_CONV2D =
  "LazyConv2d(outChannels: int, kernelSize: size2, stride: size2 = 1, padding: size2|'valid'|'same' = 0, dilation: size2 = 1, groups = 1, bias: bool = true, paddingMode: 'zeros'|'reflect'|'replicate'|'circular' = 'zeros', *, device?, dtype?)";

/**
 * A `Conv2d` that takes `inChannels` from its first input, draws its initial values then, and is a `Conv2d` from then on.
 *
 * @throws ValueError when a size or option is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.LazyConv2d(4, 3);
 * layer(zeros([1, 2, 8, 8]));
 * console.log(String(layer));
 * // Conv2d(2, 4, kernel_size=(3, 3), stride=(1, 1))
 * ```
 */
export class LazyConv2d extends Conv2d {
  constructor(...args: Args<typeof LAZY_CONV2D>) {
    const { outChannels, kernelSize, ...options } = bind(LAZY_CONV2D, args);
    super(0, outChannels, kernelSize, options);
  }

  protected override leastChannels(): number {
    return 0;
  }

  override resetParameters(): void {
    if (this.inChannels !== 0) super.resetParameters();
  }

  override forward(x: Tensor): Tensor {
    settle(this, x, Conv2d, false);
    return this.forward(x);
  }
}

const LAZY_CONV_TRANSPOSE2D =
  "LazyConvTranspose2d(outChannels: int, kernelSize: size2, stride: size2 = 1, padding: size2 = 0, outputPadding: size2 = 0, groups = 1, bias: bool = true, dilation: size2 = 1, paddingMode: 'zeros' = 'zeros', *, device?, dtype?)";

/**
 * A `ConvTranspose2d` that takes `inChannels` from its first input, draws its initial values then, and is a `ConvTranspose2d` from then on.
 *
 * @throws ValueError when a size or option is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.LazyConvTranspose2d(4, 3);
 * layer(zeros([1, 2, 8, 8]));
 * console.log(String(layer));
 * // ConvTranspose2d(2, 4, kernel_size=(3, 3), stride=(1, 1))
 * ```
 */
export class LazyConvTranspose2d extends ConvTranspose2d {
  constructor(...args: Args<typeof LAZY_CONV_TRANSPOSE2D>) {
    const { outChannels, kernelSize, ...options } = bind(LAZY_CONV_TRANSPOSE2D, args);
    super(0, outChannels, kernelSize, options);
  }

  protected override leastChannels(): number {
    return 0;
  }

  override resetParameters(): void {
    if (this.inChannels !== 0) super.resetParameters();
  }

  override forward(x: Tensor, outputSize: readonly number[] | null = null): Tensor {
    settle(this, x, ConvTranspose2d, true);
    return this.forward(x, outputSize);
  }
}

const LAZY_CONV3D =
  "LazyConv3d(outChannels: int, kernelSize: size3, stride: size3 = 1, padding: size3|'valid'|'same' = 0, dilation: size3 = 1, groups = 1, bias: bool = true, paddingMode: 'zeros'|'reflect'|'replicate'|'circular' = 'zeros', *, device?, dtype?)";

/**
 * A `Conv3d` that takes `inChannels` from its first input, draws its initial values then, and is a `Conv3d` from then on.
 *
 * @throws ValueError when a size or option is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.LazyConv3d(4, 3);
 * layer(zeros([1, 2, 4, 8, 8]));
 * console.log(String(layer));
 * // Conv3d(2, 4, kernel_size=(3, 3, 3), stride=(1, 1, 1))
 * ```
 */
export class LazyConv3d extends Conv3d {
  constructor(...args: Args<typeof LAZY_CONV3D>) {
    const { outChannels, kernelSize, ...options } = bind(LAZY_CONV3D, args);
    super(0, outChannels, kernelSize, options);
  }

  protected override leastChannels(): number {
    return 0;
  }

  override resetParameters(): void {
    if (this.inChannels !== 0) super.resetParameters();
  }

  override forward(x: Tensor): Tensor {
    settle(this, x, Conv3d, false);
    return this.forward(x);
  }
}

const LAZY_CONV_TRANSPOSE3D =
  "LazyConvTranspose3d(outChannels: int, kernelSize: size3, stride: size3 = 1, padding: size3 = 0, outputPadding: size3 = 0, groups = 1, bias: bool = true, dilation: size3 = 1, paddingMode: 'zeros' = 'zeros', *, device?, dtype?)";

/**
 * A `ConvTranspose3d` that takes `inChannels` from its first input, draws its initial values then, and is a `ConvTranspose3d` from then on.
 *
 * @throws ValueError when a size or option is out of range.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.LazyConvTranspose3d(4, 3);
 * layer(zeros([1, 2, 4, 8, 8]));
 * console.log(String(layer));
 * // ConvTranspose3d(2, 4, kernel_size=(3, 3, 3), stride=(1, 1, 1))
 * ```
 */
export class LazyConvTranspose3d extends ConvTranspose3d {
  constructor(...args: Args<typeof LAZY_CONV_TRANSPOSE3D>) {
    const { outChannels, kernelSize, ...options } = bind(LAZY_CONV_TRANSPOSE3D, args);
    super(0, outChannels, kernelSize, options);
  }

  protected override leastChannels(): number {
    return 0;
  }

  override resetParameters(): void {
    if (this.inChannels !== 0) super.resetParameters();
  }

  override forward(x: Tensor, outputSize: readonly number[] | null = null): Tensor {
    settle(this, x, ConvTranspose3d, true);
    return this.forward(x, outputSize);
  }
}
