import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { ctcLoss } from "../functional/ctc.ts";
import type { Reduction } from "../functional/reduction.ts";
import { Module } from "../module/module.ts";

const CTC_LOSS = "CTCLoss(blank = 0, reduction = 'mean', zeroInfinity = false)";

/**
 * Connectionist temporal classification of log-probabilities `[steps, batch, classes]`, targets, and the lengths of both. See
 * `functional.ctcLoss`.
 *
 * @example
 * ```ts
 * import { F, nn, tensor, zeros } from "flambeau";
 *
 * const loss = new nn.CTCLoss();
 * const logProbs = F.logSoftmax(zeros([4, 1, 3]), 2);
 * console.log(String(loss(logProbs, tensor([[1n, 2n]]), [4], [2])));
 * // tensor(0.8432)
 * ```
 */
export class CTCLoss extends Module {
  /** The class that stands for no label. */
  readonly blank: number;
  /** What becomes of the sequences' losses: "mean", "sum" or "none". */
  readonly reduction: Reduction;
  /** Whether losses that are infinite count as zero. */
  readonly zeroInfinity: boolean;

  constructor(...args: Args<typeof CTC_LOSS>) {
    super();
    const { blank, reduction, zeroInfinity } = bind(CTC_LOSS, args);
    this.blank = blank;
    this.reduction = reduction;
    this.zeroInfinity = zeroInfinity;
  }

  override forward(
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Tensor | readonly number[],
    targetLengths: Tensor | readonly number[],
  ): Tensor {
    const { blank, reduction, zeroInfinity } = this;
    return ctcLoss(logProbs, targets, inputLengths, targetLengths, blank, reduction, zeroInfinity);
  }
}
