import { type Args, bind } from "@flambeau/tensor";
import { LRScheduler, type OptimizerArgument } from "./scheduler.ts";

const SIGNATURE = "ExponentialLR(optimizer, gamma: number, lastEpoch = -1)";

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

  constructor(...args: Args<typeof SIGNATURE, OptimizerArgument>) {
    const { optimizer, gamma, lastEpoch } = bind<typeof SIGNATURE, OptimizerArgument>(SIGNATURE, args);
    super(optimizer, lastEpoch);
    this.gamma = gamma;
    this.start();
  }

  protected override getLr(): number[] {
    return this.scaled(this.lastEpoch === 0 ? 1 : this.gamma);
  }
}
