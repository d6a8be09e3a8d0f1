/**
 * Layer and group norm as modules.
 *
 * @module
 */

import { noGrad } from "@flambeau/autograd";
import { checkShape, type DType, type Shape, ValueError } from "@flambeau/backend";
import { type Args, bind, ones, type Tensor, zeros } from "@flambeau/tensor";
import * as F from "../functional/normalization.ts";
import { Module } from "../module/module.ts";
import { boolText, floatText, tupleText } from "../module/text.ts";
import { Parameter } from "../parameter.ts";

/** What norms share. */
interface NormOptions {
  /** Added to variances. Default 1e-5. */
  readonly eps?: number;
  /** The dtype of the parameters. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where the parameters are. Default "cpu". */
  readonly device?: string;
}

/** A norm with a factor and an addend of some shape, or without. */
abstract class Norm extends Module {
  readonly eps: number;
  weight: Parameter | null;
  bias: Parameter | null;

  constructor(shape: Shape | null, options: NormOptions, hasBias = true) {
    super();
    const { eps = 1e-5, dtype, device } = options;
    this.eps = eps;
    this.weight = shape === null ? null : new Parameter(ones(shape, { dtype, device }));
    this.bias = shape === null || !hasBias ? null : new Parameter(zeros(shape, { dtype, device }));
  }

  /** Sets factors to one and addends to zero. */
  resetParameters(): void {
    noGrad(() => {
      this.weight?.fill_(1);
      this.bias?.zero_();
    });
  }
}

/** Options of `LayerNorm`. */
export interface LayerNormOptions extends NormOptions {
  /** Learn a factor and an addend for each element. Default true. */
  readonly elementwiseAffine?: boolean;
  /** Learn an addend, too. Default true. */
  readonly bias?: boolean;
}

const LAYER_NORM =
  "LayerNorm(normalizedShape: int|ints, eps = 1e-5, elementwiseAffine = true, bias: bool = true, *, device?, dtype?)";

/**
 * Elements normalized over the last dimensions: one of size `normalizedShape`, or several. See `functional.layerNorm`.
 *
 * @throws ShapeError when a size is no integer from 0. Calls: when the input does not end in `normalizedShape`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const layer = new nn.LayerNorm(2);
 * console.log(String(layer));
 * // LayerNorm((2,), eps=1e-05, elementwise_affine=True)
 * console.log(String(layer(tensor([[1, 3]])).detach()));
 * // tensor([[-1.0000,  1.0000]])
 * ```
 */
export class LayerNorm extends Norm {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** The last sizes of the input, over which it is normalized. */
  readonly normalizedShape: Shape;
  /** Whether there is a learned scale and shift. */
  readonly elementwiseAffine: boolean;

  constructor(...args: Args<typeof LAYER_NORM, LayerNormOptions>) {
    const { normalizedShape, eps, elementwiseAffine, bias, device, dtype } = bind<
      typeof LAYER_NORM,
      LayerNormOptions
    >(LAYER_NORM, args);
    const shape = checkShape(
      typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape,
    ).slice();
    super(elementwiseAffine ? shape : null, { eps, device, dtype }, bias);
    this.normalizedShape = shape;
    this.elementwiseAffine = elementwiseAffine;
  }

  override forward(x: Tensor): Tensor {
    return F.layerNorm(x, this.normalizedShape, this.weight, this.bias, this.eps);
  }

  override extraRepr(): string {
    return `${tupleText(this.normalizedShape)}, eps=${floatText(this.eps)}, elementwise_affine=${boolText(this.elementwiseAffine)}`;
  }
}

/** Options of `GroupNorm`. */
export interface GroupNormOptions extends NormOptions {
  /** Learn a factor and an addend for each channel. Default true. */
  readonly affine?: boolean;
}

const GROUP_NORM =
  "GroupNorm(numGroups: int, numChannels: int, eps = 1e-5, affine = true, *, device?, dtype?)";

/**
 * Channels of `[batch, channels, ...]` in groups, each normalized within each image. See `functional.groupNorm`.
 *
 * @throws ValueError when the channels do not divide into groups. Calls: ShapeError when the input has other channels.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * console.log(new nn.GroupNorm(2, 4)(zeros([8, 4, 5, 5])).shape.join());
 * // 8,4,5,5
 * ```
 */
export class GroupNorm extends Norm {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  /** How many groups the channels are in. */
  readonly numGroups: number;
  /** How many channels the input has. */
  readonly numChannels: number;
  /** Whether there is a learned scale and shift for each channel. */
  readonly affine: boolean;

  constructor(...args: Args<typeof GROUP_NORM, GroupNormOptions>) {
    const { numGroups, numChannels, eps, affine, device, dtype } = bind<typeof GROUP_NORM, GroupNormOptions>(
      GROUP_NORM,
      args,
    );
    if (![numGroups, numChannels].every((n) => Number.isInteger(n) && n > 0) || numChannels % numGroups !== 0)
      throw new ValueError(`GroupNorm: ${numChannels} channels do not divide into ${numGroups} groups`);
    super(affine ? [numChannels] : null, { eps, device, dtype });
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.affine = affine;
  }

  override forward(x: Tensor): Tensor {
    return F.groupNorm(x, this.numGroups, this.weight, this.bias, this.eps);
  }

  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${floatText(this.eps)}, affine=${boolText(this.affine)}`;
  }
}
