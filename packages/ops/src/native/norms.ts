/** Normalizations that give the statistics too, as PyTorch's own functions behind `nn.functional` do. */
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
  callable,
  named,
  onesLike,
  standardization,
  type Tensor,
} from "@flambeau/tensor";

/** What is normalized, then the means, and one over the standard deviations. */
export type NormalizedWithStatistics = [output: Tensor, mean: Tensor, rstd: Tensor];

interface Affine {
  readonly weight: Tensor | null | undefined;
  readonly bias: Tensor | null | undefined;
  /** The shape in which both broadcast to the input. */
  readonly shape: Shape;
}

function checkInput(
  what: string,
  x: Tensor,
  parameters: Readonly<Record<string, Tensor | null | undefined>>,
  shape: Shape,
): void {
  if (!isFloat(x.dtype)) throw new DTypeError(`${what} takes floats; got ${x.dtype}`);
  for (const [name, value] of Object.entries(parameters)) {
    if (value == null) continue;
    if (!sameShape(value.shape, shape))
      throw new ShapeError(
        `${what}: for an input of shape ${formatShape(x.shape)} ${name} has shape ${formatShape(shape)}; got ${formatShape(value.shape)}`,
      );
    if (value.dtype !== x.dtype)
      throw new DTypeError(
        `${what}: the input is ${x.dtype} and ${name} ${value.dtype}; convert one with .to()`,
      );
  }
}

