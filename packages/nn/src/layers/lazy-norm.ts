/**
 * Norms that take the number of their channels from their first input.
 *
 * @module
 */
import { formatShape, ShapeError } from "@flambeau/backend";
import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { nameOf } from "../module/location.ts";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d } from "./batch-norm.ts";
import { become, resize } from "./become.ts";
import type { ChannelNorm } from "./channel-norm.ts";
import { InstanceNorm1d, InstanceNorm2d, InstanceNorm3d } from "./instance-norm.ts";

/** Gives a lazy norm the channels of its input, and makes it what it stands for. */
function settle(norm: ChannelNorm, x: Tensor, Kind: { readonly prototype: ChannelNorm }, axis: number): void {
  const numFeatures = x.shape[axis];
  if (x.ndim <= axis || numFeatures === 0)
    throw new ShapeError(`${nameOf(norm)}: an input of shape ${formatShape(x.shape)} has no channels`);
  for (const tensor of [norm.weight, norm.bias, norm.runningMean, norm.runningVar])
    resize(tensor, [numFeatures]);
  become(norm, Kind, { numFeatures });
  norm.resetParameters();
}

const LAZY_BATCH_NORM1D =
  "LazyBatchNorm1d(eps = 1e-5, momentum: number|null = 0.1, affine = true, trackRunningStats = true, *, device?, dtype?)";

/**
 * A `BatchNorm1d` that takes `numFeatures` from its first input, and is a `BatchNorm1d` from then on.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const norm = new nn.LazyBatchNorm1d();
 * norm(zeros([4, 2, 8]));
 * console.log(String(norm));
 * // BatchNorm1d(2, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
 * ```
 */
export class LazyBatchNorm1d extends BatchNorm1d {
  constructor(...args: Args<typeof LAZY_BATCH_NORM1D>) {
    super({ numFeatures: 0, ...bind(LAZY_BATCH_NORM1D, args) });
  }

  protected override leastFeatures(): number {
    return 0;
  }

  /** Takes the number of channels from the input, and runs what it has become. */
  override forward(x: Tensor): Tensor {
    settle(this, x, BatchNorm1d, 1);
    return this.forward(x);
  }
}

const LAZY_BATCH_NORM2D =
  "LazyBatchNorm2d(eps = 1e-5, momentum: number|null = 0.1, affine = true, trackRunningStats = true, *, device?, dtype?)";

/**
 * A `BatchNorm2d` that takes `numFeatures` from its first input, and is a `BatchNorm2d` from then on.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const norm = new nn.LazyBatchNorm2d();
 * norm(zeros([4, 2, 8, 8]));
 * console.log(String(norm));
 * // BatchNorm2d(2, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
 * ```
 */
export class LazyBatchNorm2d extends BatchNorm2d {
  constructor(...args: Args<typeof LAZY_BATCH_NORM2D>) {
    super({ numFeatures: 0, ...bind(LAZY_BATCH_NORM2D, args) });
  }

  protected override leastFeatures(): number {
    return 0;
  }

  /** Takes the number of channels from the input, and runs what it has become. */
  override forward(x: Tensor): Tensor {
    settle(this, x, BatchNorm2d, 1);
    return this.forward(x);
  }
}

const LAZY_BATCH_NORM3D =
  "LazyBatchNorm3d(eps = 1e-5, momentum: number|null = 0.1, affine = true, trackRunningStats = true, *, device?, dtype?)";

/**
 * A `BatchNorm3d` that takes `numFeatures` from its first input, and is a `BatchNorm3d` from then on.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const norm = new nn.LazyBatchNorm3d();
 * norm(zeros([4, 2, 4, 8, 8]));
 * console.log(String(norm));
 * // BatchNorm3d(2, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
 * ```
 */
export class LazyBatchNorm3d extends BatchNorm3d {
  constructor(...args: Args<typeof LAZY_BATCH_NORM3D>) {
    super({ numFeatures: 0, ...bind(LAZY_BATCH_NORM3D, args) });
  }

  protected override leastFeatures(): number {
    return 0;
  }

  /** Takes the number of channels from the input, and runs what it has become. */
  override forward(x: Tensor): Tensor {
    settle(this, x, BatchNorm3d, 1);
    return this.forward(x);
  }
}

const LAZY_INSTANCE_NORM1D =
  "LazyInstanceNorm1d(eps = 1e-5, momentum: number|null = 0.1, affine = false, trackRunningStats = false, *, device?, dtype?)";

/**
 * A `InstanceNorm1d` that takes `numFeatures` from its first input, and is a `InstanceNorm1d` from then on.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const norm = new nn.LazyInstanceNorm1d();
 * norm(zeros([4, 2, 8]));
 * console.log(String(norm));
 * // InstanceNorm1d(2, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)
 * ```
 */
export class LazyInstanceNorm1d extends InstanceNorm1d {
  constructor(...args: Args<typeof LAZY_INSTANCE_NORM1D>) {
    super({ numFeatures: 0, ...bind(LAZY_INSTANCE_NORM1D, args) });
  }

  protected override leastFeatures(): number {
    return 0;
  }

  /** Takes the number of channels from the input, and runs what it has become. */
  override forward(x: Tensor): Tensor {
    settle(this, x, InstanceNorm1d, x.ndim - 2);
    return this.forward(x);
  }
}

const LAZY_INSTANCE_NORM2D =
  "LazyInstanceNorm2d(eps = 1e-5, momentum: number|null = 0.1, affine = false, trackRunningStats = false, *, device?, dtype?)";

/**
 * A `InstanceNorm2d` that takes `numFeatures` from its first input, and is a `InstanceNorm2d` from then on.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const norm = new nn.LazyInstanceNorm2d();
 * norm(zeros([4, 2, 8, 8]));
 * console.log(String(norm));
 * // InstanceNorm2d(2, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)
 * ```
 */
export class LazyInstanceNorm2d extends InstanceNorm2d {
  constructor(...args: Args<typeof LAZY_INSTANCE_NORM2D>) {
    super({ numFeatures: 0, ...bind(LAZY_INSTANCE_NORM2D, args) });
  }

  protected override leastFeatures(): number {
    return 0;
  }

  /** Takes the number of channels from the input, and runs what it has become. */
  override forward(x: Tensor): Tensor {
    settle(this, x, InstanceNorm2d, x.ndim - 3);
    return this.forward(x);
  }
}

const LAZY_INSTANCE_NORM3D =
  "LazyInstanceNorm3d(eps = 1e-5, momentum: number|null = 0.1, affine = false, trackRunningStats = false, *, device?, dtype?)";

/**
 * A `InstanceNorm3d` that takes `numFeatures` from its first input, and is a `InstanceNorm3d` from then on.
 *
 * @example
 * ```ts
 * import { nn, zeros } from "flambeau";
 *
 * const norm = new nn.LazyInstanceNorm3d();
 * norm(zeros([4, 2, 4, 8, 8]));
 * console.log(String(norm));
 * // InstanceNorm3d(2, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)
 * ```
 */
export class LazyInstanceNorm3d extends InstanceNorm3d {
  constructor(...args: Args<typeof LAZY_INSTANCE_NORM3D>) {
    super({ numFeatures: 0, ...bind(LAZY_INSTANCE_NORM3D, args) });
  }

  protected override leastFeatures(): number {
    return 0;
  }

  /** Takes the number of channels from the input, and runs what it has become. */
  override forward(x: Tensor): Tensor {
    settle(this, x, InstanceNorm3d, x.ndim - 4);
    return this.forward(x);
  }
}
