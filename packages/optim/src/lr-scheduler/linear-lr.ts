import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { checkRange } from "../check.ts";
import { LRScheduler, type OptimizerArgument } from "./scheduler.ts";

const SIGNATURE =
  "LinearLR(optimizer, startFactor = 0.3333333333333333, endFactor = 1, totalIters = 5, lastEpoch = -1)";

/**
 * Takes the learning rate along a line from a part of it to another in `totalIters` epochs: a warm-up.
 *
 * @throws ValueError when a factor is not between 0 and 1, the first one above 0, or `totalIters` is no positive integer.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });
 * const scheduler = new optim.lrScheduler.LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 });
 * for (let epoch = 0; epoch < 4; epoch++) {
 *   console.log(epoch, optimizer.paramGroups[0].lr.toFixed(4));
 *   // 0 0.0500
 *   // 1 0.0750
 *   // 2 0.1000
 *   // 3 0.1000
 *   optimizer.step();
 *   scheduler.step();
 * }
 * ```
 */
export class LinearLR extends LRScheduler {
  /** What the learning rate is multiplied by at first. */
  startFactor: number;
  /** What it is multiplied by in the end. */
  endFactor: number;
  /** How many epochs it takes to get there. */
  totalIters: number;

  constructor(...args: Args<typeof SIGNATURE, OptimizerArgument>) {
    const { optimizer, startFactor, endFactor, totalIters, lastEpoch } = bind<
      typeof SIGNATURE,
      OptimizerArgument
    >(SIGNATURE, args);
    super(optimizer, lastEpoch);
    this.startFactor = checkFactor("startFactor of LinearLR", startFactor);
    if (endFactor !== 1) checkRange("endFactor of LinearLR", endFactor, 0, 1);
    this.endFactor = endFactor;
    this.totalIters = checkIters("LinearLR", totalIters);
    this.start();
  }

  protected override getLr(): number[] {
    const { startFactor, totalIters, lastEpoch } = this;
    if (lastEpoch === 0) return this.scaled(startFactor);
    if (lastEpoch > totalIters) return this.scaled(1);
    const rise = this.endFactor - startFactor;
    return this.scaled(1 + rise / (totalIters * startFactor + (lastEpoch - 1) * rise));
  }
}

/**
 * A factor above 0 and at most 1.
 *
 * @throws ValueError
 */
export function checkFactor(what: string, factor: number): number {
  if (factor > 0 && factor <= 1) return factor;
  throw new ValueError(`invalid ${what}: expected a number above 0 and at most 1, got ${quote(factor)}`);
}

/**
 * A number of epochs.
 *
 * @throws ValueError
 */
export function checkIters(what: string, totalIters: number): number {
  if (Number.isInteger(totalIters) && totalIters > 0) return totalIters;
  throw new ValueError(`${what}: totalIters is an integer from 1; got ${quote(totalIters)}`);
}
