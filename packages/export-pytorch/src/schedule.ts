/** Schedules: the constructor in Python, and a second one here that goes on from the same state. */
import { ArgumentError, quote, ValueError } from "@flambeau/backend";
import { lrScheduler, type Optimizer, swaUtils } from "@flambeau/optim";
import { call, list, literal, named, type PyArg, type PyCall, plain, snakeCase } from "./literal.ts";

/** Any schedule. */
export type Schedule = lrScheduler.Scheduler | lrScheduler.ReduceLROnPlateau;

type Options = Readonly<Record<string, unknown>>;
type ScheduleClass = new (optimizer: Optimizer, options: Options) => Schedule;

interface Kind {
  readonly Class: ScheduleClass;
  /** PyTorch's defaults; what has none is always written. */
  readonly defaults?: Options;
  /** The constructor's options, read from a schedule. Default: the fields of their names. */
  readonly read?: (schedule: never) => Options;
  /** The names of options where they are fields. */
  readonly fields?: readonly string[];
}

const kinds: readonly Kind[] = [
  { Class: lrScheduler.StepLR, fields: ["stepSize", "gamma"], defaults: { gamma: 0.1 } },
  { Class: lrScheduler.MultiStepLR, fields: ["milestones", "gamma"], defaults: { gamma: 0.1 } },
  { Class: lrScheduler.ExponentialLR, fields: ["gamma"] },
  {
    Class: lrScheduler.ConstantLR,
    fields: ["factor", "totalIters"],
    defaults: { factor: 1 / 3, totalIters: 5 },
  },
  {
    Class: lrScheduler.LinearLR,
    fields: ["startFactor", "endFactor", "totalIters"],
    defaults: { startFactor: 1 / 3, endFactor: 1, totalIters: 5 },
  },
  { Class: lrScheduler.PolynomialLR, fields: ["totalIters", "power"], defaults: { totalIters: 5, power: 1 } },
  { Class: lrScheduler.CosineAnnealingLR, fields: ["tMax", "etaMin"], defaults: { etaMin: 0 } },
  {
    Class: lrScheduler.CosineAnnealingWarmRestarts,
    fields: ["t0", "tMult", "etaMin"],
    defaults: { tMult: 1, etaMin: 0 },
  },
  {
    Class: lrScheduler.OneCycleLR,
    read: readOneCycle,
    defaults: {
      pctStart: 0.3,
      annealStrategy: "cos",
      cycleMomentum: true,
      threePhase: false,
      divFactor: 25,
      finalDivFactor: 1e4,
      baseMomentum: 0.85,
      maxMomentum: 0.95,
    },
  },
  {
    Class: lrScheduler.CyclicLR,
    read: readCyclic,
    defaults: { mode: "triangular", gamma: 1, cycleMomentum: true, baseMomentum: 0.8, maxMomentum: 0.9 },
  },
  {
    Class: lrScheduler.ReduceLROnPlateau,
    read: readPlateau,
    defaults: {
      mode: "min",
      factor: 0.1,
      patience: 10,
      threshold: 1e-4,
      thresholdMode: "rel",
      cooldown: 0,
      minLr: 0,
      eps: 1e-8,
    },
  },
  { Class: swaUtils.SWALR, read: readSwa, defaults: { annealEpochs: 10, annealStrategy: "cos" } },
] as unknown as Kind[];

/** Those that are steps of a batch rather than of an epoch. */
export function isOfBatches(schedule: Schedule): boolean {
  return schedule instanceof lrScheduler.OneCycleLR || schedule instanceof lrScheduler.CyclicLR;
}

/** Whether it sets momenta beside learning rates. */
export function isCycling(schedule: Schedule): boolean {
  const isOwn = "cycleMomentum" in schedule && schedule.cycleMomentum === true;
  return isOwn || (partsOf(schedule) ?? []).some(isCycling);
}

/**
 * Refuses a schedule that has a function of the program's, or another optimizer.
 *
 * @throws ArgumentError, ValueError
 */
export function checkSchedule(schedule: Schedule, optimizer: Optimizer): void {
  const name = (schedule as object | null)?.constructor?.name;
  if (schedule instanceof lrScheduler.LambdaLR || schedule instanceof lrScheduler.MultiplicativeLR)
    throw new ArgumentError(
      `exportPyTorch: ${name} has a function of the program's, which cannot be written in Python; take a schedule of numbers, as StepLR or CosineAnnealingLR`,
    );
  if (schedule instanceof lrScheduler.CyclicLR && schedule.scaleFn !== null)
    throw new ArgumentError(
      "exportPyTorch: this CyclicLR has a scaleFn of the program's, which cannot be written in Python; take one of its modes",
    );
  const parts = partsOf(schedule);
  if (parts === null && kindOf(schedule) === undefined)
    throw new ArgumentError(`exportPyTorch: schedule is one of PyTorch's schedules; got ${quote(schedule)}`);
  if (schedule.optimizer !== optimizer)
    throw new ValueError(`exportPyTorch: the schedule ${name} is that of another optimizer`);
  for (const part of parts ?? []) checkSchedule(part, optimizer);
}

function kindOf(schedule: Schedule): Kind | undefined {
  return kinds.find(({ Class }) => schedule?.constructor === Class);
}

