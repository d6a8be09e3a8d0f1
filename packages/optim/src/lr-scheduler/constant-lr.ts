import type { Optimizer } from "../optimizer.ts";
import { checkFactor, checkIters } from "./linear-lr.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Options of {@link ConstantLR}. */
export interface ConstantLROptions extends SchedulerOptions {
  /** What the learning rate is multiplied by. Default 1 / 3. */
  readonly factor?: number;
  /** For how many epochs. Default 5. */
  readonly totalIters?: number;
}

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

  constructor(optimizer: Optimizer, options: ConstantLROptions = {}) {
    super(optimizer, options);
    this.factor = checkFactor("factor of ConstantLR", options.factor ?? 1 / 3);
    this.totalIters = checkIters("ConstantLR", options.totalIters ?? 5);
    this.start();
  }

  protected override getLr(): number[] {
    if (this.lastEpoch === 0) return this.scaled(this.factor);
    return this.scaled(this.lastEpoch === this.totalIters ? 1 / this.factor : 1);
  }
}
