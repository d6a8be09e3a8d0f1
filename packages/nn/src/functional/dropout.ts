import { ValueError } from "@flambeau/backend";
import { empty, type Tensor, zerosLike } from "@flambeau/tensor";

/**
 * The same probability, checked.
 *
 * @throws ValueError when it is not within [0, 1].
 */
export function checkProbability(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new ValueError(`the probability of dropout lies between 0 and 1; got ${p}`);
  return p;
}

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
export function dropout(
  x: Tensor,
  p = 0.5,
  options: boolean | { readonly training?: boolean } = true,
): Tensor {
  const training = typeof options === "boolean" ? options : (options.training ?? true);
  checkProbability(p);
  if (p === 0 || !training || x.numel() === 0) return x;
  if (p === 1) return x.mul(zerosLike(x));
  // In rows, however x lies in memory.
  const noise = empty(x.shape, { dtype: x.dtype, device: x.device })
    .bernoulli_(1 - p)
    .div_(1 - p);
  return x.mul(noise);
}
