/**
 * Normalization: elements brought to mean zero and deviation one, over different parts of the input.
 *
 * @module
 */

import { learnStandardization, noGrad } from "@flambeau/autograd";
import {
  DTypeError,
  formatShape,
  isFloat,
  numel,
  quote,
  type Shape,
  ShapeError,
  sameShape,
  ValueError,
} from "@flambeau/backend";
import {
  addcmul,
  type Callable,
  commonBackend,
  named,
  onesLike,
  standardization,
  type Tensor,
  withOptions,
} from "@flambeau/tensor";

/** What every normalization can be given besides its input. */
export interface NormOptions {
  /** A factor for each channel or element. */
  readonly weight?: Tensor | null;
  /** An addend for each. */
  readonly bias?: Tensor | null;
  /** Added to variances. Default 1e-5. */
  readonly eps?: number;
}

/** Options of `batchNorm`. */
export interface BatchNormOptions extends NormOptions {
  /** Use the batch's own statistics, and update the running ones. Default false. */
  readonly training?: boolean;
  /** How much of the running statistics is replaced: a number, or a 0-d tensor on their device. Default 0.1. */
  readonly momentum?: number | Tensor;
}

function checkFloat(what: string, x: Tensor): void {
  if (!isFloat(x.dtype)) throw new DTypeError(`${what} takes floats; got ${x.dtype}`);
}

/** A parameter, statistic or null of one shape and the input's dtype. */
function checkShape(
  what: string,
  name: string,
  x: Tensor,
  value: Tensor | null | undefined,
  shape: Shape,
): void {
  if (value == null) return;
  commonBackend(what, [x, value]);
  if (!sameShape(value.shape, shape)) {
    throw new ShapeError(
      `${what}: for an input of shape ${formatShape(x.shape)} the ${name} has shape ${formatShape(shape)}; got ${formatShape(value.shape)}`,
    );
  }
  if (value.dtype !== x.dtype)
    throw new DTypeError(
      `${what}: the input is ${x.dtype} and the ${name} ${value.dtype}; convert one with .to()`,
    );
}

/** `standardization.standardize`, which adds a bias only with a weight. */
function affine(
  x: Tensor,
  dims: readonly number[],
  eps: number,
  weight: Tensor | null | undefined,
  bias: Tensor | null | undefined,
  shape: Shape,
): standardization.Standardized {
  learnStandardization();
  const scale = weight ?? (bias == null ? null : onesLike(bias.detach()));
  return standardization.standardize(
    x,
    dims,
    eps,
    scale?.reshape(shape) ?? null,
    bias?.reshape(shape) ?? null,
  );
}

/** Per channel of `[batch, channels, ...]`. */
function perChannel(x: Tensor): number[] {
  return [x.shape[1], ...new Array<number>(x.ndim - 2).fill(1)];
}

const BATCH_NORM =
  "batchNorm(input, runningMean?: tensor, runningVar?: tensor, weight?, bias?, training = false, momentum: number|tensor = 0.1, eps = 1e-5)";

/**
 * Each channel of `[batch, channels, ...]` normalized over the batch and all other dimensions, in training by the
 * batch's own mean and variance, otherwise by running ones, which training updates: `running * (1 - momentum) + new *
 * momentum`, where the new variance is that of a sample. Source: Ioffe and Szegedy 2015.
 *
 * @throws ShapeError when sizes do not fit; DTypeError when dtypes differ; ValueError when training has only one value
 *   per channel, or evaluation no running statistics.
 *
 * @example
 * ```ts
 * import { nn, tensor, zeros } from "flambeau";
 *
 * const mean = zeros([1]);
 * const variance = zeros([1]);
 * const y = nn.functional.batchNorm(tensor([[1], [3]]), mean, variance, { training: true });
 * console.log(String(y));
 * // tensor([[-1.0000],
 * //         [ 1.0000]])
 * console.log(String(mean), String(variance));
 * // tensor([0.2000]) tensor([0.2000])
 * ```
 */
export const batchNorm: Callable<typeof BATCH_NORM, Tensor, BatchNormOptions> = withOptions<
  typeof BATCH_NORM,
  3,
  Tensor,
  BatchNormOptions
