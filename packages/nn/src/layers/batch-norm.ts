/**
 * Batch norm as modules.
 *
 * @module
 */

import { noGrad } from "@flambeau/autograd";
import { type DType, formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { ones, type Tensor, zeros } from "@flambeau/tensor";
import { batchNorm } from "../functional/normalization.ts";
import { Module } from "../module/module.ts";
import { boolText, floatText } from "../module/text.ts";
import { Buffer, Parameter } from "../parameter.ts";

/** Options of batch norm. */
export interface BatchNormOptions {
  /** Added to variances. Default 1e-5. */
  readonly eps?: number;
  /** How much of the running statistics a batch replaces; null takes the mean over all batches. Default 0.1. */
  readonly momentum?: number | null;
  /** Learn a factor and an addend for each channel. Default true. */
  readonly affine?: boolean;
  /** Keep running statistics and use them in evaluation mode; otherwise each batch's own are used. Default true. */
  readonly trackRunningStats?: boolean;
  /** The dtype of the parameters. Default: the default dtype. */
  readonly dtype?: DType;
  /** Where the parameters are. Default "cpu". */
  readonly device?: string;
}

/** What follows the channels in inputs of so many dimensions. */
const AXES: Readonly<Record<number, readonly string[]>> = { 2: [], 3: ["length"], 4: ["height", "width"] };

/** What batch norms of all dimensions share. Keys of the state are the fields' names. */
abstract class BatchNorm extends Module {
  readonly numFeatures: number;
  readonly eps: number;
  momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;
  weight: Parameter | null;
  bias: Parameter | null;
  runningMean: Buffer | null;
  runningVar: Buffer | null;
  /** How many batches have been seen, int64. */
  numBatchesTracked: Buffer | null;
  /** The numbers of dimensions that inputs may have. */
  protected abstract dimensions(): readonly number[];

  constructor(numFeatures: number, options: BatchNormOptions = {}) {
    super();
    if (!Number.isInteger(numFeatures) || numFeatures < 1)
      throw new ValueError(`${this.constructor.name} takes a number of channels; got ${quote(numFeatures)}`);
    const { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true, dtype, device } = options;
    this.numFeatures = numFeatures;
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    const shape = [numFeatures];
    this.weight = affine ? new Parameter(ones(shape, { dtype, device })) : null;
    this.bias = affine ? new Parameter(zeros(shape, { dtype, device })) : null;
    this.runningMean = trackRunningStats ? new Buffer(zeros(shape, { dtype, device })) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones(shape, { dtype, device })) : null;
    this.numBatchesTracked = trackRunningStats ? new Buffer(zeros([], { dtype: "int64", device })) : null;
  }

  /** Forgets what was seen. */
  resetRunningStats(): void {
    this.runningMean?.zero_();
    this.runningVar?.fill_(1);
    this.numBatchesTracked?.zero_();
  }

  /** Sets factors to one, addends to zero, and forgets what was seen. */
  resetParameters(): void {
    this.resetRunningStats();
    noGrad(() => {
      this.weight?.fill_(1);
      this.bias?.zero_();
    });
  }

  override forward(x: Tensor): Tensor {
    const name = this.constructor.name;
    if (!this.dimensions().includes(x.ndim) || x.shape[1] !== this.numFeatures) {
      const form = this.dimensions().map((n) => `[batch, ${[this.numFeatures, ...AXES[n]].join(", ")}]`);
      throw new ShapeError(`${name} takes an input ${form.join(" or ")}; got shape ${formatShape(x.shape)}`);
    }
    const tracks = this.training && this.numBatchesTracked !== null;
    const { weight, bias, eps } = this;
    const training = this.training || this.runningMean === null;
    let momentum: number | Tensor = this.momentum ?? 0;
    if (this.momentum === null && this.training && this.numBatchesTracked !== null) {
      // The mean over all batches: each counts as much as those before. The count may be where it cannot be read.
      momentum = this.numBatchesTracked.add(1n).to(x.dtype).reciprocal();
    }
    const y = batchNorm(x, this.runningMean, this.runningVar, { weight, bias, eps, training, momentum });
    if (tracks) this.numBatchesTracked?.add_(1n);
    return y;
  }

  override extraRepr(): string {
    const momentum = this.momentum === null ? "None" : floatText(this.momentum);
    return `${this.numFeatures}, eps=${floatText(this.eps)}, momentum=${momentum}, affine=${boolText(this.affine)}, track_running_stats=${boolText(this.trackRunningStats)}`;
  }
}

/**
 * Each of `numFeatures` channels of `[batch, channels]` or `[batch, channels, length]` normalized over the batch. In
 * training mode by the batch's own mean and variance, which update `runningMean` and `runningVar`; in evaluation mode by
 * these. State keys are the fields' names: weight, bias, runningMean, runningVar, numBatchesTracked.
 *
 * @throws ValueError when the number of channels is none. Calls: ShapeError when the input has others; ValueError when
 *   training has only one value per channel.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const layer = new nn.BatchNorm1d(1);
 * console.log(String(layer(tensor([[1], [3]])).detach()));
 * // tensor([[-1.0000],
 * //         [ 1.0000]])
 * console.log(String(layer.runningMean));
 * // tensor([0.2000])
 * ```
 */
export class BatchNorm1d extends BatchNorm {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  protected override dimensions(): readonly number[] {
    return [2, 3];
  }
}

/**
 * As `BatchNorm1d` for images `[batch, channels, height, width]`.
 *
 * @throws ValueError, ShapeError as `BatchNorm1d`.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const layer = new nn.BatchNorm2d(2);
 * console.log(String(layer));
 * // BatchNorm2d(2, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
 * console.log(Object.keys(layer.stateDict()).join());
 * // weight,bias,runningMean,runningVar,numBatchesTracked
 * ```
 */
export class BatchNorm2d extends BatchNorm {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  protected override dimensions(): readonly number[] {
    return [4];
  }
}
