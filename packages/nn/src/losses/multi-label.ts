import { type Args, bind, type Tensor } from "@flambeau/tensor";
import * as F from "../functional/multi-label.ts";
import type { Reduction } from "../functional/reduction.ts";
import { Module } from "../module/module.ts";
import type { Buffer } from "../parameter.ts";
import { Loss, weightBuffer } from "./loss.ts";
import { PairwiseDistance } from "./margins.ts";

const MULTI_MARGIN_LOSS = "MultiMarginLoss(p = 1, margin = 1, weight?, reduction = 'mean')";

/**
 * By how much other classes' scores come nearer than a margin to the label's. See `functional.multiMarginLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.MultiMarginLoss();
 * console.log(String(loss(tensor([[0.1, 0.2, 0.4, 0.8]]), tensor([3n]))));
 * // tensor(0.3250)
 * ```
 */
export class MultiMarginLoss extends Loss {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** The power, 1 or 2. */
  readonly p: number;
  /** How far apart is enough. */
  readonly margin: number;
  /** A factor for each class, or null. */
  weight: Buffer | null;

  constructor(...args: Args<typeof MULTI_MARGIN_LOSS>) {
    const { p, margin, weight, reduction } = bind(MULTI_MARGIN_LOSS, args);
    super(reduction);
    this.p = p;
    this.margin = margin;
    this.weight = weightBuffer(weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multiMarginLoss(input, target, this.p, this.margin, this.weight, this.reduction);
  }
}

const MULTI_LABEL_MARGIN_LOSS = "MultiLabelMarginLoss(reduction = 'mean')";

/**
 * By how much other classes' scores come nearer than 1 to those of several labels. See `functional.multilabelMarginLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.MultiLabelMarginLoss();
 * console.log(String(loss(tensor([[0.1, 0.2, 0.4, 0.8]]), tensor([[3n, 0n, -1n, 1n]]))));
 * // tensor(0.8500)
 * ```
 */
export class MultiLabelMarginLoss extends Loss {
  /** @internal */
  static readonly keepsNothing: boolean = true;

  constructor(...args: Args<typeof MULTI_LABEL_MARGIN_LOSS>) {
    super(bind(MULTI_LABEL_MARGIN_LOSS, args).reduction);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabelMarginLoss(input, target, this.reduction);
  }
}

const MULTI_LABEL_SOFT_MARGIN_LOSS = "MultiLabelSoftMarginLoss(weight?, reduction = 'mean')";

/**
 * The binary cross entropy of logits, averaged over the classes. See `functional.multilabelSoftMarginLoss`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(String(new nn.MultiLabelSoftMarginLoss()(tensor([[2, -1]]), tensor([[1, 1]]))));
 * // tensor(0.7201)
 * ```
 */
export class MultiLabelSoftMarginLoss extends Loss {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** A factor for each class, or null. */
  weight: Buffer | null;

  constructor(...args: Args<typeof MULTI_LABEL_SOFT_MARGIN_LOSS>) {
    const { weight, reduction } = bind(MULTI_LABEL_SOFT_MARGIN_LOSS, args);
    super(reduction);
    this.weight = weightBuffer(weight);
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.multilabelSoftMarginLoss(input, target, this.weight, this.reduction);
  }
}

interface DistanceTypes {
  /** The distance of two tensors of points, a function or a module. Default: `PairwiseDistance`. */
  readonly distanceFunction?: F.DistanceFunction | null;
}

const TRIPLET =
  "TripletMarginWithDistanceLoss(*, distanceFunction?: function, margin = 1, swap = false, reduction = 'mean')";

/**
 * How much nearer an anchor is to a negative than to a positive, by a distance of one's own. See
 * `functional.tripletMarginWithDistanceLoss`.
 *
 * @example
 * ```ts
 * import { nn, type Tensor, tensor } from "flambeau";
 *
 * const distanceFunction = (a: Tensor, b: Tensor): Tensor => a.sub(b).abs().sum(-1);
 * const loss = new nn.TripletMarginWithDistanceLoss({ distanceFunction });
 * console.log(String(loss(tensor([[0, 0]]), tensor([[1, 0]]), tensor([[0, 1.5]]))));
 * // tensor(0.5000)
 * ```
 */
export class TripletMarginWithDistanceLoss extends Module {
  /** @internal */
  static override readonly stateKeys: Readonly<Record<string, string>> = {
    distanceFunction: "distance_function",
  };

  /** The distance of two tensors of points. */
  distanceFunction: F.DistanceFunction;
  /** How far apart is enough. */
  readonly margin: number;
  /** Whether the nearer of anchor and positive counts for a negative. */
  readonly swap: boolean;
  /** What becomes of the losses: "mean", "sum" or "none". */
  readonly reduction: Reduction;

  constructor(...args: Args<typeof TRIPLET, DistanceTypes>) {
    super();
    const { distanceFunction, margin, swap, reduction } = bind<typeof TRIPLET, DistanceTypes>(TRIPLET, args);
    this.distanceFunction = distanceFunction ?? new PairwiseDistance();
    this.margin = margin;
    this.swap = swap;
    this.reduction = reduction;
  }

  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distanceFunction, margin, swap, reduction } = this;
    return F.tripletMarginWithDistanceLoss(anchor, positive, negative, {
      ...{ distanceFunction, margin, swap, reduction },
    });
  }
}
