import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { LRScheduler, type OptimizerArgument, type SchedulerStateDict } from "./scheduler.ts";

const SIGNATURE = "MultiStepLR(optimizer, milestones: ints, gamma = 0.1, lastEpoch = -1)";

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

  constructor(...args: Args<typeof SIGNATURE, OptimizerArgument>) {
    const { optimizer, milestones, gamma, lastEpoch } = bind<typeof SIGNATURE, OptimizerArgument>(
      SIGNATURE,
      args,
    );
    super(optimizer, lastEpoch);
    if (!milestones.every(Number.isInteger)) {
      throw new ValueError(`MultiStepLR: milestones are whole epochs; got ${quote(milestones)}`);
    }
    this.milestones = milestones.slice();
    this.gamma = gamma;
    this.start();
  }

  /** As PyTorch's counter: how often each milestone is there. */
  override stateDict(): SchedulerStateDict {
    const counts: Record<number, number> = {};
    for (const epoch of this.milestones) counts[epoch] = (counts[epoch] ?? 0) + 1;
    return { ...super.stateDict(), milestones: counts };
  }

  override loadStateDict(state: SchedulerStateDict): void {
    super.loadStateDict({ ...state, milestones: listed(state.milestones) });
  }

  protected override getLr(): number[] {
    const times = this.milestones.filter((epoch) => epoch === this.lastEpoch).length;
    return this.scaled(this.gamma ** times);
  }
}

/** The epochs of a counter, in order; anything else stays as it is. */
function listed(milestones: unknown): unknown {
  if (typeof milestones !== "object" || milestones === null || Array.isArray(milestones)) return milestones;
  const entries = milestones instanceof Map ? [...milestones] : Object.entries(milestones);
  return entries
    .flatMap(([epoch, count]) => new Array<number>(Number(count)).fill(Number(epoch)))
    .sort((a, b) => a - b);
}
