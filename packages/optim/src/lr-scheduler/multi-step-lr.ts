import { quote, ValueError } from "@flambeau/backend";
import type { Optimizer } from "../optimizer.ts";
import { LRScheduler } from "./scheduler.ts";
import type { StepLROptions } from "./step-lr.ts";

/**
 * Multiplies the learning rate by `gamma` at each of the epochs `milestones`; one that is there twice counts twice.
 *
 * @throws ValueError when a milestone is no integer.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });
 * const scheduler = new optim.lrScheduler.MultiStepLR(optimizer, [2, 3], { gamma: 0.1 });
 * for (let epoch = 1; epoch <= 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   console.log(epoch, optimizer.paramGroups[0].lr.toFixed(4));
 *   // 1 0.1000
 *   // 2 0.0100
 *   // 3 0.0010
 *   // 4 0.0010
 * }
 * ```
 */
export class MultiStepLR extends LRScheduler {
  /** The epochs at which the learning rate changes, in order. */
  milestones: number[];
  /** What the learning rate is multiplied by then. */
  gamma: number;

  constructor(optimizer: Optimizer, milestones: readonly number[], options: StepLROptions = {}) {
    super(optimizer, options);
    if (!milestones.every(Number.isInteger)) {
      throw new ValueError(`MultiStepLR: milestones are whole epochs; got ${quote(milestones)}`);
    }
    this.milestones = milestones.slice();
    this.gamma = options.gamma ?? 0.1;
    this.start();
  }

  protected override getLr(): number[] {
    const times = this.milestones.filter((epoch) => epoch === this.lastEpoch).length;
    return this.scaled(this.gamma ** times);
  }
}
