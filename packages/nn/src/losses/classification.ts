import type { Tensor } from "@flambeau/tensor";
import { type Args, bind } from "@flambeau/tensor";
import * as F from "../functional/classification.ts";
import type { Reduction } from "../functional/reduction.ts";
import { Module } from "../module/module.ts";
import type { Buffer } from "../parameter.ts";
import { Loss, weightBuffer } from "./loss.ts";

const CROSS_ENTROPY_LOSS =
  "CrossEntropyLoss(weight?, ignoreIndex = -100, reduction = 'mean', labelSmoothing = 0)";

/**
 * Cross entropy of logits `[n, classes]` and class labels `[n]` (int64) or probabilities `[n, classes]`: the loss
 * of a model for several classes, without a softmax before it. See `functional.crossEntropy`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.CrossEntropyLoss();
 * const logits = tensor([[2, 0, 0], [0, 1, 0]]);
 * console.log(String(loss(logits, tensor([0n, 1n]))));
 * // tensor(0.3955)
 * ```
 */
export class CrossEntropyLoss extends Loss {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** A factor for each class, or null. */
  weight: Buffer | null;
  /** The label of elements that do not count. */
  readonly ignoreIndex: number;
  /** How much of the target is spread over all classes. */
  readonly labelSmoothing: number;

  constructor(...args: Args<typeof CROSS_ENTROPY_LOSS, F.CrossEntropyOptions>) {
    const { weight, ignoreIndex, reduction, labelSmoothing } = bind<
      typeof CROSS_ENTROPY_LOSS,
      F.CrossEntropyOptions
    >(CROSS_ENTROPY_LOSS, args);
    super(reduction);
    this.weight = weightBuffer(weight);
    this.ignoreIndex = ignoreIndex;
    this.labelSmoothing = labelSmoothing;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.crossEntropy(input, target, this.weight, this.ignoreIndex, this.reduction, this.labelSmoothing);
  }
}

const NLLLOSS = "NLLLoss(weight?, ignoreIndex = -100, reduction = 'mean')";

/**
 * Minus the log-probability that each label names; see `functional.nllLoss`.
 *
 * @example
 * ```ts
 * import { F, nn, tensor } from "flambeau";
 *
 * const loss = new nn.NLLLoss();
 * const logProbabilities = F.logSoftmax(tensor([[2, 0, 0], [0, 1, 0]]), 1);
 * console.log(String(loss(logProbabilities, tensor([0n, 1n]))));
 * // tensor(0.3955)
 * ```
 */
export class NLLLoss extends Loss {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** A factor for each class, or null. */
  weight: Buffer | null;
  /** The label of elements that do not count. */
  readonly ignoreIndex: number;

  constructor(...args: Args<typeof NLLLOSS, F.NLLOptions>) {
    const { weight, ignoreIndex, reduction } = bind<typeof NLLLOSS, F.NLLOptions>(NLLLOSS, args);
    super(reduction);
    this.weight = weightBuffer(weight);
    this.ignoreIndex = ignoreIndex;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.nllLoss(input, target, this.weight, this.ignoreIndex, this.reduction);
  }
}

const KL_DIV_LOSS = "KLDivLoss(reduction: reduction|'batchmean' = 'mean', logTarget = false)";

/**
 * The Kullback-Leibler divergence of log-probabilities from a target; see `functional.klDiv`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const loss = new nn.KLDivLoss({ reduction: "batchmean" });
 * const guess = tensor([[0.5, 0.5]]);
 * console.log(String(loss(guess.log(), tensor([[0.9, 0.1]]))));
 * // tensor(0.3681)
 * ```
 */
export class KLDivLoss extends Module {
  /** @internal */
  static readonly keepsNothing: boolean = true;
  /** What becomes of the elements' losses. */
  readonly reduction: Reduction | "batchmean";
  /** Whether the target is given as logarithms. */
  readonly logTarget: boolean;

  constructor(...args: Args<typeof KL_DIV_LOSS>) {
    super();
    const { reduction, logTarget } = bind(KL_DIV_LOSS, args);
    this.reduction = reduction;
    this.logTarget = logTarget;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.klDiv(input, target, this.reduction, this.logTarget);
  }
}
