import type { Optimizer } from "../optimizer.ts";
import { LRScheduler, type SchedulerOptions } from "./scheduler.ts";

/** Multiplies the learning rate by `gamma` at each epoch. */
export class ExponentialLR extends LRScheduler {
  gamma: number;

  constructor(optimizer: Optimizer, gamma: number, options: SchedulerOptions = {}) {
    super(optimizer, options);
    this.gamma = gamma;
    this.start();
  }

  protected override getLr(): number[] {
    return this.scaled(this.lastEpoch === 0 ? 1 : this.gamma);
  }
}
