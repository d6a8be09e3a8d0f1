import { quote, ValueError } from "@flambeau/backend";
import { checkRange } from "../check.ts";
import type { Optimizer } from "../optimizer.ts";
import { LRScheduler, perGroup, type SchedulerOptions } from "./scheduler.ts";

/** Options of {@link OneCycleLR}. */
export interface OneCycleLROptions extends SchedulerOptions {
  /** How many steps the cycle has. Default: `epochs * stepsPerEpoch`. */
  readonly totalSteps?: number;
  /** How many epochs. */
  readonly epochs?: number;
  /** How many steps an epoch has: `loader.length`. */
  readonly stepsPerEpoch?: number;
  /** The part of the steps in which the learning rate rises. Default 0.3. */
  readonly pctStart?: number;
  /** Along half a cosine or a line. Default "cos". */
  readonly annealStrategy?: "cos" | "linear";
  /** Let the momentum (the first beta of Adam) fall while the learning rate rises. Default true. */
  readonly cycleMomentum?: boolean;
  /** The smallest momentum, for all groups or one each. Default 0.85. */
  readonly baseMomentum?: number | readonly number[];
  /** The largest. Default 0.95. */
  readonly maxMomentum?: number | readonly number[];
  /** The learning rate starts at `maxLr / divFactor`. Default 25. */
  readonly divFactor?: number;
  /** It ends at the one it started at over this. Default 1e4. */
  readonly finalDivFactor?: number;
  /** Go down to where it started in as many steps as it rose, then further. Default false. */
  readonly threePhase?: boolean;
}

/** What of a group can be a momentum. */
interface Cycled {
  momentum?: number;
  betas?: readonly [number, number];
}

/**
 * Takes the learning rate up to `maxLr` and down again, far below where it began, once in all of training: `step()` comes
 * after each batch, not each epoch.
 *
 * Source: Smith and Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates" (2019);
 * PyTorch 1.13's phases.
 *
 * @throws ValueError when the number of steps is not given or no positive integer, `pctStart` is not from 0 to 1, the
 *   strategy is unknown, there are not as many values as groups, or the optimizer has no momentum to cycle; in `step()`
 *   when the cycle is over.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1, momentum: 0.9 });
 * const scheduler = new optim.lrScheduler.OneCycleLR(optimizer, 1, { totalSteps: 10 });
 * const rates: string[] = [];
 * for (let step = 0; step < 10; step++) {
 *   rates.push(optimizer.paramGroups[0].lr.toFixed(2));
 *   optimizer.step();
 *   scheduler.step();
 * }
 * console.log(rates.join(" "));
 * // 0.04 0.52 1.00 0.95 0.81 0.61 0.39 0.19 0.05 0.00
 * ```
 */
export class OneCycleLR extends LRScheduler {
  /** How many steps the cycle has. */
  totalSteps: number;
  /** The part of the steps in which the learning rate rises. */
  pctStart: number;
  /** Along half a cosine or a line. */
  annealStrategy: "cos" | "linear";
  /** Whether the momentum goes the other way. */
  cycleMomentum: boolean;
  /** Whether there is a phase down to where the learning rate started. */
  threePhase: boolean;
  /** Each group's largest learning rate. */
  maxLrs: number[];
  /** Each group's last learning rate. */
  minLrs: number[];
  /** Each group's smallest momentum. */
  baseMomentums: number[];
  /** Each group's largest momentum. */
  maxMomentums: number[];