/** The schedules of one that is made of others. */
function partsOf(schedule: Schedule): readonly Schedule[] | null {
  const isMade =
    schedule instanceof lrScheduler.SequentialLR || schedule instanceof lrScheduler.ChainedScheduler;
  return isMade ? (schedule.schedulers as readonly Schedule[]) : null;
}

/** The constructor's options. */
function optionsOf(schedule: Schedule): Options {
  const { read, fields = [] } = kindOf(schedule) as Kind;
  if (read !== undefined) return read(schedule as never);
  const values = schedule as unknown as Options;
  return Object.fromEntries(fields.map((name) => [name, values[name]]));
}

/** Another schedule of the same kind for an optimizer. Its state is that of its making. */
export function sameSchedule(schedule: Schedule, optimizer: Optimizer): Schedule {
  if (schedule instanceof lrScheduler.SequentialLR) {
    const parts = schedule.schedulers.map((part) => sameSchedule(part, optimizer) as lrScheduler.LRScheduler);
    return new lrScheduler.SequentialLR(optimizer, parts, schedule.milestones);
  }
  if (schedule instanceof lrScheduler.ChainedScheduler)
    return new lrScheduler.ChainedScheduler(
      schedule.schedulers.map((part) => sameSchedule(part, optimizer) as lrScheduler.Scheduler),
    );
  const { Class } = kindOf(schedule) as Kind;
  return new Class(optimizer, optionsOf(schedule));
}

/** Python's constructor, with the options that differ from its defaults. */
export function pythonSchedule(schedule: Schedule): PyCall {
  const parts = partsOf(schedule);
  if (parts !== null) {
    const schedulers = list(parts.map(pythonSchedule));
    if (schedule instanceof lrScheduler.ChainedScheduler)
      return call("lr_scheduler.ChainedScheduler", [plain(schedulers)]);
    const { milestones } = schedule as lrScheduler.SequentialLR;
    return call("lr_scheduler.SequentialLR", [
      plain("optimizer"),
      named("schedulers", schedulers),
      named("milestones", list(milestones.map(literal))),
    ]);
  }
  const { Class, defaults = {} } = kindOf(schedule) as Kind;
  const options = Object.entries(optionsOf(schedule)).flatMap(([name, value]): PyArg[] =>
    value === defaults[name] ? [] : [named(pythonName(name), pythonValue(value))],
  );
  const module = (Class as unknown) === swaUtils.SWALR ? "swa_utils" : "lr_scheduler";
  return call(`${module}.${Class.name}`, [plain("optimizer"), ...options]);
}

/** Several numbers are a list, as the steps of MultiStepLR are. */
function pythonValue(value: unknown): string | PyCall {
  return Array.isArray(value) ? list(value.map(literal)) : literal(value);
}

function pythonName(name: string): string {
  return { tMax: "T_max", tMult: "T_mult", t0: "T_0" }[name] ?? snakeCase(name);
}

/** One number where all groups have the same. */
function single(values: readonly number[]): number | readonly number[] {
  return values.every((x) => x === values[0]) ? values[0] : values;
}

/** A ratio of numbers without what rounding added to it. */
function rounded(x: number): number {
  return Number(x.toPrecision(12));
}

function readOneCycle(schedule: lrScheduler.OneCycleLR): Options {
  const { totalSteps, annealStrategy, cycleMomentum, optimizer } = schedule;
  const groups = optimizer.paramGroups;
  const phases = schedule.stateDict()._schedule_phases as { readonly end_step: number }[];
  const [{ initialLr = 0, maxLr = 0, minLr = 0 }] = groups;
  const all = (name: "maxLr" | "baseMomentum" | "maxMomentum"): number | readonly number[] =>
    single(groups.map((group) => group[name] as number));
  return {
    maxLr: all("maxLr"),
    totalSteps,
    pctStart: rounded((phases[0].end_step + 1) / totalSteps),
    annealStrategy,
    cycleMomentum,
    ...(cycleMomentum && { baseMomentum: all("baseMomentum"), maxMomentum: all("maxMomentum") }),
    divFactor: rounded(maxLr / initialLr),
    finalDivFactor: rounded(initialLr / minLr),
    threePhase: phases.length === 3,
  };
}

function readCyclic(schedule: lrScheduler.CyclicLR): Options {
  const { baseLrs, maxLrs, totalSize, stepRatio, mode, gamma, cycleMomentum } = schedule;
  const stepSizeUp = rounded(totalSize * stepRatio);
  return {
    baseLr: single(baseLrs),
    maxLr: single(maxLrs),
    stepSizeUp,
    ...(stepRatio !== 0.5 && { stepSizeDown: totalSize - stepSizeUp }),
    mode,
    gamma,
    cycleMomentum,
    ...(cycleMomentum && {
      baseMomentum: single(schedule.baseMomentums),
      maxMomentum: single(schedule.maxMomentums),
    }),
  };
}

function readPlateau(schedule: lrScheduler.ReduceLROnPlateau): Options {
  const { mode, factor, patience, threshold, thresholdMode, cooldown, minLrs, eps } = schedule;
  return { mode, factor, patience, threshold, thresholdMode, cooldown, minLr: single(minLrs), eps };
}

function readSwa({ annealEpochs, annealStrategy, optimizer }: swaUtils.SWALR): Options {
  const swaLr = single(optimizer.paramGroups.map((group) => group.swaLr as number));
  return { swaLr, annealEpochs, annealStrategy };
}
