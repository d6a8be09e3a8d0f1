/**
 * Convolutions as modules.
 *
 * @module
 */

import { type DType, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, empty, type Tensor } from "@flambeau/tensor";
import {
  type AnyConvOptions,
  type Conv1dOptions as Conv1dForm,
  type Conv2dOptions as Conv2dForm,
  type ConvLayout,
  conv1d,
  conv2d,
  convLayout,
  paddings,
} from "../functional/conv.ts";
import { type PadOptions, pad } from "../functional/pad.ts";
import { sizes } from "../functional/windows.ts";
import { uniform_ } from "../init/index.ts";
import { drawWeight } from "../init/layer-weight.ts";
import { nameOf } from "../module/location.ts";
import { Module } from "../module/module.ts";
import { boolText, tupleText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";

type PaddingMode = "zeros" | Exclude<NonNullable<PadOptions["mode"]>, "constant">;
const MODES: readonly unknown[] = ["zeros", "reflect", "replicate", "circular"];

/** What a convolution's parameters are, and what is around its input. */
export interface ConvParameters {
  /** Add a learned number to each output channel. Default true. */
  readonly bias?: boolean;
  /** What is outside of the input: "zeros" (default), or what `F.pad` puts there. */
  readonly paddingMode?: PaddingMode;
  /** The dtype of the parameters. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where the parameters are. Default "cpu". */
  readonly device?: string;
}

/** Options of `Conv1d`. */
export interface Conv1dOptions extends Conv1dForm, ConvParameters {}
/** Options of `Conv2d`. */
export interface Conv2dOptions extends Conv2dForm, ConvParameters {}

/** What convolutions of all dimensions share. */
export abstract class Conv extends Module implements ConvLayout {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | "valid" | "same";
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly paddingMode: PaddingMode;
  weight: Parameter;
  bias: Parameter | null;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly number[],
    options: AnyConvOptions & ConvParameters,
    n: number,
  ) {
    super();
    const what = nameOf(this);
    for (const channels of [inChannels, outChannels]) {
      if (!Number.isInteger(channels) || channels < (channels === inChannels ? this.leastChannels() : 1))
        throw new ValueError(`${what} takes numbers of channels; got ${quote(channels)}`);
    }
    const { bias = true, paddingMode = "zeros", dtype, device } = options;
    if (!MODES.includes(paddingMode))
      throw new ValueError(`${what}: paddingMode is one of ${MODES.join(", ")}; got ${quote(paddingMode)}`);
    const layout = convLayout(what, options, n);
    for (const [name, channels] of [
      ["input", inChannels],
      ["output", outChannels],
    ] as const) {
      if (channels % layout.groups !== 0)
        throw new ValueError(
          `${what}: the ${channels} ${name} channels do not divide into ${layout.groups} groups`,
        );
    }
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = sizes(what, "kernelSize", kernelSize, n, 1);
    this.stride = layout.stride;
    this.padding = layout.padding;
    this.dilation = layout.dilation;
    this.groups = layout.groups;
    this.paddingMode = paddingMode;
    const shape = [...this.weightChannels(), ...this.kernelSize];
    this.weight = new Parameter(empty(shape, { dtype, device }));
    this.bias = bias ? new Parameter(empty([outChannels], { dtype, device })) : null;
    this.resetParameters();
  }

  /** The least number of input channels: none where they are found at the first call. */
  protected leastChannels(): number {
    return 1;
  }

  /** The first two sizes of the weight. */
  protected weightChannels(): readonly [number, number] {
    return [this.outChannels, this.inChannels / this.groups];
  }

  /** Draws new initial values. */
  resetParameters(): void {
    drawWeight(this.weight);
    const bound = 1 / Math.sqrt(this.weight.numel() / this.weight.shape[0]);
    if (this.bias !== null) uniform_(this.bias, -bound, bound);
  }

  /** The input with what lies around it, and the form of a convolution that has nothing more to add; zeros it adds itself. */
  protected padded(x: Tensor): [Tensor, Conv1dForm | Conv2dForm] {
    const { paddingMode: mode, stride, padding, dilation, groups } = this;
    if (mode === "zeros") return [x, { stride, padding, dilation, groups } as Conv2dForm];
    const { before, after } = paddings(this, this.kernelSize);
    const pairs = before.flatMap((size, i) => [after[i], size]).reverse();
    return [pad(x, pairs, { mode }), { stride, dilation, groups } as Conv2dForm];
  }

  /** What stands after the dilation in the text. */
  protected ownRepr(): string[] {
    return [];
  }

  override extraRepr(): string {
    const parts = [
      `${this.inChannels}, ${this.outChannels}, kernel_size=${tupleText(this.kernelSize)}, stride=${tupleText(this.stride)}`,
    ];
    const { padding } = this;
    if (typeof padding === "string") parts.push(`padding=${padding}`);
    else if (padding.some((p) => p !== 0)) parts.push(`padding=${tupleText(padding)}`);
    if (this.dilation.some((d) => d !== 1)) parts.push(`dilation=${tupleText(this.dilation)}`);
    parts.push(...this.ownRepr());
    if (this.groups !== 1) parts.push(`groups=${this.groups}`);
    if (this.bias === null) parts.push(`bias=${boolText(false)}`);
    if (this.paddingMode !== "zeros") parts.push(`padding_mode=${this.paddingMode}`);
    return parts.join(", ");
  }
}