>(BATCH_NORM, 3, (input, runningMean, runningVar, options) => {
  const { weight, bias, training = false, momentum = 0.1, eps = 1e-5 } = options;
  checkFloat("batchNorm", input);
  if (input.ndim < 2)
    throw new ShapeError(
      `batchNorm takes an input [batch, channels, ...]; got shape ${formatShape(input.shape)}`,
    );
  const channels = input.shape[1];
  for (const [name, value] of Object.entries({ weight, bias, runningMean, runningVar }))
    checkShape("batchNorm", name, input, value, [channels]);
  const shape = perChannel(input);
  if (input.numel() === 0) {
    // There is nothing to take statistics of, and the running ones stay.
    const scaled = weight == null ? input.clone() : input.mul(weight.reshape(shape));
    return bias == null ? scaled : scaled.add(bias.reshape(shape));
  }
  if (!training) {
    if (runningMean === undefined || runningVar === undefined)
      throw new ValueError("batchNorm: outside training it needs a running mean and variance");
    const scale = runningVar
      .add(eps)
      .rsqrt()
      .mul(weight ?? 1);
    const shift = runningMean
      .mul(scale)
      .neg()
      .add(bias ?? 0);
    return named(addcmul(shift.reshape(shape), input, scale.reshape(shape)), "NativeBatchNorm");
  }
  const count = input.numel() / channels;
  if (count === 1) {
    throw new ValueError(
      `batchNorm: training takes more than one value per channel; an input of shape ${formatShape(input.shape)} has one`,
    );
  }
  const dims = Array.from(input.shape, (_, i) => i).filter((i) => i !== 1);
  const { output, mean, variance } = affine(input, dims, eps, weight, bias, shape);
  named(output, "NativeBatchNorm");
  noGrad(() => {
    const rest = typeof momentum === "number" ? 1 - momentum : momentum.rsub(1);
    const sample = count / (count - 1);
    const part = typeof momentum === "number" ? momentum * sample : momentum.mul(sample);
    runningMean?.mul_(rest).add_(mean.reshape([channels]).mul(momentum));
    runningVar?.mul_(rest).add_(variance.reshape([channels]).mul(part));
  });
  return output;
});

const LAYER_NORM = "layerNorm(input, normalizedShape: ints, weight?, bias?, eps = 1e-5)";

/**
 * Elements normalized over the last dimensions, whose sizes are `normalizedShape`; weight and bias have that shape.
 * Source: Ba, Kiros and Hinton 2016.
 *
 * @throws ShapeError when the input does not end in `normalizedShape`; DTypeError when dtypes differ or are no floats.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(nn.functional.layerNorm(tensor([[1, 3], [10, 20]]), [2])));
 * // tensor([[-1.0000,  1.0000],
 * //         [-1.0000,  1.0000]])
 * ```
 */
export const layerNorm: Callable<typeof LAYER_NORM, Tensor, NormOptions> = withOptions<
  typeof LAYER_NORM,
  2,
  Tensor,
  NormOptions
>(LAYER_NORM, 2, (input, normalizedShape, options) => {
  const { weight, bias, eps = 1e-5 } = options;
  checkFloat("layerNorm", input);
  const n = normalizedShape.length;
  if (n === 0 || !sameShape(input.shape.slice(input.ndim - n), normalizedShape)) {
    throw new ShapeError(
      `layerNorm: an input of shape ${formatShape(input.shape)} does not end in ${formatShape(normalizedShape)}`,
    );
  }
  checkShape("layerNorm", "weight", input, weight, normalizedShape);
  checkShape("layerNorm", "bias", input, bias, normalizedShape);
  const dims = Array.from(normalizedShape, (_, i) => input.ndim - n + i);
  return named(affine(input, dims, eps, weight, bias, normalizedShape).output, "NativeLayerNorm");
});

const GROUP_NORM = "groupNorm(input, numGroups: int, weight?, bias?, eps = 1e-5)";

/**
 * Channels of `[batch, channels, ...]` in `numGroups` groups, each normalized within each image. Source: Wu and He 2018.
 *
 * @throws ShapeError when the channels do not divide into groups; DTypeError when dtypes differ or are no floats.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(nn.functional.groupNorm(tensor([[1, 3, 10, 20]]), 2)));
 * // tensor([[-1.0000,  1.0000, -1.0000,  1.0000]])
 * ```
 */
export const groupNorm: Callable<typeof GROUP_NORM, Tensor, NormOptions> = withOptions<
  typeof GROUP_NORM,
  2,
  Tensor,
  NormOptions
