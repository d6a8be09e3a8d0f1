import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { LRScheduler, type OptimizerArgument } from "./scheduler.ts";

const SIGNATURE = "CosineAnnealingLR(optimizer, tMax: int, etaMin = 0, lastEpoch = -1)";

/**
 * Takes the learning rate along half a cosine from where it starts down to `etaMin` in `tMax` epochs, and up again.
 *
 * Source: Loshchilov and Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts" (2017), without the restarts,
 * in PyTorch's recursive form.
 *
 * @throws ValueError when `tMax` is no positive integer.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });
 * const scheduler = new optim.lrScheduler.CosineAnnealingLR(optimizer, 4);
 * for (let epoch = 1; epoch <= 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   console.log(epoch, optimizer.paramGroups[0].lr.toFixed(4));
 *   // 1 0.0854
 *   // 2 0.0500
 *   // 3 0.0146
 *   // 4 0.0000
 * }
 * ```
 */
export class CosineAnnealingLR extends LRScheduler {
  /** How many epochs it takes from the largest to the smallest learning rate. */
  tMax: number;
  /** The smallest learning rate. */
  etaMin: number;

  constructor(...args: Args<typeof SIGNATURE, OptimizerArgument>) {
    const { optimizer, tMax, etaMin, lastEpoch } = bind<typeof SIGNATURE, OptimizerArgument>(SIGNATURE, args);
    super(optimizer, lastEpoch);
    if (!Number.isInteger(tMax) || tMax < 1) {
      throw new ValueError(`CosineAnnealingLR: tMax is an integer from 1; got ${quote(tMax)}`);
    }
    this.tMax = tMax;
    this.etaMin = etaMin;
    this.start();
  }

  protected override getLr(): number[] {
    const { tMax, etaMin, lastEpoch, baseLrs } = this;
    if (lastEpoch === 0) return this.scaled(1);
    const height = (epoch: number): number => 1 + Math.cos((Math.PI * epoch) / tMax);
    return this.optimizer.paramGroups.map(({ lr }, i) => {
      const range = baseLrs[i] - etaMin;
      if (this.stepCount === 1) return etaMin + (range * height(lastEpoch)) / 2;
      // At the bottom the ratio below would divide by zero: one step up from there.
      if ((lastEpoch - 1 - tMax) % (2 * tMax) === 0) return lr + (range * (1 - Math.cos(Math.PI / tMax))) / 2;
      return (height(lastEpoch) / height(lastEpoch - 1)) * (lr - etaMin) + etaMin;
    });
  }
}
