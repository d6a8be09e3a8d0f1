import { ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { checkRange } from "../check.ts";
import { momentumOf, setMomentum, takesMomentum } from "./momentum.ts";
import { LRScheduler, type OptimizerArgument, perGroup } from "./scheduler.ts";

type Mode = "triangular" | "triangular2" | "exp_range";

interface Types extends OptimizerArgument {
  /** The factor of a cycle's height as a function of the cycle's or the step's number, in place of the mode's. */
  readonly scaleFn?: ((x: number) => number) | null;
}

const SIGNATURE =
  "CyclicLR(optimizer, baseLr: number|numbers, maxLr: number|numbers, stepSizeUp: number = 2000, stepSizeDown?: number, mode: 'triangular'|'triangular2'|'expRange'|'exp_range' = 'triangular', gamma: number = 1, scaleFn?: function, scaleMode: 'cycle'|'iterations' = 'cycle', cycleMomentum = true, baseMomentum: number|numbers = 0.8, maxMomentum: number|numbers = 0.9, lastEpoch = -1)";

/**
 * Takes the learning rate up from `baseLr` to `maxLr` and down again along lines, again and again: `step()` comes after each batch.
 * Mode "triangular2" halves the height with each cycle, "expRange" multiplies it by `gamma` with each step.
 *
 * Source: Smith, "Cyclical Learning Rates for Training Neural Networks" (2017).
 *
 * @throws ValueError when there are not as many values as groups, a number of steps is not positive, or the optimizer has no
 *   momentum to cycle.
 *
 * @example
 * ```ts
 * import { optim, tensor } from "flambeau";
 *
 * const optimizer = new optim.SGD([tensor([1], { requiresGrad: true })], { lr: 0.1, momentum: 0.9 });
 * const scheduler = new optim.lrScheduler.CyclicLR(optimizer, 0.1, 0.5, { stepSizeUp: 2 });
 * const rates: string[] = [];
 * for (let step = 0; step < 6; step++) {
 *   rates.push(optimizer.paramGroups[0].lr.toFixed(1));
 *   optimizer.step();
 *   scheduler.step();
 * }
 * console.log(rates.join(" "));
 * // 0.1 0.3 0.5 0.3 0.1 0.3
 * ```
 */
export class CyclicLR extends LRScheduler {
  /** The learning rates at the top of a cycle, one per group. */
  maxLrs: number[];
  /** How many steps a cycle has. */
  totalSize: number;
  /** The part of them in which the learning rate rises. */
  stepRatio: number;
  /** How the height of cycles changes. */
  mode: Mode;
  /** What "exp_range" multiplies the height by. */
  gamma: number;
  /** Whether the factor is a function of the cycle's or the step's number. */
  scaleMode: "cycle" | "iterations";
  /** Whether the momentum goes the other way. */
  cycleMomentum: boolean;
  /** The smallest momenta, one per group, where they change. */
  baseMomentums: number[];
  /** The largest momenta, one per group, where they change. */
  maxMomentums: number[];
  readonly #scaleFn: ((x: number) => number) | null;

  constructor(...args: Args<typeof SIGNATURE, Types>) {
    const bound = bind<typeof SIGNATURE, Types>(SIGNATURE, args);
    const { optimizer, lastEpoch, cycleMomentum, stepSizeUp } = bound;
    super(optimizer, lastEpoch);
    const stepSizeDown = bound.stepSizeDown ?? stepSizeUp;
    for (const [name, value] of Object.entries({ stepSizeUp, stepSizeDown })) {
      checkRange(`${name} of CyclicLR`, value);
      if (value === 0) throw new ValueError(`${name} of CyclicLR is a number of steps above 0; got 0`);
    }
    const each = <T>(name: string, value: T | readonly T[]): T[] =>
      perGroup("CyclicLR", name, optimizer, value);
    const baseLrs = each("baseLr", bound.baseLr);
    this.maxLrs = each("maxLr", bound.maxLr);
    const momentums = cycleMomentum ? each("baseMomentum", bound.baseMomentum) : [];
    this.maxMomentums = cycleMomentum ? each("maxMomentum", bound.maxMomentum) : [];
    if (cycleMomentum && !takesMomentum(optimizer)) {
      throw new ValueError("CyclicLR: the optimizer has no momentum to cycle; give { cycleMomentum: false }");
    }
    this.totalSize = stepSizeUp + stepSizeDown;
    this.stepRatio = stepSizeUp / this.totalSize;
    this.mode = bound.mode === "expRange" ? "exp_range" : bound.mode;
    this.gamma = bound.gamma;
    this.#scaleFn = bound.scaleFn ?? null;
    const ownMode = this.mode === "exp_range" ? "iterations" : "cycle";
    this.scaleMode = this.#scaleFn === null ? ownMode : bound.scaleMode;
    this.cycleMomentum = cycleMomentum;
    if (lastEpoch === -1) {
      for (const [i, group] of optimizer.paramGroups.entries()) {
        group.lr = baseLrs[i];
        group.initialLr = baseLrs[i];
        if (cycleMomentum) setMomentum(group, momentums[i]);
      }
    }
    this.baseMomentums = cycleMomentum ? optimizer.paramGroups.map(momentumOf) : [];
    // As in PyTorch, one that goes on begins with the rates that the groups started from.
    if (lastEpoch === -1) this.baseLrs = baseLrs;
    this.start();
    this.baseLrs = baseLrs;
  }

  /** The factor of a cycle's height that was given in place of the mode's, or null. */
  get scaleFn(): ((x: number) => number) | null {
    return this.#scaleFn;
  }

  #scale(x: number): number {
    if (this.#scaleFn !== null) return this.#scaleFn(x);
    if (this.mode === "triangular") return 1;
    return this.mode === "triangular2" ? 1 / 2 ** (x - 1) : this.gamma ** x;
  }

  protected override getLr(): number[] {
    const { lastEpoch, totalSize, stepRatio } = this;
    const cycle = Math.floor(1 + lastEpoch / totalSize);
    const part = 1 + lastEpoch / totalSize - cycle;
    const height = part <= stepRatio ? part / stepRatio : (part - 1) / (stepRatio - 1);
    const scale = this.#scale(this.scaleMode === "cycle" ? cycle : lastEpoch);
    this.optimizer.paramGroups.forEach((group, i) => {
      const [base, most] = [this.baseMomentums[i], this.maxMomentums[i]];
      if (this.cycleMomentum && i < this.maxMomentums.length)
        setMomentum(group, most - (most - base) * height * scale);
    });
    return this.baseLrs.map((base, i) => base + (this.maxLrs[i] - base) * height * scale);
  }
}
