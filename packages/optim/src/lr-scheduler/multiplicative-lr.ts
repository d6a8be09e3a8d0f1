import { type Args, bind } from "@flambeau/tensor";
import type { LambdaTypes, LRLambda } from "./lambda-lr.ts";
import { LRScheduler, perGroup } from "./scheduler.ts";

const SIGNATURE = "MultiplicativeLR(optimizer, lrLambda: function|array, lastEpoch = -1)";

/**
 * Multiplies the learning rate at each epoch by a function of it; one function for all groups, or one each.
 *
 * @throws ValueError when there are not as many functions as groups.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });
 * const scheduler = new optim.lrScheduler.MultiplicativeLR(optimizer, (epoch) => 1 / epoch);
 * for (let epoch = 1; epoch <= 3; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   console.log(epoch, optimizer.paramGroups[0].lr.toFixed(4));
 *   // 1 0.1000
 *   // 2 0.0500
 *   // 3 0.0167
 * }
 * ```
 */
export class MultiplicativeLR extends LRScheduler {
  /** Each group's factor as a function of the epoch. */
  readonly lrLambdas: readonly LRLambda[];

  constructor(...args: Args<typeof SIGNATURE, LambdaTypes>) {
    const { optimizer, lrLambda, lastEpoch } = bind<typeof SIGNATURE, LambdaTypes>(SIGNATURE, args);
    super(optimizer, lastEpoch);
    this.lrLambdas = perGroup("MultiplicativeLR", "functions", optimizer, lrLambda);
    this.start();
  }

  /** Goes back to the first epoch, from the learning rate as it is. */
  override restart(): void {
    this.lastEpoch = -1;
    this.step();
  }

  protected override getLr(): number[] {
    const { lastEpoch } = this;
    if (lastEpoch === 0) return this.scaled(1);
    return this.optimizer.paramGroups.map(({ lr }, i) => lr * (this.lrLambdas[i]?.(lastEpoch) ?? 1));
  }
}
