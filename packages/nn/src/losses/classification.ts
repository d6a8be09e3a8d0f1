import type { Tensor } from "@flambeau/tensor";
import * as F from "../functional/classification.ts";
import { checkReduction } from "../functional/reduction.ts";
import { Module } from "../module/module.ts";
import type { Buffer } from "../parameter.ts";
import { Loss, weightBuffer } from "./loss.ts";

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

  constructor(options: F.CrossEntropyOptions = {}) {
    super(options);
    this.weight = weightBuffer(options.weight);
    this.ignoreIndex = options.ignoreIndex ?? -100;
    this.labelSmoothing = options.labelSmoothing ?? 0;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.crossEntropy(input, target, this);
  }
}

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

  constructor(options: F.NLLOptions = {}) {
    super(options);
    this.weight = weightBuffer(options.weight);
    this.ignoreIndex = options.ignoreIndex ?? -100;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.nllLoss(input, target, this);
  }
}

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
  readonly reduction: NonNullable<F.KLDivOptions["reduction"]>;
  /** Whether the target is given as logarithms. */
  readonly logTarget: boolean;

  constructor(options: F.KLDivOptions = {}) {
    super();
    this.reduction = options.reduction === "batchmean" ? "batchmean" : checkReduction(options.reduction);
    this.logTarget = options.logTarget ?? false;
  }

  override forward(input: Tensor, target: Tensor): Tensor {
    return F.klDiv(input, target, this);
  }
}
