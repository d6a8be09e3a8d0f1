import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind, Tensor } from "@flambeau/tensor";
import type { Optimizer } from "../optimizer.ts";
import {
  checkOptimizer,
  loadStateOf,
  type OptimizerArgument,
  type SchedulerStateDict,
  stateOf,
} from "./scheduler.ts";

const SIGNATURE =
  "ReduceLROnPlateau(optimizer, mode: 'min'|'max' = 'min', factor = 0.1, patience = 10, threshold = 1e-4, thresholdMode: 'rel'|'abs' = 'rel', cooldown = 0, minLr: number|numbers = 0, eps = 1e-8)";

interface Types extends OptimizerArgument {
  /** Whether the metric gets better by going down or up. */
  readonly mode: "min" | "max";
}

/**
 * Reduces the learning rate when a metric has stopped getting better.
 *
 * @throws ArgumentError when a mode is unknown; ValueError when `factor` is not below 1, or there are not as many `minLr` as groups.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.5 });
 * const scheduler = new optim.lrScheduler.ReduceLROnPlateau(optimizer, { patience: 1 });
 * for (const loss of [3, 2, 2, 2]) scheduler.step(loss);
 * console.log(optimizer.paramGroups[0].lr);
 * // 0.05
 * ```
 */
export class ReduceLROnPlateau {
  /** Whose learning rates it sets. */
  readonly optimizer: Optimizer;
  /** Whether the metric gets better by going down or up. */
  mode: "min" | "max";
  /** What the learning rate is multiplied by. */
  factor: number;
  /** How many epochs without progress to wait. */
  patience: number;
  /** How much better the metric must be to count. */
  threshold: number;
  /** Whether the threshold is a part of the best metric or a difference from it. */
  thresholdMode: "rel" | "abs";
  /** How many epochs to wait after a reduction before counting again. */
  cooldown: number;
  /** Each group's smallest learning rate. */
  minLrs: number[];
  /** Changes smaller than this are left out. */
  eps: number;
  /** The best metric so far. */
  best: number;
  /** How many epochs there were without progress. */
  numBadEpochs: number = 0;
  /** How many epochs of the cooldown are left. */
  cooldownCounter: number = 0;
  /** Counts `step` calls. */
  lastEpoch: number = 0;
  /** The learning rates last set. */
  lastLr: number[];

  constructor(...args: Args<typeof SIGNATURE, Types>) {
    const { optimizer, mode, factor, minLr, ...rest } = bind<typeof SIGNATURE, Types>(SIGNATURE, args);
    checkOptimizer(this, optimizer);
    if (!(factor < 1)) throw new ValueError(`ReduceLROnPlateau: factor is below 1; got ${quote(factor)}`);
    const groups = optimizer.paramGroups.length;
    const minLrs = typeof minLr === "number" ? new Array<number>(groups).fill(minLr) : minLr.slice();
    if (minLrs.length !== groups) {
      throw new ValueError(`ReduceLROnPlateau: ${minLrs.length} minLr for ${groups} groups of parameters`);
    }
    this.optimizer = optimizer;
    this.mode = mode;
    this.factor = factor;
    this.patience = rest.patience;
    this.threshold = rest.threshold;
    this.thresholdMode = rest.thresholdMode;
    this.cooldown = rest.cooldown;
    this.minLrs = minLrs;
    this.eps = rest.eps;
    this.best = mode === "min" ? Infinity : -Infinity;
    this.lastLr = optimizer.paramGroups.map(({ lr }) => lr);
  }

  /**
   * Looks at an epoch's metric: a number, or a tensor of one element on a device that can be read at once (elsewhere
   * give `await loss.item()`).
   *
   * @throws DeviceError when it is a tensor elsewhere; nothing has changed then.
   */
  step(metric: number | Tensor): void {
    const current = metric instanceof Tensor ? metric.itemSync() : metric;
    this.lastEpoch++;
    if (this.#isBetter(current)) {
      this.best = current;
      this.numBadEpochs = 0;
    } else {
      this.numBadEpochs++;
    }
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--;
      this.numBadEpochs = 0;
    }
    if (this.numBadEpochs > this.patience) {
      this.#reduce();
      this.cooldownCounter = this.cooldown;
      this.numBadEpochs = 0;
    }
    this.lastLr = this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** The groups' learning rates after the last step. */
  getLastLr(): number[] {
    return this.lastLr.slice();
  }

  /** Everything but the optimizer, under PyTorch's keys. */
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

  #isBetter(metric: number): boolean {
    const sign = this.mode === "min" ? -1 : 1;
    const bar =
      this.thresholdMode === "rel"
        ? this.best * (1 + sign * this.threshold)
        : this.best + sign * this.threshold;
    return this.mode === "min" ? metric < bar : metric > bar;
  }

  #reduce(): void {
    this.optimizer.paramGroups.forEach((group, i) => {
      const next = Math.max(group.lr * this.factor, this.minLrs[i] ?? 0);
      if (group.lr - next > this.eps) group.lr = next;
    });
  }
}
