import { ValueError } from "@flambeau/backend";
import type { Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** The factor of an epoch, which counts from 0. */
export type LRLambda = (epoch: number) => number;

/**
 * Sets the learning rate to the first one times a function of the epoch; one function for all groups, or one each.
 *
 * @throws ValueError when there are not as many functions as groups.
 */
export class LambdaLR extends LRScheduler {
  readonly lrLambdas: readonly LRLambda[];

  constructor(
    optimizer: Optimizer,
    lrLambda: LRLambda | readonly LRLambda[],
    options: SchedulerOptions = {},
  ) {
    super(optimizer, options);
    const groups = optimizer.paramGroups.length;
    const lambdas =
      typeof lrLambda === "function" ? new Array<LRLambda>(groups).fill(lrLambda) : lrLambda.slice();
    if (lambdas.length !== groups) {
      throw new ValueError(`LambdaLR: ${lambdas.length} functions for ${groups} groups of parameters`);
    }
    this.lrLambdas = lambdas;
    this.start();
  }

  protected override getLr(): number[] {
    return this.lrLambdas.map((lambda, i) => this.baseLrs[i] * lambda(this.lastEpoch));
  }
}
