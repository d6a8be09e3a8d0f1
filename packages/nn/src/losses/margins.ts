import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import * as F from "../functional/margins.ts";
import type { Reduction } from "../functional/reduction.ts";
import { cosineSimilarity } from "../functional/similarity.ts";
import { Module } from "../module/module.ts";

/** A loss of other arguments than an input and a target. */
abstract class Reduced extends Module {
  /** What becomes of the elements' losses: "mean", "sum" or "none". */
  readonly reduction: Reduction;

  constructor(reduction: Reduction) {
    super();
    this.reduction = reduction;
  }
}

const MARGIN_RANKING_LOSS = "MarginRankingLoss(margin = 0, reduction = 'mean')";

/**
 * By how much the wrong one of two scores is larger. See `functional.marginRankingLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.MarginRankingLoss();
 * console.log(String(loss(tensor([1, 2]), tensor([3, 1]), tensor([1, 1]))));
 * // tensor(1.)
 * ```
 */
export class MarginRankingLoss extends Reduced {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** How far apart is enough. */
  readonly margin: number;

  constructor(...args: Args<typeof MARGIN_RANKING_LOSS, F.MarginOptions>) {
    const { margin, reduction } = bind<typeof MARGIN_RANKING_LOSS, F.MarginOptions>(
      MARGIN_RANKING_LOSS,
      args,
    );
    super(reduction);
    this.margin = margin;
  }

  override forward(first: Tensor, second: Tensor, target: Tensor): Tensor {
    return F.marginRankingLoss(first, second, target, this.margin, this.reduction);
  }
}

const HINGE_EMBEDDING_LOSS = "HingeEmbeddingLoss(margin = 1, reduction = 'mean')";

/**
 * Distances, or by how much they fall short of a margin. See `functional.hingeEmbeddingLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.HingeEmbeddingLoss();
 * console.log(String(loss(tensor([0.3, 0.4]), tensor([1, -1]))));
 * // tensor(0.4500)
 * ```
 */
export class HingeEmbeddingLoss extends Reduced {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** How far apart is enough. */
  readonly margin: number;

  constructor(...args: Args<typeof HINGE_EMBEDDING_LOSS, F.MarginOptions>) {
    const { margin, reduction } = bind<typeof HINGE_EMBEDDING_LOSS, F.MarginOptions>(
      HINGE_EMBEDDING_LOSS,
      args,
    );
    super(reduction);
    this.margin = margin;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.hingeEmbeddingLoss(input, target, this.margin, this.reduction);
  }
}

const COSINE_EMBEDDING_LOSS = "CosineEmbeddingLoss(margin = 0, reduction = 'mean')";

/**
 * How far vectors are from the same direction, or from different ones. See `functional.cosineEmbeddingLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.CosineEmbeddingLoss();
 * console.log(String(loss(tensor([[1, 1]]), tensor([[1, 0]]), tensor([-1]))));
 * // tensor(0.7071)
 * ```
 */
export class CosineEmbeddingLoss extends Reduced {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** How far apart is enough. */
  readonly margin: number;

  constructor(...args: Args<typeof COSINE_EMBEDDING_LOSS, F.MarginOptions>) {
    const { margin, reduction } = bind<typeof COSINE_EMBEDDING_LOSS, F.MarginOptions>(
      COSINE_EMBEDDING_LOSS,
      args,
    );
    super(reduction);
    this.margin = margin;
  }

  override forward(a: Tensor, b: Tensor, target: Tensor): Tensor {
    return F.cosineEmbeddingLoss(a, b, target, this.margin, this.reduction);
  }
}

const TRIPLET_MARGIN_LOSS =
  "TripletMarginLoss(margin = 1, p = 2, eps = 1e-6, swap = false, reduction = 'mean')";

/**
 * How much nearer an anchor is to a negative than to a positive. See `functional.tripletMarginLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.TripletMarginLoss();
 * console.log(String(loss(tensor([[0, 0]]), tensor([[1, 0]]), tensor([[0, 1.5]]))));
 * // tensor(0.5000)
 * ```
 */
export class TripletMarginLoss extends Reduced {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** How far apart is enough. */
  readonly margin: number;
  /** Which norm. */
  readonly p: number;
  /** Added to each difference. */
  readonly eps: number;
  /** Whether the distance of the positive from the negative counts too. */
  readonly swap: boolean;

  constructor(...args: Args<typeof TRIPLET_MARGIN_LOSS, F.TripletOptions>) {
    const { margin, p, eps, swap, reduction } = bind<typeof TRIPLET_MARGIN_LOSS, F.TripletOptions>(
      TRIPLET_MARGIN_LOSS,
      args,
    );
    super(reduction);
    this.margin = margin;
    this.p = p;
    this.eps = eps;
    this.swap = swap;
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return F.tripletMarginLoss(
      anchor,
      positive,
      negative,
      this.margin,
      this.p,
      this.eps,
      this.swap,
      this.reduction,
    );
  }
}

const SOFT_MARGIN_LOSS = "SoftMarginLoss(reduction = 'mean')";

/**
 * `log(1 + exp(-target * x))` for targets of 1 and -1. See `functional.softMarginLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.SoftMarginLoss()(tensor([2, -1]), tensor([1, 1]))));
 * // tensor(0.7201)
 * ```
 */
export class SoftMarginLoss extends Reduced {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  constructor(...args: Args<typeof SOFT_MARGIN_LOSS>) {
    super(bind(SOFT_MARGIN_LOSS, args).reduction);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.softMarginLoss(input, target, this.reduction);
  }
}

const PAIRWISE_DISTANCE = "PairwiseDistance(p = 2, eps = 1e-6, keepdim = false)";

/**
 * The distance of vectors, which lie along the last dimension. See `functional.pairwiseDistance`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.PairwiseDistance()(tensor([[0, 0]]), tensor([[3, 4]]))));
 * // tensor([5.0000])
 * ```
 */
export class PairwiseDistance extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** Which norm. */
  readonly p: number;
  /** Added to each difference. */
  readonly eps: number;
  /** Whether the last dimension stays, of size 1. */
  readonly keepdim: boolean;

  constructor(...args: Args<typeof PAIRWISE_DISTANCE>) {
    super();
    const { p, eps, keepdim } = bind(PAIRWISE_DISTANCE, args);
    this.p = p;
    this.eps = eps;
    this.keepdim = keepdim;
  }

  override forward(a: Tensor, b: Tensor): Tensor {
    return F.pairwiseDistance(a, b, this.p, this.eps, this.keepdim);
  }
}

const COSINE_SIMILARITY = "CosineSimilarity(dim = 1, eps = 1e-8)";

/**
 * The cosine of the angle between vectors along a dimension (1). See `functional.cosineSimilarity`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.CosineSimilarity()(tensor([[1, 1]]), tensor([[2, 0]]))));
 * // tensor([0.7071])
 * ```
 */
export class CosineSimilarity extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** Along which dimension. */
  readonly dim: number;
  /** The least norm to divide by. */
  readonly eps: number;

  constructor(...args: Args<typeof COSINE_SIMILARITY>) {
    super();
    const { dim, eps } = bind(COSINE_SIMILARITY, args);
    this.dim = dim;
    this.eps = eps;
  }

  override forward(a: Tensor, b: Tensor): Tensor {
    return cosineSimilarity(a, b, this.dim, this.eps);
  }
}
