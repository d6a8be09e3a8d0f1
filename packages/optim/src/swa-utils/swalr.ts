import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { LRScheduler, type OptimizerArgument, perGroup } from "../lr-scheduler/scheduler.ts";

const SIGNATURE =
  "SWALR(optimizer, swaLr: number|numbers, annealEpochs: int = 10, annealStrategy: 'cos'|'linear' = 'cos', lastEpoch = -1)";

/**
 * Takes the learning rate in `annealEpochs` epochs to `swaLr` and keeps it there, for the average of weights that stochastic weight
 * averaging makes on the way.
 *
 * Source: Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization" (2018).
 *
 * @throws ValueError when there are not as many values as groups, or `annealEpochs` is no integer from 0.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });
 * const scheduler = new optim.swaUtils.SWALR(optimizer, 0.5, { annealEpochs: 4, annealStrategy: "linear" });
 * const rates: string[] = [];
 * for (let epoch = 0; epoch < 6; epoch++) {
 *   rates.push(optimizer.paramGroups[0].lr.toFixed(1));
 *   optimizer.step();
 *   scheduler.step();
 * }
 * console.log(rates.join(" "));
 * // 0.1 0.2 0.3 0.4 0.5 0.5
 * ```
 */
export class SWALR extends LRScheduler {
  /** How many epochs it takes. */
  annealEpochs: number;
  /** Along half a cosine or a line. */
  annealStrategy: "cos" | "linear";

  constructor(...args: Args<typeof SIGNATURE, OptimizerArgument>) {
    const bound = bind<typeof SIGNATURE, OptimizerArgument>(SIGNATURE, args);
    const { optimizer, annealEpochs, annealStrategy, lastEpoch } = bound;
    super(optimizer, lastEpoch);
    if (!Number.isInteger(annealEpochs) || annealEpochs < 0)
      throw new ValueError(`SWALR: annealEpochs is an integer from 0; got ${quote(annealEpochs)}`);
    const rates = perGroup("SWALR", "swaLr", optimizer, bound.swaLr);
    for (const [i, group] of optimizer.paramGroups.entries()) group.swaLr = rates[i];
    this.annealEpochs = annealEpochs;
    this.annealStrategy = annealStrategy;
    this.start();
  }

  /** How much of the way is done at a part of the time. */
  #share(step: number): number {
    const part = Math.max(0, Math.min(1, step / Math.max(1, this.annealEpochs)));
    return this.annealStrategy === "linear" ? part : (1 - Math.cos(Math.PI * part)) / 2;
  }

  protected override getLr(): number[] {
    const step = this.annealEpochs === 0 ? Math.max(1, this.stepCount - 1) : this.stepCount - 1;
    const [before, now] = [this.#share(step - 1), this.#share(step)];
    return this.optimizer.paramGroups.map(({ lr, swaLr = lr }) => {
      const first = before === 1 ? swaLr : (lr - before * swaLr) / (1 - before);
      return swaLr * now + first * (1 - now);
    });
  }
}
