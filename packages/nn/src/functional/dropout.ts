import { formatShape, quote, ShapeError, ValueError, warn } from "@flambeau/backend";
import {
  type Callable,
  callable,
  empty,
  lifetime,
  type Tensor,
  useSimdDraws,
  zerosLike,
} from "@flambeau/tensor";

/**
 * The same probability, checked.
 *
 * @throws ValueError when it is not within [0, 1].
 */
export function checkProbability(p: number): number {
  if (!(p >= 0 && p <= 1))
    throw new ValueError(`the probability of dropout lies between 0 and 1; got ${quote(p)}`);
  return p;
}

const DROPOUT = "dropout(input, p = 0.5, training = true, inplace = false)";

/**
 * Zeroes each element with probability `p` while `training` and scales the others by `1 / (1 - p)`; otherwise gives `x`
 * itself. The draws are PyTorch's for the same seed. Source: PyTorch 1.13, aten/src/ATen/native/Dropout.cpp.
 *
 * @throws ValueError when `p` is not within [0, 1].
 *
 * @example
 * ```ts
 * import { manualSeed, nn, ones } from "flambeau";
 *
 * manualSeed(0);
 * console.log(nn.functional.dropout(ones([6]), 0.5));
 * // tensor([0., 0., 2., 0., 0., 0.])
 * console.log(nn.functional.dropout(ones([6]), 0.5, { training: false }));
 * // tensor([1., 1., 1., 1., 1., 1.])
 * ```
 */
export const dropout: Callable<typeof DROPOUT, Tensor> = callable(DROPOUT, (x, p, training, inplace) => {
  checkProbability(p);
  if (p === 0 || !training || x.numel() === 0) return x;
  if (p === 1) return times(x, zerosLike(x), inplace);
  return times(x, kept(x, x.shape, p).div_(1 - p), inplace);
});

/** Ones, each with probability `1 - p`, and zeros, of the input's dtype and device; in rows, however the input lies in memory. */
export function kept({ dtype, device }: Tensor, shape: readonly number[], p: number): Tensor {
  useSimdDraws();
  return empty(shape, { dtype, device }).bernoulli_(1 - p);
}

/** The product with noise that nobody else has seen. */
export function times(x: Tensor, noise: Tensor, inplace: boolean): Tensor {
  const product = inplace ? x.mul_(noise) : x.mul(noise);
  lifetime.abandon(noise);
  return product;
}

/** Whole channels of `[batch, channels, ...]`, or without a batch `[channels, ...]`, zeroed together. */
function featureDropout(
  x: Tensor,
  p: number,
  training: boolean,
  inplace: boolean,
  isBatched: boolean,
): Tensor {
  checkProbability(p);
  if (p === 0 || !training || x.numel() === 0) return x;
  if (p === 1) return times(x, zerosLike(x), inplace);
  const channels = isBatched ? 2 : 1;
  const shape = Array.from(x.shape, (size, d) => (d < channels ? size : 1));
  return times(x, kept(x, shape, p).div_(1 - p), inplace);
}

const DROPOUT1D = "dropout1d(input, p = 0.5, training = true, inplace = false)";

/**
 * Whole channels zeroed with probability `p`, the rest scaled up: `[batch, channels, length]` or `[channels, length]`.
 *
 * @throws ValueError when `p` is no probability; ShapeError when the input has another number of dimensions.
 *
 * @example
 * ```ts
 * import { F, manualSeed, ones } from "flambeau";
 *
 * manualSeed(0);
 * console.log(String(F.dropout1d(ones([1, 3, 2]))));
 * // tensor([[[0., 0.],
 * //          [0., 0.],
 * //          [2., 2.]]])
 * ```
 */
export const dropout1d: Callable<typeof DROPOUT1D, Tensor> = callable(
  DROPOUT1D,
  (x, p, training, inplace) => {
    if (x.ndim !== 2 && x.ndim !== 3) {
      throw new ShapeError(
        `dropout1d takes an input [batch, channels, length] or [channels, length]; got shape ${formatShape(x.shape)}`,
      );
    }
    return featureDropout(x, p, training, inplace, x.ndim === 3);
  },
);

const DROPOUT2D = "dropout2d(input, p = 0.5, training = true, inplace = false)";

/**
 * Whole channels of images `[batch, channels, height, width]` zeroed with probability `p`, the rest scaled up. Source: Tompson et al. 2015.
 * Three dimensions are `[batch, channels, length]`, as in PyTorch, with a warning: no image without a batch.
 *
 * @throws ValueError when `p` is no probability; ShapeError when the input has another number of dimensions.
 *
 * @example
 * ```ts
 * import { F, manualSeed, ones } from "flambeau";
 *
 * manualSeed(0);
 * console.log(String(F.dropout2d(ones([1, 3, 2, 2])).sum([2, 3])));
 * // tensor([[0., 0., 8.]])
 * ```
 */
export const dropout2d: Callable<typeof DROPOUT2D, Tensor> = callable(
  DROPOUT2D,
  (x, p, training, inplace) => {
    if (x.ndim === 3) {
      warn(
        `dropout2d takes an input of shape ${formatShape(x.shape)} as [batch, channels, length]; dropout1d says so, and unsqueeze(0) makes an image a batch`,
      );
    } else if (x.ndim !== 4) {
      throw new ShapeError(
        `dropout2d takes an input [batch, channels, height, width]; got shape ${formatShape(x.shape)}. For lines there is dropout1d`,
      );
    }
    return featureDropout(x, p, training, inplace, true);
  },
);

const DROPOUT3D = "dropout3d(input, p = 0.5, training = true, inplace = false)";

/**
 * Whole channels zeroed with probability `p`, the rest scaled up: `[batch, channels, depth, height, width]` or without the batch.
 *
 * @throws ValueError when `p` is no probability; ShapeError when the input has another number of dimensions.
 *
 * @example
 * ```ts
 * import { F, manualSeed, ones } from "flambeau";
 *
 * manualSeed(0);
 * console.log(String(F.dropout3d(ones([1, 3, 1, 2, 2])).sum([2, 3, 4])));
 * // tensor([[0., 0., 8.]])
 * ```
 */
export const dropout3d: Callable<typeof DROPOUT3D, Tensor> = callable(
  DROPOUT3D,
  (x, p, training, inplace) => {
    if (x.ndim !== 4 && x.ndim !== 5) {
      throw new ShapeError(
        `dropout3d takes an input [batch, channels, depth, height, width] or without the batch; got shape ${formatShape(x.shape)}`,
      );
    }
    return featureDropout(x, p, training, inplace, x.ndim === 5);
  },
);