const CONV1D =
  "Conv1d(inChannels: int, outChannels: int, kernelSize: size1, stride: size1 = 1, padding: size1|'valid'|'same' = 0, dilation: size1 = 1, groups = 1, bias: bool = true, paddingMode: 'zeros'|'reflect'|'replicate'|'circular' = 'zeros', *, device?, dtype?)";

/**
 * Convolution along one dimension: `[batch, inChannels, length]` or `[inChannels, length]`. Weight and bias start uniform
 * within `1 / sqrt(inChannels / groups * kernelSize)`, PyTorch's values for the same seed.
 *
 * @throws ValueError when a size or option is out of range. Calls: as `functional.conv1d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.Conv1d(2, 4, 3, { stride: 2 });
 * console.log(layer(zeros([8, 2, 11])).shape.join());
 * // 8,4,5
 * ```
 */
export class Conv1d extends Conv {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The stride may stand alone before the options, as in PyTorch. */
  constructor(...args: Args<typeof CONV1D, Conv1dOptions>) {
    const { inChannels, outChannels, kernelSize, ...options } = bind<typeof CONV1D, Conv1dOptions>(
      CONV1D,
      args,
    );
    super(inChannels, outChannels, kernelSize, options, 1);
  }

  override forward(x: Tensor): Tensor {
    const [input, form] = this.padded(x);
    return conv1d(input, this.weight, this.bias, form as Conv1dForm);
  }
}

const CONV2D =
  "Conv2d(inChannels: int, outChannels: int, kernelSize: size2, stride: size2 = 1, padding: size2|'valid'|'same' = 0, dilation: size2 = 1, groups = 1, bias: bool = true, paddingMode: 'zeros'|'reflect'|'replicate'|'circular' = 'zeros', *, device?, dtype?)";

/**
 * Convolution of images: `[batch, inChannels, height, width]` or `[inChannels, height, width]`. Weight and bias start
 * uniform within `1 / sqrt(inChannels / groups * kernel elements)`, PyTorch's values for the same seed.
 *
 * @throws ValueError when a size or option is out of range. Calls: as `functional.conv2d`.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const layer = new nn.Conv2d(1, 16, 3, { padding: 1 });
 * console.log(String(layer));
 * // Conv2d(1, 16, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
 * console.log(layer(zeros([8, 1, 28, 28])).shape.join());
 * // 8,16,28,28
 * ```
 */
export class Conv2d extends Conv {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The stride may stand alone before the options, as in PyTorch. */
  constructor(...args: Args<typeof CONV2D, Conv2dOptions>) {
    const { inChannels, outChannels, kernelSize, ...options } = bind<typeof CONV2D, Conv2dOptions>(
      CONV2D,
      args,
    );
    super(inChannels, outChannels, kernelSize, options, 2);
  }

  override forward(x: Tensor): Tensor {
    const [input, form] = this.padded(x);
    return conv2d(input, this.weight, this.bias, form as Conv2dForm);
  }
}
