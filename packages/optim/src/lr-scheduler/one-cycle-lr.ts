import { ArgumentError, quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { checkRange } from "../check.ts";
import type { ParamGroup } from "../group.ts";
import { snakeCase } from "../state-names.ts";
import { setMomentum, takesMomentum } from "./momentum.ts";
import { LRScheduler, type OptimizerArgument, perGroup, type SchedulerStateDict } from "./scheduler.ts";

/** A stretch of the cycle: where it ends, and the entries of a group that it goes between. */
interface Phase {
  readonly endStep: number;
  readonly startLr: Rate;
  readonly endLr: Rate;
  readonly startMomentum: Momentum;
  readonly endMomentum: Momentum;
}
type Rate = "initialLr" | "maxLr" | "minLr";
type Momentum = "maxMomentum" | "baseMomentum";

const SIGNATURE =
  "OneCycleLR(optimizer, maxLr: number|numbers, totalSteps?: int, epochs?: int, stepsPerEpoch?: int, pctStart = 0.3, annealStrategy: 'cos'|'linear' = 'cos', cycleMomentum = true, baseMomentum: number|numbers = 0.85, maxMomentum: number|numbers = 0.95, divFactor = 25, finalDivFactor = 1e4, threePhase = false, lastEpoch = -1)";

/**
 * Takes the learning rate up to `maxLr` and down again, far below where it began, once in all of training: `step()` comes
 * after each batch, not each epoch.
 *
 * Source: Smith and Topin, "Super-Convergence: Very Fast Training of Neural Networks Using Large Learning Rates" (2019);
 * PyTorch 1.13's phases.
 *
 * @throws ArgumentError when the number of steps is not given or the strategy is unknown; ValueError when it is no positive
 *   integer, `pctStart` is not from 0 to 1, there are not as many values as groups, or the optimizer has no momentum to cycle; in `step()`
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
  /** Along half a cosine or a line. */
  annealStrategy: "cos" | "linear";
  /** Whether the momentum goes the other way. */
  cycleMomentum: boolean;
  #phases: readonly Phase[];

  constructor(...args: Args<typeof SIGNATURE, OptimizerArgument>) {
    const bound = bind<typeof SIGNATURE, OptimizerArgument>(SIGNATURE, args);
    const { optimizer, pctStart, annealStrategy, cycleMomentum } = bound;
    super(optimizer, bound.lastEpoch);
    if (pctStart !== 1) checkRange("pctStart of OneCycleLR", pctStart, 0, 1);
    this.totalSteps = stepsOf(bound.totalSteps, bound.epochs, bound.stepsPerEpoch);
    this.annealStrategy = annealStrategy;
    this.cycleMomentum = cycleMomentum;
    this.#phases = phasesOf(this.totalSteps, pctStart, bound.threePhase);
    const maxLrs = perGroup("OneCycleLR", "maxLr", optimizer, bound.maxLr);
    const baseMomentums = perGroup("OneCycleLR", "baseMomentum", optimizer, bound.baseMomentum);
    const maxMomentums = perGroup("OneCycleLR", "maxMomentum", optimizer, bound.maxMomentum);
    if (cycleMomentum && !takesMomentum(optimizer)) {
      throw new ValueError(
        "OneCycleLR: the optimizer has no momentum to cycle; give { cycleMomentum: false }",
      );
    }
    if (this.lastEpoch === -1) {
      // In the groups, where PyTorch has them, they are part of the optimizer's state dict.
      for (const [i, group] of optimizer.paramGroups.entries()) {
        group.initialLr = maxLrs[i] / bound.divFactor;
        group.maxLr = maxLrs[i];
        group.minLr = group.initialLr / bound.finalDivFactor;
        if (!cycleMomentum) continue;
        group.maxMomentum = maxMomentums[i];
        group.baseMomentum = baseMomentums[i];
      }
      this.baseLrs = optimizer.paramGroups.map(({ initialLr }) => initialLr as number);
    }
    this.start();
  }

  override stateDict(): SchedulerStateDict {
    const _schedule_phases = this.#phases.map((phase) =>
      Object.fromEntries(
        Object.entries(phase).map(([name, value]) => [
          snakeCase(name),
          typeof value === "string" ? snakeCase(value) : value,
        ]),
      ),
    );
    return { ...super.stateDict(), _schedule_phases };
  }

  override loadStateDict(state: SchedulerStateDict): void {
    const { _schedule_phases, ...rest } = state;
    const phases = readPhases(_schedule_phases);
    super.loadStateDict(rest);
    this.#phases = phases;
  }

  protected override getLr(): number[] {
    const { totalSteps, lastEpoch } = this;
    if (lastEpoch > totalSteps)
      throw new ValueError(`OneCycleLR: the cycle of ${totalSteps} steps is over; this would be one more`);
    const found = this.#phases.findIndex(({ endStep }) => lastEpoch <= endStep);
    const at = found < 0 ? this.#phases.length - 1 : found;
    const { endStep, startLr, endLr, startMomentum, endMomentum } = this.#phases[at];
    const start = at === 0 ? 0 : this.#phases[at - 1].endStep;
    const part = endStep === start ? 1 : (lastEpoch - start) / (endStep - start);
    return this.optimizer.paramGroups.map((group) => {
      if (this.cycleMomentum) setMomentum(group, this.#between(group, startMomentum, endMomentum, part));
      return this.#between(group, startLr, endLr, part);
    });
  }

  #between(group: ParamGroup, start: Rate | Momentum, end: Rate | Momentum, part: number): number {
    const [from, to] = [group[start] ?? Number.NaN, group[end] ?? Number.NaN];
    if (this.annealStrategy === "linear") return (to - from) * part + from;
    return to + ((from - to) / 2) * (Math.cos(Math.PI * part) + 1);
  }
}

