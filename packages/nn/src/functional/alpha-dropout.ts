/**
 * Dropout that keeps mean and variance of self-normalizing networks.
 *
 * @module
 */
import { type Callable, callable, type Tensor, zerosLike } from "@flambeau/tensor";
import { checkProbability, kept, times } from "./dropout.ts";

/** What `selu` tends to far below zero, negative. */
const ALPHA = 1.7580993408473766;

/** In the order of PyTorch 1.13's operations. */
function alphaDropped(
  x: Tensor,
  p: number,
  training: boolean,
  inplace: boolean,
  shape: readonly number[],
): Tensor {
  checkProbability(p);
  if (p === 0 || !training || x.numel() === 0) return x;
  if (p === 1) return times(x, zerosLike(x), inplace);
  const noise = kept(x, shape, p);
  const a = 1 / Math.sqrt((ALPHA * ALPHA * p + 1) * (1 - p));
  const b = noise
    .sub(1)
    .mul_(ALPHA * a)
    .add_(ALPHA * a * p);
  noise.mul_(a);
  return inplace ? x.mul_(noise).add_(b) : x.mul(noise).add(b);
}

const ALPHA_DROPOUT = "alphaDropout(input, p = 0.5, training = false, inplace = false)";

/**
 * Sets each element with probability `p` while `training` to the value that `selu` tends to, and maps all so that mean and variance
 * stay. The draws are PyTorch's for the same seed. Source: Klambauer et al. 2017.
 *
 * @throws ValueError when `p` is no probability.
 *
 * @example
 * ```ts
 * import { F, manualSeed, ones } from "flambeau";
 *
 * manualSeed(0);
 * console.log(F.alphaDropout(ones([4]), 0.5, true));
 * // tensor([-0.7792, -0.7792,  1.6656, -0.7792])
 * ```
 */
export const alphaDropout: Callable<typeof ALPHA_DROPOUT, Tensor> = callable(
  ALPHA_DROPOUT,
  (x, p, training, inplace) => alphaDropped(x, p, training, inplace, x.shape),
);

const FEATURE_ALPHA_DROPOUT = "featureAlphaDropout(input, p = 0.5, training = false, inplace = false)";

/**
 * As `alphaDropout` for whole channels of `[batch, channels, ...]`.
 *
 * @throws ValueError when `p` is no probability.
 *
 * @example
 * ```ts
 * import { F, manualSeed, ones } from "flambeau";
 *
 * manualSeed(0);
 * console.log(F.featureAlphaDropout(ones([1, 2, 2]), 0.5, true));
 * // tensor([[[-0.7792, -0.7792],
 * //          [-0.7792, -0.7792]]])
 * ```
 */
export const featureAlphaDropout: Callable<typeof FEATURE_ALPHA_DROPOUT, Tensor> = callable(
  FEATURE_ALPHA_DROPOUT,
  (x, p, training, inplace) =>
    alphaDropped(
      x,
      p,
      training,
      inplace,
      Array.from(x.shape, (size, i) => (i < 2 ? size : 1)),
    ),
);
