import { ArgumentError, quote, ValueError } from "@flambeau/backend";
import { type Args, bind, describeValue } from "@flambeau/tensor";
import { Optimizer } from "../optimizer.ts";
import { checkKeys, scheduleKeyOf, scheduleNameOf } from "../state-names.ts";

const SIGNATURE = "LRScheduler(optimizer, lastEpoch = -1)";

/** The optimizer among the arguments of a scheduler. */
export interface OptimizerArgument {
  /** Whose learning rates are set. */
  readonly optimizer: Optimizer;
}

/** What `stateDict` of a scheduler gives: its fields but the optimizer, under PyTorch's keys. */
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
  /** Counts `step` calls, that of the construction too; `CosineAnnealingWarmRestarts` does without, as in PyTorch. */
  stepCount: number = 0;
  /** The learning rates last set. */
  lastLr: number[] = [];

  /**
   * To go on from an epoch `lastEpoch`, the optimizer's groups have their `initialLr`.
   *
   * @throws ArgumentError when there is no optimizer; ValueError when `lastEpoch` is no integer from -1, or a group lacks its
   *   `initialLr`.
   */
  constructor(...args: Args<typeof SIGNATURE, OptimizerArgument>) {
    const { optimizer, lastEpoch } = bind<typeof SIGNATURE, OptimizerArgument>(SIGNATURE, args);
    checkOptimizer(this, optimizer);
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
    this.stepCount++;
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

  /** Everything that the schedule needs to go on later, under PyTorch's keys, but for the optimizer, which has its own. */
  stateDict(): SchedulerStateDict {
    return stateOf(this);
  }

  /**
   * Goes on from a state that `stateDict` here or PyTorch's `state_dict` gave.
   *
   * @throws ValueError when it lacks something, comes from another kind of scheduler, or has a key that is not written as in
   *   PyTorch; nothing has changed then.
   */
  loadStateDict(state: SchedulerStateDict): void {
    loadStateOf(this, state);
  }
}

/** @throws ArgumentError when it is none. */
export function checkOptimizer(scheduler: object, optimizer: Optimizer): void {
  if (!(optimizer instanceof Optimizer)) {
    throw new ArgumentError(
      `${scheduler.constructor.name}: optimizer is an optimizer; got ${describeValue(optimizer)}`,
    );
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

/** What PyTorch 1.13 does not write: the strategy of OneCycleLR, and rates before the first step of ReduceLROnPlateau. */
const LATER: readonly string[] = [
  ...["_last_lr", "_anneal_func_type"],
  // Those of CyclicLR are not there unless it cycles them.
  ...["base_momentums", "max_momentums"],
];

/** What PyTorch writes, and what is elsewhere or follows from the rest here. */
const LEFT_OUT: readonly string[] = [
  ...["verbose", "_get_lr_called_within_step", "mode_worse"],
  ...["anneal_func", "use_beta1", "lr_lambdas", "_scale_fn_custom", "_scale_fn_ref"],
];

/** A scheduler's fields but the optimizer and functions, copied. Of a list of functions the places stay, as in PyTorch. */
export function stateOf(scheduler: object): SchedulerStateDict {
  const entries = Object.entries(scheduler).filter(
    ([name, value]) => name !== "optimizer" && typeof value !== "function",
  );
  return Object.fromEntries(entries.map(([name, value]) => [scheduleKeyOf(name), copy(value)]));
}

/**
 * Writes a state over a scheduler's fields, except functions.
 *
 * @throws ValueError when its fields are others, or a key is not written as in PyTorch.
 */
export function loadStateOf(scheduler: object, state: SchedulerStateDict): void {
  const what = scheduler.constructor.name;
  if (typeof state !== "object" || state === null)
    throw new ArgumentError(`loadStateDict: stateDict is an object; got ${quote(state)}`);
  checkKeys(`the state of a ${what}`, state, true);
  const own = stateOf(scheduler);
  const fields = scheduler as Readonly<Record<string, unknown>>;
  const isKept = (key: string): boolean =>
    LEFT_OUT.includes(key) || holdsFunctions(fields[scheduleNameOf(key)]);
  for (const [key, value] of Object.entries(own)) {
    if (isKept(key) || (LATER.includes(key) && state[key] === undefined)) continue;
    if (typeof state[key] !== typeof value || Array.isArray(state[key]) !== Array.isArray(value)) {
      throw new ValueError(
        `the state of a ${what} has ${key}, as stateDict() gives it; got ${quote(state[key])}`,
      );
    }
  }
  const given = Object.entries(state).filter(([key]) => !isKept(key));
  for (const [key] of given) {
    if (!(key in own)) throw new ValueError(`a ${what} has no ${key}`);
  }
  Object.assign(
    scheduler,
    Object.fromEntries(given.map(([key, value]) => [scheduleNameOf(key), copy(value)])),
  );
}

function holdsFunctions(value: unknown): boolean {
  return Array.isArray(value) && value.some((x) => typeof x === "function");
}

function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  return typeof value === "function" ? null : value;
}
