/**
 * Batch norm as modules.
 *
 * @module
 */

import { formatShape, ShapeError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import { batchNorm } from "../functional/normalization.ts";
import { nameOf } from "../module/location.ts";
import { ChannelNorm, type ChannelNormOptions, checkTensor } from "./channel-norm.ts";

/** Options of batch norm. */
export interface BatchNormOptions extends ChannelNormOptions {
  /** How much of the running statistics a batch replaces; null takes the mean over all batches. Default 0.1. */
  readonly momentum?: number | null;
  /** Learn a factor and an addend for each channel. Default true. */
  readonly affine?: boolean;
  /** Keep running statistics and use them in evaluation mode; otherwise each batch's own are used. Default true. */
  readonly trackRunningStats?: boolean;
}

/** What follows the channels in inputs of so many dimensions. */
const AXES: Readonly<Record<number, readonly string[]>> = {
  2: [],
  3: ["length"],
  4: ["height", "width"],
  5: ["depth", "height", "width"],
};

/** What batch norms of all dimensions share. */
abstract class BatchNorm extends ChannelNorm {
  /** The numbers of dimensions that inputs may have. */
  protected abstract dimensions(): readonly number[];

  override forward(x: Tensor): Tensor {
    const name = nameOf(this);
    checkTensor(name, x);
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
}

const BATCH_NORM1D =
  "BatchNorm1d(numFeatures, eps = 1e-5, momentum: number|null = 0.1, affine = true, trackRunningStats = true, *, device?, dtype?)";

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

  constructor(...args: Args<typeof BATCH_NORM1D, BatchNormOptions>) {
    super(bind<typeof BATCH_NORM1D, BatchNormOptions>(BATCH_NORM1D, args));
  }

  protected override dimensions(): readonly number[] {
    return [2, 3];
  }
}

const BATCH_NORM2D =
  "BatchNorm2d(numFeatures, eps = 1e-5, momentum: number|null = 0.1, affine = true, trackRunningStats = true, *, device?, dtype?)";

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
 * // weight,bias,running_mean,running_var,num_batches_tracked
 * ```
 */
export class BatchNorm2d extends BatchNorm {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof BATCH_NORM2D, BatchNormOptions>) {
    super(bind<typeof BATCH_NORM2D, BatchNormOptions>(BATCH_NORM2D, args));
  }

  protected override dimensions(): readonly number[] {
    return [4];
  }
}

const BATCH_NORM3D =
  "BatchNorm3d(numFeatures, eps = 1e-5, momentum: number|null = 0.1, affine = true, trackRunningStats = true, *, device?, dtype?)";

/**
 * As `BatchNorm1d` for volumes `[batch, channels, depth, height, width]`.
 *
 * @throws ValueError, ShapeError as `BatchNorm1d`.
 *
 * @example
 * ```ts
 * import { nn } from "flambeau";
 *
 * const layer = new nn.BatchNorm3d(2);
 * console.log(String(layer));
 * // BatchNorm3d(2, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
 * console.log(Object.keys(layer.stateDict()).join());
 * // weight,bias,running_mean,running_var,num_batches_tracked
 * ```
 */
export class BatchNorm3d extends BatchNorm {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof BATCH_NORM3D, BatchNormOptions>) {
    super(bind<typeof BATCH_NORM3D, BatchNormOptions>(BATCH_NORM3D, args));
  }

  protected override dimensions(): readonly number[] {
    return [5];
  }
}
