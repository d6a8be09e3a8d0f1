import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { LRScheduler, type OptimizerArgument } from "./scheduler.ts";

const SIGNATURE = "StepLR(optimizer, stepSize: int, gamma = 0.1, lastEpoch = -1)";

/**
 * Multiplies the learning rate by `gamma` every `stepSize` epochs.
 *
 * @throws ValueError when `stepSize` is no positive integer.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.5 });
 * const scheduler = new optim.lrScheduler.StepLR(optimizer, 2);
 * const rates: number[] = [];
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   rates.push(...scheduler.getLastLr());
 *   scheduler.step();
 * }
 * console.log(rates);
 * // [ 0.5, 0.5, 0.05, 0.05 ]
 * ```
 */
export class StepLR extends LRScheduler {
  /** After how many epochs the learning rate changes. */
  stepSize: number;
  /** What the learning rate is multiplied by then. */
  gamma: number;

  constructor(...args: Args<typeof SIGNATURE, OptimizerArgument>) {
    const { optimizer, stepSize, gamma, lastEpoch } = bind<typeof SIGNATURE, OptimizerArgument>(
      SIGNATURE,
      args,
    );
    super(optimizer, lastEpoch);
    if (!Number.isInteger(stepSize) || stepSize < 1) {
      throw new ValueError(`StepLR: stepSize is an integer from 1; got ${quote(stepSize)}`);
    }
    this.stepSize = stepSize;
    this.gamma = gamma;
    this.start();
  }

  protected override getLr(): number[] {
    const due = this.lastEpoch > 0 && this.lastEpoch % this.stepSize === 0;
    return this.scaled(due ? this.gamma : 1);
  }
}
