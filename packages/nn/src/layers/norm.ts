/**
 * Layer, group and instance norm as modules.
 *
 * @module
 */
import { noGrad } from "@flambeau/autograd";
import {
  checkShape,
  type DType,
  formatShape,
  quote,
  type Shape,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import { ones, type Tensor, zeros } from "@flambeau/tensor";
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

  constructor(shape: Shape | null, options: NormOptions) {
    super();
    const { eps = 1e-5, dtype, device } = options;
    this.eps = eps;
    this.weight = shape === null ? null : new Parameter(ones(shape, { dtype, device }));
    this.bias = shape === null ? null : new Parameter(zeros(shape, { dtype, device }));
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
}

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

  constructor(normalizedShape: number | Shape, options: LayerNormOptions = {}) {
    const shape = checkShape(
      typeof normalizedShape === "number" ? [normalizedShape] : normalizedShape,
    ).slice();
    const affine = options.elementwiseAffine ?? true;
    super(affine ? shape : null, options);
    this.normalizedShape = shape;
    this.elementwiseAffine = affine;
  }

  override forward(x: Tensor): Tensor {
    return F.layerNorm(x, this.normalizedShape, this);
  }

  override extraRepr(): string {
    return `${tupleText(this.normalizedShape)}, eps=${floatText(this.eps)}, elementwise_affine=${boolText(this.elementwiseAffine)}`;
  }
}

/** Options of `GroupNorm` and of instance norm. */
export interface GroupNormOptions extends NormOptions {
  /** Learn a factor and an addend for each channel. Default true; false for instance norm. */
  readonly affine?: boolean;
}

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

  constructor(numGroups: number, numChannels: number, options: GroupNormOptions = {}) {
    if (![numGroups, numChannels].every((n) => Number.isInteger(n) && n > 0) || numChannels % numGroups !== 0)
      throw new ValueError(`GroupNorm: ${numChannels} channels do not divide into ${numGroups} groups`);
    const affine = options.affine ?? true;
    super(affine ? [numChannels] : null, options);
    this.numGroups = numGroups;
    this.numChannels = numChannels;
    this.affine = affine;
  }

  override forward(x: Tensor): Tensor {
    return F.groupNorm(x, this.numGroups, this);
  }

  override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${floatText(this.eps)}, affine=${boolText(this.affine)}`;
  }
}

/** Each channel of each image normalized by itself. */
abstract class InstanceNorm extends Norm {
  readonly numFeatures: number;
  readonly affine: boolean;

  constructor(numFeatures: number, options: GroupNormOptions = {}) {
    if (!Number.isInteger(numFeatures) || numFeatures < 1)
      throw new ValueError(`instance norm takes a number of channels; got ${quote(numFeatures)}`);
    const affine = options.affine ?? false;
    super(affine ? [numFeatures] : null, options);
    this.numFeatures = numFeatures;
    this.affine = affine;
  }

  /** The dimensions of an image with its channels. */
  protected abstract dimensions(): number;

  override forward(x: Tensor): Tensor {
    const n = this.dimensions();
    if (x.ndim !== n && x.ndim !== n + 1) {
      throw new ShapeError(
        `${this.constructor.name} takes an input of ${n} or, with a batch, ${n + 1} dimensions; got shape ${formatShape(x.shape)}`,
      );
    }
    return x.ndim === n ? F.instanceNorm(x.unsqueeze(0), this).squeeze(0) : F.instanceNorm(x, this);
  }

  override extraRepr(): string {
    // PyTorch's text goes on to the running statistics, which these modules do not keep.
    return `${this.numFeatures}, eps=${floatText(this.eps)}, momentum=0.1, affine=${boolText(this.affine)}, track_running_stats=False`;
  }
}

/**
 * Each channel of each of `[batch, channels, length]` normalized by itself, without running statistics.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const norm = new nn.InstanceNorm1d(2);
 * console.log(String(norm(tensor([[[1, 2, 3], [10, 20, 30]]]))));
 * // tensor([[[-1.2247,  0.0000,  1.2247],
 * //          [-1.2247,  0.0000,  1.2247]]])
 * ```
 */
export class InstanceNorm1d extends InstanceNorm {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  protected override dimensions(): number {
    return 2;
  }
}

/**
 * Each channel of each image of `[batch, channels, height, width]` normalized by itself, without running statistics.
 *
 * @example
 * ```ts
 * import { nn, randn } from "flambeau";
 *
 * const y = new nn.InstanceNorm2d(3)(randn([8, 3, 16, 16]));
 * console.log(y.shape, y.mean([2, 3]).abs().max().itemSync() < 1e-5);
 * // [ 8, 3, 16, 16 ] true
 * ```
 */
export class InstanceNorm2d extends InstanceNorm {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  protected override dimensions(): number {
    return 3;
  }
}
