import { type Args, bind } from "@flambeau/tensor";
import { LRScheduler, type OptimizerArgument, perGroup } from "./scheduler.ts";

/** The factor of an epoch, which counts from 0. */
export type LRLambda = (epoch: number) => number;

/** What {@link LambdaLR} and {@link MultiplicativeLR} take. */
export interface LambdaTypes extends OptimizerArgument {
  /** The factor as a function of the epoch, for all groups or one each. */
  readonly lrLambda: LRLambda | readonly LRLambda[];
}

const SIGNATURE = "LambdaLR(optimizer, lrLambda: function|array, lastEpoch = -1)";

/**
 * Sets the learning rate to the first one times a function of the epoch; one function for all groups, or one each.
 *
 * @throws ValueError when there are not as many functions as groups.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });
 * const scheduler = new optim.lrScheduler.LambdaLR(optimizer, (epoch) => 1 / (1 + epoch));
 * for (let epoch = 1; epoch <= 3; epoch++) {
 *   optimizer.step();
 *   scheduler.step();
 *   console.log(epoch, optimizer.paramGroups[0].lr.toFixed(4));
 *   // 1 0.0500
 *   // 2 0.0333
 *   // 3 0.0250
 * }
 * ```
 */
export class LambdaLR extends LRScheduler {
  /** Each group's factor as a function of the epoch. */
  readonly lrLambdas: readonly LRLambda[];

  constructor(...args: Args<typeof SIGNATURE, LambdaTypes>) {
    const { optimizer, lrLambda, lastEpoch } = bind<typeof SIGNATURE, LambdaTypes>(SIGNATURE, args);
    super(optimizer, lastEpoch);
    this.lrLambdas = perGroup("LambdaLR", "functions", optimizer, lrLambda);
    this.start();
  }

  protected override getLr(): number[] {
    return this.lrLambdas.map((lambda, i) => this.baseLrs[i] * lambda(this.lastEpoch));
  }
}
