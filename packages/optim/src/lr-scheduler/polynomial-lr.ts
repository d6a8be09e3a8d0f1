import { type Args, bind } from "@flambeau/tensor";
import { checkIters } from "./linear-lr.ts";
import { LRScheduler, type OptimizerArgument } from "./scheduler.ts";

const SIGNATURE = "PolynomialLR(optimizer, totalIters = 5, power = 1, lastEpoch = -1)";

/**
 * Takes the learning rate to zero in `totalIters` epochs, as a power of the part that is left of them.
 *
 * @throws ValueError when `totalIters` is no positive integer.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });
 * const scheduler = new optim.lrScheduler.PolynomialLR(optimizer, { totalIters: 4, power: 2 });
 * for (let epoch = 1; epoch <= 4; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   console.log(epoch, optimizer.paramGroups[0].lr.toFixed(4));
 *   // 1 0.0563
 *   // 2 0.0250
 *   // 3 0.0062
 *   // 4 0.0000
 * }
 * ```
 */
export class PolynomialLR extends LRScheduler {
  /** How many epochs it takes to get to zero. */
  totalIters: number;
  /** The exponent. */
  power: number;

  constructor(...args: Args<typeof SIGNATURE, OptimizerArgument>) {
    const { optimizer, totalIters, power, lastEpoch } = bind<typeof SIGNATURE, OptimizerArgument>(
      SIGNATURE,
      args,
    );
    super(optimizer, lastEpoch);
    this.totalIters = checkIters("PolynomialLR", totalIters);
    this.power = power;
    this.start();
  }

  protected override getLr(): number[] {
    const { lastEpoch, totalIters } = this;
    if (lastEpoch === 0 || lastEpoch > totalIters) return this.scaled(1);
    const left = (epoch: number): number => 1 - epoch / totalIters;
    return this.scaled((left(lastEpoch) / left(lastEpoch - 1)) ** this.power);
  }
}