/** Of an input that has elements. Mean and variance are without a graph, reduced dimensions kept. */
function standardized(
  x: Tensor,
  dims: readonly number[],
  eps: number,
  { weight, bias, shape }: Affine,
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

const reciprocalRoot = (variance: Tensor, eps: number): Tensor => noGrad(() => variance.add(eps).rsqrt());

const LAYER = "nativeLayerNorm(input, normalizedShape: ints, weight?, bias?, eps: number = 1e-5)";

/**
 * `F.layerNorm`, with means and reciprocal standard deviations of shape `[..., 1, 1]`, which have no gradient.
 *
 * @throws ShapeError when the input does not end in `normalizedShape`, or a parameter has another shape; DTypeError when dtypes differ or are no
 *   floats.
 *
 * @example
 * ```ts
 * import { nativeLayerNorm } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [output, mean] = nativeLayerNorm(tensor([[1, 3], [10, 20]]), [2]);
 * console.log(String(mean));
 * // tensor([[ 2.],
 * //         [15.]])
 * console.log(output.shape);
 * // [ 2, 2 ]
 * ```
 */
export const nativeLayerNorm: Callable<typeof LAYER, NormalizedWithStatistics> = callable(
  LAYER,
  (x, normalizedShape, weight, bias, eps) => {
    const n = normalizedShape.length;
    if (n === 0 || !sameShape(x.shape.slice(x.ndim - n), normalizedShape))
      throw new ShapeError(
        `nativeLayerNorm: an input of shape ${formatShape(x.shape)} does not end in ${formatShape(normalizedShape)}`,
      );
    checkInput("nativeLayerNorm", x, { weight, bias }, normalizedShape);
    const dims = normalizedShape.map((_, i) => x.ndim - n + i);
    const { output, mean, variance } = standardized(x, dims, eps, { weight, bias, shape: normalizedShape });
    return [named(output, "NativeLayerNorm"), mean, reciprocalRoot(variance, eps)];
  },
);

const BATCH =
  "nativeBatchNorm(input, weight?, bias?, runningMean?: tensor, runningVar?: tensor, training: bool, momentum: number, eps: number)";

/**
 * `F.batchNorm`, with the channels' means and reciprocal standard deviations in training, which have no gradient, and two empty tensors
 * otherwise. Training updates the running statistics.
 *
 * @throws ShapeError when sizes do not fit; DTypeError when dtypes differ or are no floats; ValueError when there are no running statistics
 *   outside training.
 *
 * @example
 * ```ts
 * import { nativeBatchNorm } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [output, mean] = nativeBatchNorm(tensor([[1], [3]]), null, null, null, null, true, 0.1, 1e-5);
 * console.log(String(mean), output.shape);
 * // tensor([2.]) [ 2, 1 ]
 * ```
 */
export const nativeBatchNorm: Callable<typeof BATCH, NormalizedWithStatistics> = callable(
  BATCH,
  (x, weight, bias, runningMean, runningVar, training, momentum, eps) => {
    if (x.ndim < 2)
      throw new ShapeError(
        `nativeBatchNorm takes an input [batch, channels, ...]; got shape ${formatShape(x.shape)}`,
      );
    const channels = x.shape[1];
    checkInput("nativeBatchNorm", x, { weight, bias, runningMean, runningVar }, [channels]);
    const shape = [channels, ...new Array<number>(x.ndim - 2).fill(1)];
    if (!training) {
      if (runningMean == null || runningVar == null)
        throw new ValueError("nativeBatchNorm: outside training it needs a running mean and variance");
      const scale = runningVar
        .add(eps)
        .rsqrt()
        .mul(weight ?? 1);
      const shift = runningMean
        .mul(scale)
        .neg()
        .add(bias ?? 0);
      const output = addcmul(shift.reshape(shape), x, scale.reshape(shape));
      return [named(output, "NativeBatchNorm"), x.newEmpty([0]), x.newEmpty([0])];
    }
    const dims = Array.from(x.shape, (_, i) => i).filter((i) => i !== 1);
    const { output, mean, variance } = standardized(x, dims, eps, { weight, bias, shape });
    const [means, variances] = [mean.reshape([channels]), variance.reshape([channels])];
    noGrad(() => {
      const count = x.numel() / channels;
      runningMean?.mul_(1 - momentum).add_(means.mul(momentum));
      runningVar?.mul_(1 - momentum).add_(variances.mul((momentum * count) / (count - 1)));
    });
    return [named(output, "NativeBatchNorm"), means, reciprocalRoot(variances, eps)];
  },
);

const GROUP = "nativeGroupNorm(input, weight?, bias?, N: int, C: int, HxW: int, group: int, eps: number)";

/**
 * `F.groupNorm`, with the groups' means and reciprocal standard deviations, `[N, group]`, which have gradients too.
 *
 * @param N - the size of the batch.
 * @param C - the number of channels.
 * @param HxW - how many elements a channel has.
 * @param group - how many groups the channels are in.
 * @throws ShapeError when the input has not N * C * HxW elements, or a parameter not the shape `[C]`; ValueError when the channels do not divide
 *   into groups; DTypeError when dtypes differ or are no floats.
 *
 * @example
 * ```ts
 * import { nativeGroupNorm } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [, mean] = nativeGroupNorm(tensor([[1, 3, 10, 20]]), null, null, 1, 4, 1, 2, 1e-5);
 * console.log(String(mean));
 * // tensor([[ 2., 15.]])
 * ```
 */
export const nativeGroupNorm: Callable<typeof GROUP, NormalizedWithStatistics> = callable(
  GROUP,
  (x, weight, bias, batch, channels, inner, group, eps) => {
    if (!Number.isInteger(channels / group))
      throw new ValueError(
        `nativeGroupNorm: ${quote(channels)} channels do not divide into ${quote(group)} groups`,
      );
    if (x.numel() !== numel([batch, channels, inner]))
      throw new ShapeError(
        `nativeGroupNorm: an input of shape ${formatShape(x.shape)} has not the elements of ${formatShape([batch, channels, inner])}`,
      );
    checkInput("nativeGroupNorm", x, { weight, bias }, [channels]);
    const groups = x.reshape([batch, group, (channels / group) * inner]);
    const mean = groups.mean(2);
    const centered = groups.sub(mean.unsqueeze(2));
    const rstd = centered.square().mean(2).add(eps).rsqrt();
    const planes = centered.mul(rstd.unsqueeze(2)).reshape([batch, channels, inner]);
    const scaled = weight == null ? planes : planes.mul(weight.unsqueeze(1));
    const shifted = bias == null ? scaled : scaled.add(bias.unsqueeze(1));
    return [shifted.reshape(x.shape), mean, rstd].map((y) =>
      named(y, "NativeGroupNorm"),
    ) as NormalizedWithStatistics;
  },
);
