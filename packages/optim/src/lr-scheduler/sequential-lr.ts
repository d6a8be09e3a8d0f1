import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import type { Optimizer } from "../optimizer.ts";
import { checkKeys } from "../state-names.ts";
import {
  checkOptimizer,
  type LRScheduler,
  type OptimizerArgument,
  type SchedulerStateDict,
} from "./scheduler.ts";

/** What {@link SequentialLR} and {@link ChainedScheduler} share: schedulers of one optimizer. */
abstract class Schedulers<S extends Scheduler> {
  /** Whose learning rates they set. */
  readonly optimizer: Optimizer;
  /** In the order they are given. */
  readonly schedulers: readonly S[];

  constructor(optimizer: Optimizer, schedulers: readonly S[]) {
    checkOptimizer(this, optimizer);
    schedulers.forEach((scheduler, i) => {
      if (scheduler.optimizer !== optimizer)
        throw new ValueError(`${this.constructor.name}: scheduler ${i} belongs to another optimizer`);
    });
    this.optimizer = optimizer;
    this.schedulers = schedulers.slice();
  }

  /** The groups' learning rates after the last step. */
  getLastLr(): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Everything but the optimizer, under PyTorch's keys: each scheduler's state. */
  stateDict(): SchedulerStateDict {
    const _schedulers = this.schedulers.map((scheduler) => scheduler.stateDict());
    return { _last_lr: this.getLastLr(), _schedulers };
  }

  /**
   * Goes on from a state that `stateDict` here or PyTorch's `state_dict` gave.
   *
   * @throws ValueError when it is not of as many schedulers, or one's state is of another kind.
   */
  loadStateDict(state: SchedulerStateDict): void {
    checkKeys(`the state of a ${this.constructor.name}`, state, true);
    const { _schedulers: schedulers } = state;
    if (!Array.isArray(schedulers) || schedulers.length !== this.schedulers.length)
      throw new ValueError(
        `the state of this ${this.constructor.name} has the states of ${this.schedulers.length} schedulers, as _schedulers`,
      );
    const before = this.schedulers.map((scheduler) => scheduler.stateDict());
    try {
      for (const [i, scheduler] of this.schedulers.entries()) scheduler.loadStateDict(schedulers[i]);
    } catch (error) {
      for (const [i, scheduler] of this.schedulers.entries()) scheduler.loadStateDict(before[i]);
      throw error;
    }
  }
}

/** What can be chained: any scheduler whose `step` takes nothing. */
export interface Scheduler {
  /** Whose learning rates it sets. */
  readonly optimizer: Optimizer;
  /** Goes on to the next epoch. */
  step(): void;
  /** Everything but the optimizer. */
  stateDict(): SchedulerStateDict;
  /** Goes on from a state that `stateDict` gave. */
  loadStateDict(state: SchedulerStateDict): void;
}

const SEQUENTIAL = "SequentialLR(optimizer, schedulers: array, milestones: ints, lastEpoch = -1)";

interface SequentialTypes extends OptimizerArgument {
  /** The schedulers, in order. */
  readonly schedulers: readonly LRScheduler[];
}

/**
 * One scheduler after another: at each of the epochs `milestones` the next one begins, from the learning rate that the
 * optimizer was made with.
 *
 * @throws ValueError when a scheduler belongs to another optimizer, there is not one milestone less than schedulers, or
 *   milestones do not rise.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const { ExponentialLR, LinearLR, SequentialLR } = optim.lrScheduler;
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1 });
 * const warmUp = new LinearLR(optimizer, { startFactor: 0.5, totalIters: 2 });
 * const scheduler = new SequentialLR(optimizer, [warmUp, new ExponentialLR(optimizer, 0.5)], [2]);
 * const rates: string[] = [];
 * for (let epoch = 0; epoch < 5; epoch++) {
 *   rates.push(optimizer.paramGroups[0].lr.toFixed(3));
 *   optimizer.step();
 *   scheduler.step();
 * }
 * console.log(rates.join(" "));
 * // 0.050 0.075 0.100 0.050 0.025
 * ```
 */
export class SequentialLR extends Schedulers<LRScheduler> {
  /** The epochs at which the next scheduler begins. */
  milestones: readonly number[];
  /** Counts `step` calls. */
  lastEpoch: number;

  constructor(...args: Args<typeof SEQUENTIAL, SequentialTypes>) {
    const bound = bind<typeof SEQUENTIAL, SequentialTypes>(SEQUENTIAL, args);
    const { optimizer, schedulers, milestones, lastEpoch } = bound;
    super(optimizer, schedulers);
    if (schedulers.length === 0 || milestones.length !== schedulers.length - 1) {
      throw new ValueError(
        `SequentialLR: ${schedulers.length} schedulers take one milestone less; got ${milestones.length}`,
      );
    }
    if (!milestones.every((epoch, i) => Number.isInteger(epoch) && epoch > (milestones[i - 1] ?? 0)))
      throw new ValueError(`SequentialLR: milestones are rising epochs from 1; got ${quote(milestones)}`);
    this.milestones = milestones.slice();
    this.lastEpoch = lastEpoch + 1;
    // What they have all set at their making goes.
    for (const group of optimizer.paramGroups) group.lr = group.initialLr ?? group.lr;
    schedulers[0].restart();
  }

  /** Goes on to the next epoch. */
  step(): void {
    this.lastEpoch++;
    const at = this.milestones.filter((epoch) => epoch <= this.lastEpoch).length;
    if (this.milestones.includes(this.lastEpoch)) this.schedulers[at].restart();
    else this.schedulers[at].step();
  }

  override stateDict(): SchedulerStateDict {
    return {
      _milestones: this.milestones.slice(),
      last_epoch: this.lastEpoch,
      ...super.stateDict(),
    };
  }

  override loadStateDict(state: SchedulerStateDict): void {
    checkKeys("the state of a SequentialLR", state, true);
    const { last_epoch, _milestones = this.milestones } = state;
    if (typeof last_epoch !== "number" || !Array.isArray(_milestones))
      throw new ValueError(
        `the state of a SequentialLR has last_epoch and _milestones, as stateDict() gives them; got ${quote({ last_epoch, _milestones })}`,
      );
    super.loadStateDict(state);
    this.lastEpoch = last_epoch;
    this.milestones = _milestones.slice();
  }
}

const CHAINED = "ChainedScheduler(schedulers: array)";

interface ChainedTypes {
  /** The schedulers, in order. */
  readonly schedulers: readonly Scheduler[];
}

/**
 * Several schedulers at once: each `step` is one of every scheduler, in order.
 *
 * @throws ValueError when there is none, or they belong to several optimizers.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const { ChainedScheduler, ExponentialLR, StepLR } = optim.lrScheduler;
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.8 });
 * const scheduler = new ChainedScheduler([new ExponentialLR(optimizer, 0.5), new StepLR(optimizer, 2)]);
 * optimizer.step();
 * scheduler.step();
 * console.log(scheduler.getLastLr());
 * // [ 0.4 ]
 * ```
 */
export class ChainedScheduler extends Schedulers<Scheduler> {
  constructor(...args: Args<typeof CHAINED, ChainedTypes>) {
    const { schedulers } = bind<typeof CHAINED, ChainedTypes>(CHAINED, args);
    if (schedulers.length === 0) throw new ValueError("a ChainedScheduler takes one scheduler at least");
    super(schedulers[0].optimizer, schedulers);
  }

  /** Goes on to the next epoch. */
  step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
  }
}
