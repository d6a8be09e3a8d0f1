import type { Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/**
 * Multiplies the learning rate by `gamma` at each epoch.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });
 * const scheduler = new optim.lrScheduler.ExponentialLR(optimizer, 0.5);
 * for (let epoch = 1; epoch <= 3; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   console.log(epoch, optimizer.paramGroups[0].lr.toFixed(4));
 *   // 1 0.0500
 *   // 2 0.0250
 *   // 3 0.0125
 * }
 * ```
 */
export class ExponentialLR extends LRScheduler {
  /** What the learning rate is multiplied by each epoch. */
  gamma: number;

  constructor(optimizer: Optimizer, gamma: number, options: SchedulerOptions = {}) {
    super(optimizer, options);
    this.gamma = gamma;
    this.start();
  }

  protected override getLr(): number[] {
    return this.scaled(this.lastEpoch === 0 ? 1 : this.gamma);
  }
}
