import { quote, ValueError } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";
import type { Optimizer } from "../optimizer.ts";
import { checkOptimizer, loadStateOf, type SchedulerStateDict, stateOf } from "./scheduler.ts";

/** Options of {@link ReduceLROnPlateau}. */
export interface ReduceLROnPlateauOptions {
  /** Whether the metric gets better by going down or up. Default "min". */
  readonly mode?: "min" | "max";
  /** What the learning rate is multiplied by. Default 0.1. */
  readonly factor?: number;
  /** How many epochs without progress to wait. Default 10. */
  readonly patience?: number;
  /** How much better the metric must be to count. Default 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a part of the best metric or a difference from it. Default "rel". */
  readonly thresholdMode?: "rel" | "abs";
  /** How many epochs to wait after a reduction before counting again. Default 0. */
  readonly cooldown?: number;
  /** The smallest learning rate, for all groups or one each. Default 0. */
  readonly minLr?: number | readonly number[];
  /** Changes smaller than this are left out. Default 1e-8. */
  readonly eps?: number;
}

/**
 * Reduces the learning rate when a metric has stopped getting better.
 *
 * @throws ValueError when `factor` is not below 1, a mode is unknown, or there are not as many `minLr` as groups.
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

  constructor(optimizer: Optimizer, options: ReduceLROnPlateauOptions = {}) {
    checkOptimizer(optimizer);
    const { mode = "min", factor = 0.1, threshold = 1e-4, thresholdMode = "rel", minLr = 0 } = options;
    if (!(factor < 1)) throw new ValueError(`ReduceLROnPlateau: factor is below 1; got ${quote(factor)}`);
    if (mode !== "min" && mode !== "max")
      throw new ValueError(`ReduceLROnPlateau: mode is "min" or "max"; got ${quote(mode)}`);
    if (thresholdMode !== "rel" && thresholdMode !== "abs") {
      throw new ValueError(`ReduceLROnPlateau: thresholdMode is "rel" or "abs"; got ${quote(thresholdMode)}`);
    }
    const groups = optimizer.paramGroups.length;
    const minLrs = typeof minLr === "number" ? new Array<number>(groups).fill(minLr) : minLr.slice();
    if (minLrs.length !== groups) {
      throw new ValueError(`ReduceLROnPlateau: ${minLrs.length} minLr for ${groups} groups of parameters`);
    }
    this.optimizer = optimizer;
    this.mode = mode;
    this.factor = factor;
    this.patience = options.patience ?? 10;
    this.threshold = threshold;
    this.thresholdMode = thresholdMode;
    this.cooldown = options.cooldown ?? 0;
    this.minLrs = minLrs;
    this.eps = options.eps ?? 1e-8;
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

  /** Everything but the optimizer. */
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
