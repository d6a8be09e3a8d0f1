/**
 * Losses that ask of distances and scores to keep a margin.
 *
 * @module
 */

import { broadcastShapes, isFloat } from "@flambeau/backend";
import {
  type Callable,
  getDefaultDType,
  minimum,
  norm,
  type Tensor,
  where,
  withOptions,
} from "@flambeau/tensor";
import { softplus } from "./activation.ts";
import { type LossOptions, reduced } from "./reduction.ts";

/** Options of losses with a margin. */
export interface MarginOptions extends LossOptions {
  /** How far apart is enough. */
  readonly margin?: number;
}

/** Options of `pairwiseDistance`. */
export interface DistanceOptions {
  /** Which norm. Default 2. */
  readonly p?: number;
  /** Added to each difference. Default 1e-6. */
  readonly eps?: number;
  /** Keep the last dimension, of size 1. Default false. */
  readonly keepdim?: boolean;
}

const PAIRWISE_DISTANCE = "pairwiseDistance(x1, x2, p = 2, eps = 1e-6, keepdim = false)";

/**
 * The norm of the difference of vectors, which lie along the last dimension.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.pairwiseDistance(tensor([[0, 0], [1, 1]]), tensor([[3, 4], [1, 2]])));
 * // tensor([5.0000, 1.0000])
 * ```
 */
export const pairwiseDistance: Callable<typeof PAIRWISE_DISTANCE, Tensor, DistanceOptions> = withOptions<
  typeof PAIRWISE_DISTANCE,
  2,
  Tensor,
  DistanceOptions
>(PAIRWISE_DISTANCE, 2, (a, b, options) => {
  const { p = 2, eps = 1e-6, keepdim = false } = options;
  const difference = a.sub(b);
  const floats = isFloat(difference.dtype) ? difference : difference.to(getDefaultDType());
  return norm(floats.add(eps), p, -1, { keepdim });
});

/** Options of `tripletMarginLoss`. */
export interface TripletOptions extends MarginOptions, Pick<DistanceOptions, "p" | "eps"> {
  /** Also look at the distance of the positive from the negative. Default false. */
  readonly swap?: boolean;
}

const TRIPLET_MARGIN_LOSS =
  "tripletMarginLoss(anchor: tensor, positive: tensor, negative: tensor, margin = 1, p = 2, eps = 1e-6, swap = false, reduction = 'mean')";

/**
 * How much nearer an anchor is to a negative than to a positive, plus a margin (1); 0 where the margin is kept.
 * Source: Balntas et al. 2016.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError when the reduction is unknown.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const [anchor, positive, negative] = [tensor([[0, 0]]), tensor([[1, 0]]), tensor([[0, 1.5]])];
 * console.log(F.tripletMarginLoss(anchor, positive, negative));
 * // tensor(0.5000)
 * ```
 */
export const tripletMarginLoss: Callable<typeof TRIPLET_MARGIN_LOSS, Tensor, TripletOptions> = withOptions<
  typeof TRIPLET_MARGIN_LOSS,
  3,
  Tensor,
  TripletOptions
>(TRIPLET_MARGIN_LOSS, 3, (anchor, positive, negative, options) => {
  const { margin, p, eps, swap, reduction = "mean" } = options;
  const near = pairwiseDistance(anchor, positive, p, eps);
  const direct = pairwiseDistance(anchor, negative, p, eps);
  const far = swap ? minimum(direct, pairwiseDistance(positive, negative, p, eps)) : direct;
  return reduced(near.add(margin).sub(far).clampMin(0), reduction);
});

const MARGIN_RANKING_LOSS =
  "marginRankingLoss(input1: tensor, input2: tensor, target, margin = 0, reduction = 'mean')";

/**
 * For scores of which the first should be the larger where the target is 1, the smaller where it is -1: by how much it is
 * not, plus a margin (0). Integers become the default float.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError when the reduction is unknown.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const [first, second] = [tensor([1, 2]), tensor([3, 1])];
 * console.log(F.marginRankingLoss(first, second, tensor([1, 1]), { reduction: "none" }));
 * // tensor([2., 0.])
 * ```
 */