/** The momentum falls in the first phase, rises in the second, and then stays. */
function phasesOf(totalSteps: number, pctStart: number, threePhase: boolean): Phase[] {
  const rise: Phase = {
    ...{ endStep: pctStart * totalSteps - 1, startLr: "initialLr", endLr: "maxLr" },
    ...{ startMomentum: "maxMomentum", endMomentum: "baseMomentum" },
  };
  const fall: Phase = {
    ...{ endStep: totalSteps - 1, startLr: "maxLr", endLr: "minLr" },
    ...{ startMomentum: "baseMomentum", endMomentum: "maxMomentum" },
  };
  if (!threePhase) return [rise, fall];
  return [
    rise,
    { ...fall, endStep: 2 * pctStart * totalSteps - 2, endLr: "initialLr" },
    { ...fall, startLr: "initialLr", startMomentum: "maxMomentum" },
  ];
}

/** @throws ValueError when there are none, as PyTorch writes them. */
function readPhases(given: unknown): Phase[] {
  const phases = Array.isArray(given) ? given : [];
  const read = phases.map((phase: Readonly<Record<string, unknown>>) => ({
    endStep: Number(phase.end_step),
    startLr: camelCase(phase.start_lr) as Rate,
    endLr: camelCase(phase.end_lr) as Rate,
    startMomentum: camelCase(phase.start_momentum) as Momentum,
    endMomentum: camelCase(phase.end_momentum) as Momentum,
  }));
  const isWhole = read.every(
    ({ endStep, startLr, endLr, startMomentum, endMomentum }) =>
      Number.isFinite(endStep) &&
      [startLr, endLr].every((name) => ["initialLr", "maxLr", "minLr"].includes(name)) &&
      [startMomentum, endMomentum].every((name) => ["maxMomentum", "baseMomentum"].includes(name)),
  );
  if (read.length > 0 && isWhole) return read;
  throw new ValueError(
    `the state of a OneCycleLR has _schedule_phases, as stateDict() gives them; got ${quote(given)}`,
  );
}

function camelCase(name: unknown): string {
  return String(name).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function stepsOf(totalSteps?: number, epochs?: number, stepsPerEpoch?: number): number {
  if (totalSteps === undefined && (epochs === undefined || stepsPerEpoch === undefined))
    throw new ArgumentError("OneCycleLR: totalSteps is missing: give it, or epochs and stepsPerEpoch");
  const steps = totalSteps ?? Number(epochs) * Number(stepsPerEpoch);
  if (Number.isInteger(steps) && steps > 0) return steps;
  throw new ValueError(
    `OneCycleLR takes a number of steps, { totalSteps } or { epochs, stepsPerEpoch }, integers from 1; got ${quote({ totalSteps, epochs, stepsPerEpoch })}`,
  );
}
