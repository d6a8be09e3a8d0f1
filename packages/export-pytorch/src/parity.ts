/** The first steps of training, run here, for the project to compare its own with. */
import { noGrad } from "@flambeau/autograd";
import { epsilonOf, ShapeError, ValueError } from "@flambeau/backend";
import { restoring } from "@flambeau/graph";
import { BatchNorm1d, BatchNorm2d, BatchNorm3d, type Module } from "@flambeau/nn";
import { lrScheduler } from "@flambeau/optim";
import { arange, describeValue, Tensor } from "@flambeau/tensor";
import { sameOptimizer } from "./optimizer.ts";
import type { Plan } from "./plan.ts";
import { sameSchedule } from "./schedule.ts";

/** What `parity.json` holds. */
export interface Parity {
  /** "eval" where the model draws random numbers in training; batch norm trains in both. */
  readonly mode: "train" | "eval";
  /** The loss of each step. */
  readonly losses: readonly number[];
  /** The first group's learning rate in each step. */
  readonly rates: readonly number[];
  /** The norms of the first step's gradients, by Python's key. */
  readonly gradients: Readonly<Record<string, number>>;
  /** The norms of the parameters after the last step. */
  readonly parameters: Readonly<Record<string, number>>;
  /** How far each of these numbers goes, relatively, when weights and gradients change by rounding. */
  readonly spread: Spread;
}

interface Spread {
  readonly losses: readonly number[];
  readonly gradients: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, number>>;
}

/** What of it is measured. */
type Measured = Omit<Parity, "spread">;

/** What is still on the device, by Python's keys. */
export interface Recorded {
  readonly mode: "train" | "eval";
  readonly losses: Tensor[];
  readonly rates: number[];
  readonly gradients: (readonly [string, Tensor])[];
  readonly parameters: (readonly [string, Tensor])[];
}

/** A batch on the model's device. */
export interface Batch {
  readonly tensors: readonly Tensor[];
  /** Whether an epoch ends with it. */
  readonly isLast: boolean;
}

/** The first batches in order, from the front again after the last one. */
export async function firstBatches(plan: Plan): Promise<Batch[]> {
  const { columns, batchSize, dropLast, paritySteps, device } = plan;
  const { length } = columns;
  const count = dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize);
  const made: Promise<Batch>[] = Array.from({ length: Math.min(count, paritySteps) }, async (_, i) => {
    const begin = i * batchSize;
    const tensors = await columns.batch(begin, Math.min(begin + batchSize, length));
    return { tensors: tensors.map((x) => x.to(device)), isLast: i === count - 1 };
  });
  const batches = await Promise.all(made);
  return Array.from({ length: paritySteps }, (_, i) => batches[i % count]);
}

/** How often the steps are run with weights and gradients that are changed by rounding. */
const CHANGED = 2;

/**
 * Runs the steps, in one go: as they are, and with weights and gradients that are changed by rounding. The model, the optimizer and the
 * schedule are afterwards as they were, as are gradients and random numbers.
 *
 * @param isRandom - whether the model draws random numbers in training.
 * @param keys - Python's key of each parameter.
 */
export function recordSteps(
  plan: Plan,
  batches: readonly Batch[],
  isRandom: boolean,
  keys: ReadonlyMap<Tensor, string>,
): Recorded[] {
  const named = [...keys].map(([x, name]) => [name, x] as const);
  return Array.from({ length: 1 + CHANGED }, (_, run) =>
    unchanged(plan.model, () => {
      const change = (x: Tensor, step: number): void => {
        if (run > 0 && x.numel() > 0) changeByRounding(x, run * (step + 1));
      };
      for (const [, x] of named) change(x, 0);
      return runSteps(plan, isRandom ? "eval" : "train", batches, named, change);
    }),
  );
}

/** Changes a tensor by the rounding of its largest element, each element by another part of it. */
function changeByRounding(x: Tensor, phase: number): void {
  noGrad(() => {
    const waves = arange(x.numel(), { dtype: x.dtype, device: x.device }).mul(phase).cos().reshape(x.shape);
    x.detach().add_(waves.mul(x.abs().max()).mul(epsilonOf(x.dtype)));
  });
}

