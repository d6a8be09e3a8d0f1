/**
 * Instance norm as modules.
 *
 * @module
 */

import { formatShape, ShapeError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import { instanceNorm } from "../functional/normalization.ts";
import { nameOf } from "../module/location.ts";
import { ChannelNorm, type ChannelNormOptions, checkTensor } from "./channel-norm.ts";

/** Options of instance norm. */
export interface InstanceNormOptions extends ChannelNormOptions {
  /** How much of the running statistics a batch replaces; null replaces nothing. Default 0.1. */
  readonly momentum?: number | null;
  /** Learn a factor and an addend for each channel. Default false. */
  readonly affine?: boolean;
  /** Keep running statistics and use them in evaluation mode; otherwise each image's own are used. Default false. */
  readonly trackRunningStats?: boolean;
}

/** What instance norms of all dimensions share. As in PyTorch, `numBatchesTracked` stays zero. */
abstract class InstanceNorm extends ChannelNorm {
  /** The dimensions of an image with its channels. */
  protected abstract dimensions(): number;

  override forward(x: Tensor): Tensor {
    const n = this.dimensions();
    checkTensor(nameOf(this), x);
    if (x.ndim !== n && x.ndim !== n + 1) {
      throw new ShapeError(
        `${nameOf(this)} takes an input of ${n} or, with a batch, ${n + 1} dimensions; got shape ${formatShape(x.shape)}`,
      );
    }
    return x.ndim === n ? this.normalize(x.unsqueeze(0)).squeeze(0) : this.normalize(x);
  }

  private normalize(x: Tensor): Tensor {
    const { weight, bias, runningMean, runningVar, eps } = this;
    const useInputStats = this.training || !this.trackRunningStats;
    const momentum = this.momentum ?? 0;
    return instanceNorm(x, { weight, bias, runningMean, runningVar, useInputStats, momentum, eps });
  }
}

const INSTANCE_NORM1D =
  "InstanceNorm1d(numFeatures, eps = 1e-5, momentum: number|null = 0.1, affine = false, trackRunningStats = false, *, device?, dtype?)";

/**
 * Each channel of each of `[batch, channels, length]` normalized by itself. With `trackRunningStats`, training mode updates
 * `runningMean` and `runningVar` with the mean over the batch of the statistics, and evaluation mode normalizes by these.
 *
 * @throws ValueError when the number of channels is none. Calls: ShapeError when the input has other dimensions, or other
 *   channels than the parameters and statistics.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const norm = new nn.InstanceNorm1d(2, { trackRunningStats: true });
 * const x = tensor([[[1, 2, 3], [10, 20, 30]]]);
 * console.log(String(norm(x)));
 * // tensor([[[-1.2247,  0.0000,  1.2247],
 * //          [-1.2247,  0.0000,  1.2247]]])
 * console.log(String(norm.runningMean));
 * // tensor([0.2000, 2.0000])
 * ```
 */
export class InstanceNorm1d extends InstanceNorm {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof INSTANCE_NORM1D, InstanceNormOptions>) {
    super(bind<typeof INSTANCE_NORM1D, InstanceNormOptions>(INSTANCE_NORM1D, args));
  }

  protected override dimensions(): number {
    return 2;
  }
}

const INSTANCE_NORM2D =
  "InstanceNorm2d(numFeatures, eps = 1e-5, momentum: number|null = 0.1, affine = false, trackRunningStats = false, *, device?, dtype?)";

/**
 * As `InstanceNorm1d` for images `[batch, channels, height, width]`.
 *
 * @throws ValueError, ShapeError as `InstanceNorm1d`.
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

  constructor(...args: Args<typeof INSTANCE_NORM2D, InstanceNormOptions>) {
    super(bind<typeof INSTANCE_NORM2D, InstanceNormOptions>(INSTANCE_NORM2D, args));
  }

  protected override dimensions(): number {
    return 3;
  }
}

const INSTANCE_NORM3D =
  "InstanceNorm3d(numFeatures, eps = 1e-5, momentum: number|null = 0.1, affine = false, trackRunningStats = false, *, device?, dtype?)";

/**
 * As `InstanceNorm1d` for volumes `[batch, channels, depth, height, width]`.
 *
 * @throws ValueError, ShapeError as `InstanceNorm1d`.
 *
 * @example
 * ```ts
 * import { nn, randn } from "flambeau";
 *
 * const y = new nn.InstanceNorm3d(3)(randn([8, 3, 4, 4, 4]));
 * console.log(y.shape, y.mean([2, 3, 4]).abs().max().itemSync() < 1e-5);
 * // [ 8, 3, 4, 4, 4 ] true
 * ```
 */
export class InstanceNorm3d extends InstanceNorm {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof INSTANCE_NORM3D, InstanceNormOptions>) {
    super(bind<typeof INSTANCE_NORM3D, InstanceNormOptions>(INSTANCE_NORM3D, args));
  }

  protected override dimensions(): number {
    return 4;
  }
}