>(GROUP_NORM, 2, (input, numGroups, options) => {
  const { weight, bias, eps = 1e-5 } = options;
  checkFloat("groupNorm", input);
  if (input.ndim < 2)
    throw new ShapeError(
      `groupNorm takes an input [batch, channels, ...]; got shape ${formatShape(input.shape)}`,
    );
  if (!Number.isInteger(numGroups) || numGroups < 1)
    throw new ValueError(`groupNorm: the number of groups is an integer from 1; got ${quote(numGroups)}`);
  const [n, channels, ...rest] = input.shape;
  if (channels % numGroups !== 0) {
    throw new ShapeError(
      `groupNorm: the ${channels} channels of an input of shape ${formatShape(input.shape)} do not divide into ${numGroups} groups`,
    );
  }
  checkShape("groupNorm", "weight", input, weight, [channels]);
  checkShape("groupNorm", "bias", input, bias, [channels]);
  const each = channels / numGroups;
  const grouped = input.reshape([n, numGroups, each, numel(rest)]);
  const { output } = affine(grouped, [2, 3], eps, weight, bias, [numGroups, each, 1]);
  return named(output.reshape(input.shape), "NativeGroupNorm");
});

/** Options of `instanceNorm`. */
export interface InstanceNormOptions extends NormOptions {
  /** Means `[channels]`, updated while the input's own statistics are used. Default none. */
  readonly runningMean?: Tensor | null;
  /** Variances `[channels]`, likewise. */
  readonly runningVar?: Tensor | null;
  /** Normalize by the input's own statistics, or (false) by the running ones. Default true. */
  readonly useInputStats?: boolean;
  /** How much of the running statistics is replaced. Default 0.1. */
  readonly momentum?: number;
}

const INSTANCE_NORM =
  "instanceNorm(input, runningMean?: tensor, runningVar?: tensor, weight?, bias?, useInputStats = true, momentum = 0.1, eps = 1e-5)";

/**
 * Each channel of each image of `[batch, channels, ...]` normalized by itself, or by running statistics, which the mean over the
 * batch of the images' own updates. Source: Ulyanov, Vedaldi and Lempitsky 2016.
 *
 * @throws ShapeError when sizes do not fit; DTypeError when dtypes differ; ValueError when a channel is one element, or
 *   `useInputStats` is false without running statistics.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(nn.functional.instanceNorm(tensor([[[1, 3], [10, 20]]]))));
 * // tensor([[[-1.0000,  1.0000],
 * //          [-1.0000,  1.0000]]])
 * ```
 */
export const instanceNorm: Callable<typeof INSTANCE_NORM, Tensor, InstanceNormOptions> = withOptions<
  typeof INSTANCE_NORM,
  1,
  Tensor,
  InstanceNormOptions
>(INSTANCE_NORM, 1, (input, options) => {
  const { weight, bias, runningMean = null, runningVar = null, eps = 1e-5 } = options;
  const { useInputStats = true, momentum = 0.1 } = options;
  checkFloat("instanceNorm", input);
  if (input.ndim < 3)
    throw new ShapeError(
      `instanceNorm takes an input [batch, channels, length, ...]; got shape ${formatShape(input.shape)}`,
    );
  const [n, channels, ...rest] = input.shape;
  for (const [name, value] of Object.entries({ weight, bias, runningMean, runningVar }))
    checkShape("instanceNorm", name, input, value, [channels]);
  if (!useInputStats) {
    if (runningMean === undefined || runningVar === undefined)
      throw new ValueError(
        "instanceNorm: without the input's own statistics it needs a running mean and variance",
      );
    return named(batchNorm(input, runningMean, runningVar, { weight, bias, eps }), "View");
  }
  const count = numel(rest);
  if (count === 1)
    throw new ValueError(
      `instanceNorm takes more than one element per channel; got an input of shape ${formatShape(input.shape)}`,
    );
  const dims = Array.from(rest, (_, i) => i + 2);
  const { output, mean, variance } = affine(input, dims, eps, weight, bias, perChannel(input));
  if (input.numel() > 0) {
    noGrad(() => {
      const each = [n, channels];
      runningMean?.mul_(1 - momentum).add_(mean.reshape(each).mean(0).mul(momentum));
      const sample = (momentum * count) / (count - 1);
      runningVar?.mul_(1 - momentum).add_(variance.reshape(each).mean(0).mul(sample));
    });
  }
  // PyTorch's is a batch norm of as many channels as there are in the batch, viewed as the input is.
  return named(output, "View");
});
