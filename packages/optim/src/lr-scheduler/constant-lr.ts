import { type Args, bind } from "@flambeau/tensor";
import { checkFactor, checkIters } from "./linear-lr.ts";
import { LRScheduler, type OptimizerArgument } from "./scheduler.ts";

const SIGNATURE = "ConstantLR(optimizer, factor = 0.3333333333333333, totalIters = 5, lastEpoch = -1)";

/**
 * Multiplies the learning rate by a factor for the first `totalIters` epochs.
 *
 * @throws ValueError when the factor is not above 0 and at most 1, or `totalIters` is no positive integer.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });
 * const scheduler = new optim.lrScheduler.ConstantLR(optimizer, { factor: 0.5, totalIters: 2 });
 * for (let epoch = 0; epoch < 3; epoch++) {
 *   console.log(epoch, optimizer.paramGroups[0].lr);
 *   // 0 0.05
 *   // 1 0.05
 *   // 2 0.1
 *   optimizer.step();
 *   scheduler.step();
 * }
 * ```
 */
export class ConstantLR extends LRScheduler {
  /** What the learning rate is multiplied by. */
  factor: number;
  /** For how many epochs. */
  totalIters: number;

  constructor(...args: Args<typeof SIGNATURE, OptimizerArgument>) {
    const { optimizer, factor, totalIters, lastEpoch } = bind<typeof SIGNATURE, OptimizerArgument>(
      SIGNATURE,
      args,
    );
    super(optimizer, lastEpoch);
    this.factor = checkFactor("factor of ConstantLR", factor);
    this.totalIters = checkIters("ConstantLR", totalIters);
    this.start();
  }

  protected override getLr(): number[] {
    if (this.lastEpoch === 0) return this.scaled(this.factor);
    return this.scaled(this.lastEpoch === this.totalIters ? 1 / this.factor : 1);
  }
}
