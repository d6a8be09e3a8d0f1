import { broadcastShapes } from "@flambeau/backend";
import { type Callable, norm, type Tensor, withOptions } from "@flambeau/tensor";

/** Options of `normalize`. */
export interface NormalizeOptions {
  /** Which norm. Default 2. */
  readonly p?: number;
  /** Along which dimension. Default 1. */
  readonly dim?: number;
  /** The least divisor. Default 1e-12. */
  readonly eps?: number;
}

const NORMALIZE = "normalize(input, p = 2, dim = 1, eps = 1e-12)";

/**
 * Each vector along a dimension divided by its norm, or by `eps` where the norm is smaller.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.normalize(tensor([[3, 4], [0, 2]])));
 * // tensor([[0.6000, 0.8000],
 * //         [0.0000, 1.0000]])
 * ```
 */
export const normalize: Callable<typeof NORMALIZE, Tensor, NormalizeOptions> = withOptions<
  typeof NORMALIZE,
  1,
  Tensor,
  NormalizeOptions
>(NORMALIZE, 1, (x, options) => {
  const { p = 2, dim = 1, eps = 1e-12 } = options;
  return x.div(norm(x, p, dim, { keepdim: true }).clampMin(eps));
});

/** Options of `cosineSimilarity`. */
export interface CosineOptions {
  /** Along which dimension. Default 1. */
  readonly dim?: number;
  /** The least norm to divide by. Default 1e-8. */
  readonly eps?: number;
}

const COSINE_SIMILARITY = "cosineSimilarity(x1, x2, dim = 1, eps = 1e-8)";

/**
 * The cosine of the angle between vectors along a dimension of two tensors, which broadcast.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.cosineSimilarity(tensor([[1, 0], [1, 1]]), tensor([[2, 0], [1, 0]])));
 * // tensor([1.0000, 0.7071])
 * ```
 */
export const cosineSimilarity: Callable<typeof COSINE_SIMILARITY, Tensor, CosineOptions> = withOptions<
  typeof COSINE_SIMILARITY,
  2,
  Tensor,
  CosineOptions
>(COSINE_SIMILARITY, 2, (a, b, options) => {
  const { dim = 1, eps = 1e-8 } = options;
  // As many dimensions for both, so that dim is the same of each.
  const shape = broadcastShapes(a.shape, b.shape);
  const [x, y] = [a.expand(shape), b.expand(shape)];
  return normalize(x, { dim, eps }).mul(normalize(y, { dim, eps })).sum(dim);
});