/** The recorded numbers, read. */
export async function parityOf(recorded: readonly Recorded[]): Promise<Parity> {
  const [own, ...others] = await Promise.all(recorded.map(read));
  const at = own.losses.findIndex((loss) => !Number.isFinite(loss));
  if (at >= 0)
    throw new ValueError(
      `exportPyTorch: the loss of step ${at + 1} is ${own.losses[at]}, which cannot be compared; give fewer paritySteps, or a smaller learning rate`,
    );
  const farthest = (of: (one: Measured) => number): number => {
    const most = Math.max(...others.map((one) => relative(of(own), of(one))));
    return Number.isFinite(most) ? Number(most.toPrecision(2)) : 1;
  };
  const each = (kind: "gradients" | "parameters"): Record<string, number> =>
    Object.fromEntries(Object.keys(own[kind]).map((key) => [key, farthest((one) => one[kind][key])]));
  const losses = own.losses.map((_, i) => farthest((one) => one.losses[i]));
  return { ...own, spread: { losses, gradients: each("gradients"), parameters: each("parameters") } };
}

function relative(a: number, b: number): number {
  return a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), 1e-12);
}

async function read({ mode, losses, rates, gradients, parameters }: Recorded): Promise<Measured> {
  return {
    mode,
    losses: await Promise.all(losses.map(async (x) => digits(Number((await x.data())[0])))),
    rates,
    gradients: await normsOf(gradients),
    parameters: await normsOf(parameters),
  };
}

function runSteps(
  plan: Plan,
  mode: "train" | "eval",
  batches: readonly Batch[],
  named: readonly (readonly [string, Tensor])[],
  change: (x: Tensor, step: number) => void,
): Recorded {
  const { model, scheduleStep } = plan;
  const optimizer = sameOptimizer(plan.optimizer);
  const schedule = plan.schedule === null ? null : sameSchedule(plan.schedule, optimizer);
  // After the schedule, which sets learning rates when it is made.
  optimizer.loadStateDict(plan.optimizer.stateDict());
  if (schedule !== null) schedule.loadStateDict(plan.schedule?.stateDict() ?? {});
  setMode(model, mode);
  const recorded: Recorded = { mode, losses: [], rates: [], gradients: [], parameters: [] };
  let total = 0;
  let count = 0;
  for (const { tensors, isLast } of batches) {
    model.zeroGrad();
    const loss = lossOf(plan, tensors);
    loss.backward();
    for (const [, { grad }] of named) if (grad !== null) change(grad, recorded.losses.length);
    if (recorded.losses.length === 0)
      for (const [name, x] of named)
        if (x.grad !== null) recorded.gradients.push([name, x.grad.detach().clone()]);
    recorded.losses.push(loss.detach());
    recorded.rates.push(optimizer.paramGroups[0].lr);
    optimizer.step();
    if (schedule instanceof lrScheduler.ReduceLROnPlateau) {
      const rows = tensors[0].shape[0];
      total += loss.itemSync() * rows;
      count += rows;
      if (isLast) schedule.step(total / count);
    } else if (isLast || scheduleStep === "batch") schedule?.step();
    if (isLast) [total, count] = [0, 0];
  }
  recorded.parameters.push(...named.map(([name, x]) => [name, x.detach().clone()] as const));
  return recorded;
}

function lossOf({ model, inputs, loss }: Plan, tensors: readonly Tensor[]): Tensor {
  const taken = tensors.slice(0, inputs.length);
  const rest = tensors.slice(inputs.length);
  const output: unknown = model(...taken);
  const value: unknown = loss(output as never, ...((rest.length > 0 ? rest : taken) as never[]));
  if (value instanceof Tensor && value.numel() === 1) return value;
  throw new ShapeError(`exportPyTorch: the loss is a tensor of one element; got ${describeValue(value)}`);
}

/** The mode of the whole model, but for batch norm, which always trains: its numbers are not random. */
function setMode(model: Module, mode: "train" | "eval"): void {
  model.train(mode === "train");
  for (const module of model.modules())
    if (module instanceof BatchNorm1d || module instanceof BatchNorm2d || module instanceof BatchNorm3d)
      module.train();
}

/** Runs `body`, after which values, gradients and modes of a model are as they were, and the default generator. */
function unchanged<T>(model: Module, body: () => T): T {
  const tensors = model.parameters();
  const values = tensors.map((x) => x.detach().clone());
  const gradients = tensors.map((x) => x.grad);
  for (const x of tensors) x.grad = null;
  try {
    return restoring(model, body);
  } finally {
    noGrad(() => {
      for (const [i, x] of tensors.entries()) x.detach().copy_(values[i]);
    });
    for (const [i, x] of tensors.entries()) x.grad = gradients[i];
  }
}

async function normsOf(tensors: readonly (readonly [string, Tensor])[]): Promise<Record<string, number>> {
  const norms = tensors.map(async ([name, x]) => {
    let sum = 0;
    for (const value of await x.data()) sum += Number(value) ** 2;
    return [name, digits(Math.sqrt(sum))] as const;
  });
  return Object.fromEntries(await Promise.all(norms));
}

/** As many digits as a float32 has, and some. */
function digits(x: number): number {
  return Number(x.toPrecision(10));
}