  constructor(optimizer: Optimizer, maxLr: number | readonly number[], options: OneCycleLROptions = {}) {
    super(optimizer, options);
    const { pctStart = 0.3, annealStrategy = "cos", divFactor = 25, finalDivFactor = 1e4 } = options;
    if (pctStart !== 1) checkRange("pctStart of OneCycleLR", pctStart, 0, 1);
    if (annealStrategy !== "cos" && annealStrategy !== "linear") {
      throw new ValueError(`OneCycleLR: annealStrategy is "cos" or "linear"; got ${quote(annealStrategy)}`);
    }
    this.totalSteps = stepsOf(options);
    this.pctStart = pctStart;
    this.annealStrategy = annealStrategy;
    this.cycleMomentum = options.cycleMomentum ?? true;
    this.threePhase = options.threePhase ?? false;
    this.maxLrs = perGroup("OneCycleLR", "maxLr", optimizer, maxLr);
    this.baseMomentums = perGroup("OneCycleLR", "baseMomentum", optimizer, options.baseMomentum ?? 0.85);
    this.maxMomentums = perGroup("OneCycleLR", "maxMomentum", optimizer, options.maxMomentum ?? 0.95);
    if (this.cycleMomentum && !("momentum" in optimizer.defaults) && !("betas" in optimizer.defaults)) {
      throw new ValueError(
        "OneCycleLR: the optimizer has no momentum to cycle; give { cycleMomentum: false }",
      );
    }
    if (this.lastEpoch === -1) {
      this.baseLrs = this.maxLrs.map((lr) => lr / divFactor);
      optimizer.paramGroups.forEach((group, i) => {
        group.initialLr = this.baseLrs[i];
      });
    }
    this.minLrs = this.baseLrs.map((lr) => lr / finalDivFactor);
    this.start();
  }

  protected override getLr(): number[] {
    const { totalSteps, pctStart, lastEpoch, baseLrs, maxLrs, minLrs } = this;
    if (lastEpoch > totalSteps)
      throw new ValueError(`OneCycleLR: the cycle of ${totalSteps} steps is over; this would be one more`);
    const rise = pctStart * totalSteps - 1;
    const falls = this.threePhase
      ? [
          { end: 2 * pctStart * totalSteps - 2, from: maxLrs, to: baseLrs },
          { end: totalSteps - 1, from: baseLrs, to: minLrs },
        ]
      : [{ end: totalSteps - 1, from: maxLrs, to: minLrs }];
    const phases = [{ end: rise, from: baseLrs, to: maxLrs }, ...falls];
    const found = phases.findIndex(({ end }) => lastEpoch <= end);
    const at = found < 0 ? phases.length - 1 : found;
    const { end, from, to } = phases[at];
    const start = at === 0 ? 0 : phases[at - 1].end;
    const part = end === start ? 1 : (lastEpoch - start) / (end - start);
    if (this.cycleMomentum) this.setMomentums(at, part);
    return from.map((lr, i) => this.between(lr, to[i], part));
  }

  /** The momentum falls in the first phase, rises in the second, and then stays. */
  private setMomentums(phase: number, part: number): void {
    const { baseMomentums, maxMomentums } = this;
    for (const [i, group] of (this.optimizer.paramGroups as Cycled[]).entries()) {
      const from = phase === 1 ? baseMomentums[i] : maxMomentums[i];
      const to = phase === 0 ? baseMomentums[i] : maxMomentums[i];
      const momentum = this.between(from, to, part);
      if (group.betas !== undefined) group.betas = [momentum, group.betas[1]];
      else group.momentum = momentum;
    }
  }

  private between(from: number, to: number, part: number): number {
    if (this.annealStrategy === "linear") return (to - from) * part + from;
    return to + ((from - to) / 2) * (Math.cos(Math.PI * part) + 1);
  }
}

function stepsOf({ totalSteps, epochs, stepsPerEpoch }: OneCycleLROptions): number {
  const steps = totalSteps ?? (epochs ?? Number.NaN) * (stepsPerEpoch ?? Number.NaN);
  if (Number.isInteger(steps) && steps > 0) return steps;
  throw new ValueError(
    `OneCycleLR takes a number of steps, { totalSteps } or { epochs, stepsPerEpoch }, integers from 1; got ${quote({ totalSteps, epochs, stepsPerEpoch })}`,
  );
}
