/**
 * Transposed convolutions as modules.
 *
 * @module
 */
import { formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import type { AnyConvOptions } from "../functional/conv.ts";
import * as F from "../functional/conv-transpose.ts";
import { type Size1d, type Size2d, type Size3d, sizes } from "../functional/windows.ts";
import { nameOf } from "../module/location.ts";
import { tupleText } from "../module/text.ts";
import { Conv, type ConvParameters } from "./conv.ts";

interface Options extends ConvParameters {
  readonly outputPadding: number | readonly number[];
  readonly paddingMode: "zeros";
}

/** What transposed convolutions of all dimensions share. */
abstract class ConvTranspose extends Conv {
  /** How many more elements the result has at its end. */
  readonly outputPadding: readonly number[];

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly number[],
    { outputPadding, ...options }: Omit<AnyConvOptions, "padding"> & Options,
    n: number,
  ) {
    super(inChannels, outChannels, kernelSize, options as AnyConvOptions & ConvParameters, n);
    this.outputPadding = sizes(nameOf(this), "outputPadding", outputPadding, n, 0);
  }

  protected override weightChannels(): readonly [number, number] {
    return [this.inChannels, this.outChannels / this.groups];
  }

  protected override ownRepr(): string[] {
    return this.outputPadding.some((p) => p !== 0) ? [`output_padding=${tupleText(this.outputPadding)}`] : [];
  }

  /** The layout of a call; an output size that is given takes the place of the output padding. */
  protected layout(x: Tensor, outputSize: readonly number[] | null): F.TransposeLayout {
    const { stride, dilation, groups } = this;
    const padding = this.padding as readonly number[];
    const layout = { stride, padding, dilation, groups, outputPadding: this.outputPadding };
    if (outputSize === null) return layout;
    const n = this.kernelSize.length;
    const least = F.transposedSizes(x.shape.slice(-n), this.kernelSize, layout);
    const wanted = outputSize.slice(-n);
    if (![n, n + 1, n + 2].includes(outputSize.length)) {
      throw new ShapeError(
        `${nameOf(this)}: an output's size has ${n} numbers; got ${formatShape(outputSize)}`,
      );
    }
    const outputPadding = wanted.map((size, i) => size - least[i]);
    if (outputPadding.some((p, i) => p < 0 || p >= stride[i])) {
      throw new ValueError(
        `${nameOf(this)}: an output of size ${quote(outputSize)} is none of those from ${formatShape(least)} to below one stride more`,
      );
    }
    return { ...layout, outputPadding };
  }
}

const CONV_TRANSPOSE1D =
  "ConvTranspose1d(inChannels: int, outChannels: int, kernelSize: size1, stride: size1 = 1, padding: size1 = 0, outputPadding: size1 = 0, groups = 1, bias: bool = true, dilation: size1 = 1, paddingMode: 'zeros' = 'zeros', *, device?, dtype?)";

/**
 * Transposed convolution along one dimension: `[batch, inChannels, length]` or `[inChannels, length]`. Weight and bias start
 * uniform, PyTorch's values for the same seed. A call may be given the length of its output, of those that its stride allows.
 *
 * @throws ValueError when a size or option is out of range. Calls: as `functional.convTranspose1d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.ConvTranspose1d(2, 4, 3, { stride: 2 });
 * console.log(layer(zeros([8, 2, 11])).shape.join(), layer(zeros([8, 2, 11]), [24]).shape.join());
 * // 8,4,23 8,4,24
 * ```
 */
export class ConvTranspose1d extends ConvTranspose {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof CONV_TRANSPOSE1D>) {
    const { inChannels, outChannels, kernelSize, ...options } = bind(CONV_TRANSPOSE1D, args);
    super(inChannels, outChannels, kernelSize, options as Options, 1);
  }

  override forward(x: Tensor, outputSize: readonly number[] | null = null): Tensor {
    return F.convTranspose1d(x, this.weight, this.bias, this.layout(x, outputSize) as Layout<Size1d>);
  }
}

interface Layout<S> {
  readonly stride: S;
  readonly padding: S;
  readonly outputPadding: S;
  readonly dilation: S;
  readonly groups: number;
}

const CONV_TRANSPOSE2D =
  "ConvTranspose2d(inChannels: int, outChannels: int, kernelSize: size2, stride: size2 = 1, padding: size2 = 0, outputPadding: size2 = 0, groups = 1, bias: bool = true, dilation: size2 = 1, paddingMode: 'zeros' = 'zeros', *, device?, dtype?)";

/**
 * Transposed convolution of images: `[batch, inChannels, height, width]` or without the batch. As `ConvTranspose1d`.
 *
 * @throws ValueError when a size or option is out of range. Calls: as `functional.convTranspose2d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.ConvTranspose2d(16, 8, 4, { stride: 2, padding: 1 });
 * console.log(String(layer));
 * // ConvTranspose2d(16, 8, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))
 * console.log(layer(zeros([1, 16, 7, 7])).shape.join());
 * // 1,8,14,14
 * ```
 */
export class ConvTranspose2d extends ConvTranspose {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof CONV_TRANSPOSE2D>) {
    const { inChannels, outChannels, kernelSize, ...options } = bind(CONV_TRANSPOSE2D, args);
    super(inChannels, outChannels, kernelSize, options as Options, 2);
  }

  override forward(x: Tensor, outputSize: readonly number[] | null = null): Tensor {
    return F.convTranspose2d(x, this.weight, this.bias, this.layout(x, outputSize) as Layout<Size2d>);
  }
}

const CONV_TRANSPOSE3D =
  "ConvTranspose3d(inChannels: int, outChannels: int, kernelSize: size3, stride: size3 = 1, padding: size3 = 0, outputPadding: size3 = 0, groups = 1, bias: bool = true, dilation: size3 = 1, paddingMode: 'zeros' = 'zeros', *, device?, dtype?)";

/**
 * Transposed convolution of volumes: `[batch, inChannels, depth, height, width]` or without the batch. As `ConvTranspose1d`.
 *
 * @throws ValueError when a size or option is out of range. Calls: as `functional.convTranspose3d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.ConvTranspose3d(2, 1, 2, { stride: 2 });
 * console.log(layer(zeros([1, 2, 3, 4, 4])).shape.join());
 * // 1,1,6,8,8
 * ```
 */
export class ConvTranspose3d extends ConvTranspose {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof CONV_TRANSPOSE3D>) {
    const { inChannels, outChannels, kernelSize, ...options } = bind(CONV_TRANSPOSE3D, args);
    super(inChannels, outChannels, kernelSize, options as Options, 3);
  }

  override forward(x: Tensor, outputSize: readonly number[] | null = null): Tensor {
    return F.convTranspose3d(x, this.weight, this.bias, this.layout(x, outputSize) as Layout<Size3d>);
  }
}
