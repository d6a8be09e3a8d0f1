import { quote, ValueError } from "@flambeau/backend";
import { Optimizer } from "../optimizer.ts";

/** Options of every scheduler that counts epochs. */
export interface SchedulerOptions {
  /** The epoch to go on from; the optimizer's groups have their `initialLr` then. Default -1: start anew. */
  readonly lastEpoch?: number;
}

/** What `stateDict` of a scheduler gives: its fields but the optimizer and functions. */
export type SchedulerStateDict = Record<string, unknown>;

/**
 * The base of learning-rate schedulers. `step()` after each epoch computes each group's learning rate from the one
 * before ("chainable", so that several schedulers may work on one optimizer).
 *
 * A new scheduler extends it with `getLr` and calls `start()` at the end of its constructor.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * class Halving extends optim.lrScheduler.LRScheduler {
 *   constructor(optimizer: optim.Optimizer) {
 *     super(optimizer);
 *     this.start();
 *   }
 *   protected override getLr(): number[] {
 *     return this.baseLrs.map((lr) => lr / 2 ** this.lastEpoch);
 *   }
 * }
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.8 });
 * const scheduler = new Halving(optimizer);
 * optimizer.step();
 * scheduler.step();
 * console.log(scheduler.getLastLr());
 * // [ 0.4 ]
 * ```
 */
export abstract class LRScheduler {
  /** Whose learning rates it sets. */
  readonly optimizer: Optimizer;
  /** The learning rates of the groups that the schedule starts from. */
  baseLrs: number[];
  /** Counts `step` calls; 0 after construction. */
  lastEpoch: number;
  /** How many times learning rates were set, the first time at construction. */
  stepCount: number = 0;
  /** The learning rates last set. */
  lastLr: number[] = [];

  constructor(optimizer: Optimizer, { lastEpoch = -1 }: SchedulerOptions = {}) {
    checkOptimizer(optimizer);
    if (!Number.isInteger(lastEpoch) || lastEpoch < -1) {
      throw new ValueError(`lastEpoch is an integer from -1; got ${quote(lastEpoch)}`);
    }
    optimizer.paramGroups.forEach((group, i) => {
      if (lastEpoch >= 0 && group.initialLr === undefined) {
        throw new ValueError(
          `to go on from epoch ${lastEpoch}, group ${i} of the optimizer needs its initialLr`,
        );
      }
    });
    for (const group of optimizer.paramGroups) group.initialLr ??= group.lr;
    this.optimizer = optimizer;
    this.baseLrs = optimizer.paramGroups.map(({ initialLr }) => initialLr as number);
    this.lastEpoch = lastEpoch;
  }

  /** The learning rates for epoch `lastEpoch`, one per group. */
  protected abstract getLr(): number[];

  /** Sets the learning rates of the first epoch. */
  protected start(): void {
    this.step();
  }

  /** Goes on to the next epoch; call it after the optimizer's steps of an epoch. */
  step(): void {
    this.lastEpoch++;
    this.setRates();
  }

  /** Goes back to the first epoch and its learning rates, as `SequentialLR` has a scheduler begin. */
  restart(): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      group.lr = this.baseLrs[i] ?? group.lr;
    });
    this.lastEpoch = -1;
    this.step();
  }

  /** Sets the learning rates for epoch `lastEpoch`. */
  protected setRates(): void {
    this.stepCount++;
    const rates = this.getLr();
    this.optimizer.paramGroups.forEach((group, i) => {
      if (i < rates.length) group.lr = rates[i];
    });
    this.lastLr = this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** The learning rates last set, one per group. */
  getLastLr(): number[] {
    return this.lastLr.slice();
  }

  /** Each group's learning rate times a factor. */
  protected scaled(factor: number): number[] {
    return this.optimizer.paramGroups.map(({ lr }) => (factor === 1 ? lr : lr * factor));
  }

  /** Everything that the schedule needs to go on later, but for the optimizer, which has its own. */
  stateDict(): SchedulerStateDict {
    return stateOf(this);
  }

  /**
   * Goes on from a state that `stateDict` gave.
   *
   * @throws ValueError when it lacks something or comes from another kind of scheduler; nothing has changed then.
   */
  loadStateDict(state: SchedulerStateDict): void {
    loadStateOf(this, state);
  }
}

/** @throws ValueError when it is none. */
export function checkOptimizer(optimizer: Optimizer): void {
  if (!(optimizer instanceof Optimizer)) {
    throw new ValueError(`a learning-rate scheduler takes an optimizer first; got ${quote(optimizer)}`);
  }
}

/**
 * A value for each of the optimizer's groups: the only one for all, or one each.
 *
 * @throws ValueError when there are not as many as groups.
 */
export function perGroup<T>(what: string, name: string, optimizer: Optimizer, value: T | readonly T[]): T[] {
  const groups = optimizer.paramGroups.length;
  const values = Array.isArray(value) ? value.slice() : new Array<T>(groups).fill(value as T);
  if (values.length !== groups)
    throw new ValueError(`${what}: ${values.length} ${name} for ${groups} groups of parameters`);
  return values;
}

/** A scheduler's fields but the optimizer and functions, copied. */
export function stateOf(scheduler: object): SchedulerStateDict {
  const entries = Object.entries(scheduler).filter(
    ([key, value]) => key !== "optimizer" && !isFunction(value),
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, copy(value)]));
}

/**
 * Writes a state over a scheduler's fields.
 *
 * @throws ValueError when its fields are others.
 */
export function loadStateOf(scheduler: object, state: SchedulerStateDict): void {
  const own = stateOf(scheduler);
  for (const [key, value] of Object.entries(own)) {
    if (typeof state[key] !== typeof value || Array.isArray(state[key]) !== Array.isArray(value)) {
      throw new ValueError(
        `the state of a ${scheduler.constructor.name} has ${key}, as stateDict() gives it; got ${quote(state[key])}`,
      );
    }
  }
  for (const key of Object.keys(state)) {
    if (!(key in own)) throw new ValueError(`a ${scheduler.constructor.name} has no ${key}`);
  }
  Object.assign(
    scheduler,
    Object.fromEntries(Object.entries(state).map(([key, value]) => [key, copy(value)])),
  );
}

function copy(value: unknown): unknown {
  return Array.isArray(value) ? value.slice() : value;
}

function isFunction(value: unknown): boolean {
  return typeof value === "function" || (Array.isArray(value) && value.length > 0 && value.every(isFunction));
}
