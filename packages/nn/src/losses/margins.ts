import type { Tensor } from "@flambeau/tensor";
import * as F from "../functional/margins.ts";
import { checkReduction, type LossOptions, type Reduction } from "../functional/reduction.ts";
import { type CosineOptions, cosineSimilarity } from "../functional/similarity.ts";
import { Module } from "../module/module.ts";

/** A loss of other arguments than an input and a target. */
abstract class Reduced extends Module {
  /** What becomes of the elements' losses: "mean", "sum" or "none". */
  readonly reduction: Reduction;

  constructor(options: LossOptions) {
    super();
    this.reduction = checkReduction(options.reduction);
  }
}

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

  constructor(options: F.MarginOptions = {}) {
    super(options);
    this.margin = options.margin ?? 0;
  }

  override forward(first: Tensor, second: Tensor, target: Tensor): Tensor {
    return F.marginRankingLoss(first, second, target, this);
  }
}

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

  constructor(options: F.MarginOptions = {}) {
    super(options);
    this.margin = options.margin ?? 1;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.hingeEmbeddingLoss(input, target, this);
  }
}

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

  constructor(options: F.MarginOptions = {}) {
    super(options);
    this.margin = options.margin ?? 0;
  }

  override forward(a: Tensor, b: Tensor, target: Tensor): Tensor {
    return F.cosineEmbeddingLoss(a, b, target, this);
  }
}

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

  constructor(options: F.TripletOptions = {}) {
    super(options);
    this.margin = options.margin ?? 1;
    this.p = options.p ?? 2;
    this.eps = options.eps ?? 1e-6;
    this.swap = options.swap ?? false;
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return F.tripletMarginLoss(anchor, positive, negative, this);
  }
}

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
  constructor(options: LossOptions = {}) {
    super(options);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.softMarginLoss(input, target, this);
  }
}

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

  constructor(p: number | F.DistanceOptions = {}, options: Omit<F.DistanceOptions, "p"> = {}) {
    super();
    const given = typeof p === "number" ? { ...options, p } : p;
    this.p = given.p ?? 2;
    this.eps = given.eps ?? 1e-6;
    this.keepdim = given.keepdim ?? false;
  }

  override forward(a: Tensor, b: Tensor): Tensor {
    return F.pairwiseDistance(a, b, this);
  }
}

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

  constructor(dim: number | CosineOptions = {}, options: Omit<CosineOptions, "dim"> = {}) {
    super();
    const given = typeof dim === "number" ? { ...options, dim } : dim;
    this.dim = given.dim ?? 1;
    this.eps = given.eps ?? 1e-8;
  }

  override forward(a: Tensor, b: Tensor): Tensor {
    return cosineSimilarity(a, b, this);
  }
}
