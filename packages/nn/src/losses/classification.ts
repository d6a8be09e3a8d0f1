import type { Tensor } from "@flambeau/tensor";
import * as F from "../functional/classification.ts";
import { checkReduction } from "../functional/reduction.ts";
import { Module } from "../module/module.ts";
import type { Buffer } from "../parameter.ts";
import { Loss, weightBuffer } from "./loss.ts";

/** Cross entropy of logits and class labels or probabilities; see `functional.crossEntropy`. */
export class CrossEntropyLoss extends Loss {
  weight: Buffer | null;
  readonly ignoreIndex: number;
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

/** Minus the log-probability that each label names; see `functional.nllLoss`. */
export class NLLLoss extends Loss {
  weight: Buffer | null;
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

/** The Kullback-Leibler divergence of log-probabilities from a target; see `functional.klDiv`. */
export class KLDivLoss extends Module {
  readonly reduction: NonNullable<F.KLDivOptions["reduction"]>;
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