export const marginRankingLoss: Callable<typeof MARGIN_RANKING_LOSS, Tensor, MarginOptions> = withOptions<
  typeof MARGIN_RANKING_LOSS,
  3,
  Tensor,
  MarginOptions
>(MARGIN_RANKING_LOSS, 3, (first, second, target, options) => {
  const { reduction = "mean" } = options;
  const gap = target.neg().mul(first.sub(second));
  // The margin is a float, and so is what it is added to.
  const short = isFloat(gap.dtype) ? gap : gap.to(getDefaultDType());
  return reduced(short.add(options.margin ?? 0).clampMin(0), reduction);
});

const HINGE_EMBEDDING_LOSS = "hingeEmbeddingLoss(input, target, margin = 1, reduction = 'mean')";

/**
 * For distances: themselves where the target is 1, by how much they fall short of a margin (1) where it is -1.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError when the reduction is unknown.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.hingeEmbeddingLoss(tensor([0.3, 0.4]), tensor([1, -1]), { reduction: "none" }));
 * // tensor([0.3000, 0.6000])
 * ```
 */
export const hingeEmbeddingLoss: Callable<typeof HINGE_EMBEDDING_LOSS, Tensor, MarginOptions> = withOptions<
  typeof HINGE_EMBEDDING_LOSS,
  2,
  Tensor,
  MarginOptions
>(HINGE_EMBEDDING_LOSS, 2, (input, target, options) => {
  const { reduction = "mean" } = options;
  const short = input
    .neg()
    .add(options.margin ?? 1)
    .clampMin(0);
  return reduced(where(target.eq(1), 0, short).add(where(target.eq(-1), 0, input)), reduction);
});

const COSINE_EMBEDDING_LOSS =
  "cosineEmbeddingLoss(input1: tensor, input2: tensor, target, margin = 0, reduction = 'mean')";

/**
 * Of vectors along the last dimension: 1 minus their cosine where the target is 1, where it is -1 by how much the cosine is above
 * a margin (0).
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError when the reduction is unknown.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * const [a, b] = [tensor([[1, 0], [1, 1]]), tensor([[2, 0], [1, 0]])];
 * console.log(F.cosineEmbeddingLoss(a, b, tensor([1, -1]), { reduction: "none" }));
 * // tensor([0.0000, 0.7071])
 * ```
 */
export const cosineEmbeddingLoss: Callable<typeof COSINE_EMBEDDING_LOSS, Tensor, MarginOptions> = withOptions<
  typeof COSINE_EMBEDDING_LOSS,
  3,
  Tensor,
  MarginOptions
>(COSINE_EMBEDDING_LOSS, 3, (a, b, target, options) => {
  const { reduction = "mean" } = options;
  const shape = broadcastShapes(a.shape, b.shape);
  const [x, y] = [a.expand(shape), b.expand(shape)];
  const size = (v: Tensor): Tensor => v.mul(v).sum(-1).add(1e-12);
  const cosine = x
    .mul(y)
    .sum(-1)
    .div(size(x).mul(size(y)).sqrt());
  const close = where(target.eq(1), cosine.neg().add(1), 0);
  const apart = where(target.eq(-1), cosine.sub(options.margin ?? 0).clampMin(0), 0);
  return reduced(close.add(apart), reduction);
});

const SOFT_MARGIN_LOSS = "softMarginLoss(input, target, reduction = 'mean')";

/**
 * `log(1 + exp(-target * x))` for targets of 1 and -1, without overflow.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError when the reduction is unknown.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.softMarginLoss(tensor([2, -1]), tensor([1, 1]), { reduction: "none" }));
 * // tensor([0.1269, 1.3133])
 * ```
 */
export const softMarginLoss: Callable<typeof SOFT_MARGIN_LOSS, Tensor, LossOptions> = withOptions<
  typeof SOFT_MARGIN_LOSS,
  2,
  Tensor,
  LossOptions
>(SOFT_MARGIN_LOSS, 2, (input, target, options) => {
  const { reduction = "mean" } = options;
  // Above 40 the one in the logarithm is lost in float64 too.
  return reduced(softplus(target.neg().mul(input), { threshold: 40 }), reduction);
});
