/** Trainings that are exported in the tests: each begins here, and goes on in PyTorch. */
import { DataLoader, TensorDataset } from "@flambeau/data";
import * as nn from "@flambeau/nn";
import * as optim from "@flambeau/optim";
import { arange, Generator, manualSeed, randint, randn, randperm, type Tensor } from "@flambeau/tensor";
import type { Schedule, Training } from "../src/index.ts";

const { lrScheduler } = optim;

/** A model, and what trains it. */
export interface Case {
  readonly model: nn.Module;
  readonly training: Training & { readonly schedule: Schedule | null };
  /** Whether the schedule goes on after each batch. */
  readonly isOfBatches: boolean;
}

interface Parts {
  readonly model: nn.Module;
  readonly optimizer: (model: nn.Module) => optim.Optimizer;
  readonly schedule?: (optimizer: optim.Optimizer) => Schedule;
  readonly isOfBatches?: boolean;
  readonly rows?: readonly Tensor[];
  readonly loss?: nn.Module;
}

const ROWS = 50;
const BATCH = 8;

const classifier = (): nn.Module =>
  new nn.Sequential(new nn.Linear(4, 16), new nn.ReLU(), new nn.Linear(16, 3));

const parts: Readonly<Record<string, () => Parts>> = {
  "SGD with momentum, StepLR": () => ({
    model: classifier(),
    optimizer: (model) => new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 0.01 }),
    schedule: (optimizer) => new lrScheduler.StepLR(optimizer, 1, 0.5),
  }),
  "Adam, OneCycleLR": () => ({
    model: classifier(),
    optimizer: (model) => new optim.Adam(model.parameters(), { lr: 0.01, amsgrad: true }),
    schedule: (optimizer) => new lrScheduler.OneCycleLR(optimizer, 0.05, { totalSteps: 100, pctStart: 0.2 }),
    isOfBatches: true,
  }),
  "AdamW, CosineAnnealingLR": () => ({
    model: classifier(),
    optimizer: (model) => new optim.AdamW(model.parameters(), { lr: 0.02 }),
    schedule: (optimizer) => new lrScheduler.CosineAnnealingLR(optimizer, 5),
  }),
  "RMSprop, ReduceLROnPlateau; convolution": () => ({
    model: new nn.Sequential(new nn.Conv2d(1, 4, 3), new nn.ReLU(), new nn.Flatten(), new nn.Linear(64, 3)),
    optimizer: (model) => new optim.RMSprop(model.parameters(), { lr: 0.002, momentum: 0.5, centered: true }),
    schedule: (optimizer) => new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 0, threshold: 0.5 }),
    rows: [randn([ROWS, 1, 6, 6]), randint(0, 3, [ROWS])],
  }),
  "Adagrad, SequentialLR": () => ({
    model: classifier(),
    optimizer: (model) => new optim.Adagrad(model.parameters(), { lr: 0.05, lrDecay: 0.01 }),
    schedule: (optimizer) =>
      new lrScheduler.SequentialLR(
        optimizer,
        [
          new lrScheduler.LinearLR(optimizer, 0.5, { totalIters: 2 }),
          new lrScheduler.MultiStepLR(optimizer, [1, 3]),
        ],
        [2],
      ),
  }),
  "SGD, CyclicLR; batch norm": () => ({
    model: new nn.Sequential(new nn.Linear(4, 8), new nn.BatchNorm1d(8), new nn.ReLU(), new nn.Linear(8, 3)),
    optimizer: (model) => new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.8 }),
    schedule: (optimizer) =>
      new lrScheduler.CyclicLR(optimizer, 0.01, 0.1, { stepSizeUp: 4, stepSizeDown: 6 }),
    isOfBatches: true,
  }),
  "Adam; dropout": () => ({
    model: new nn.Sequential(new nn.Linear(4, 16), new nn.ReLU(), new nn.Dropout(0.2), new nn.Linear(16, 3)),
    optimizer: (model) => new optim.Adam(model.parameters(), { lr: 0.01 }),
  }),
  "NAdam in two groups, MultiStepLR; a frozen layer": () => {
    const model = classifier() as nn.Sequential;
    const [first, , last] = model as Iterable<nn.Module> as [nn.Linear, nn.Module, nn.Linear];
    first.bias?.requiresGrad_(false);
    return {
      model,
      optimizer: () =>
        new optim.NAdam([{ params: last.parameters(), lr: 0.02 }, { params: [first.weight] }], { lr: 0.01 }),
      schedule: (optimizer) => new lrScheduler.MultiStepLR(optimizer, [1, 2, 2]),
    };
  },
  "RAdam; an autoencoder": () => ({
    model: new nn.Sequential(new nn.Linear(6, 2), new nn.ReLU(), new nn.Linear(2, 6)),
    optimizer: (model) => new optim.RAdam(model.parameters(), { lr: 0.02 }),
    schedule: (optimizer) => new lrScheduler.CosineAnnealingWarmRestarts(optimizer, 3, 2),
    rows: [randn([ROWS, 6])],
    loss: new nn.MSELoss(),
  }),
  "Adadelta, PolynomialLR": () => ({
    model: classifier(),
    optimizer: (model) => new optim.Adadelta(model.parameters(), { lr: 1 }),
    schedule: (optimizer) => new lrScheduler.PolynomialLR(optimizer, { totalIters: 8, power: 2 }),
  }),
  "Adamax, ChainedScheduler": () => ({
    model: classifier(),
    optimizer: (model) => new optim.Adamax(model.parameters()),
    schedule: (optimizer) =>
      new lrScheduler.ChainedScheduler([
        new lrScheduler.ConstantLR(optimizer, 0.5, { totalIters: 2 }),
        new lrScheduler.ExponentialLR(optimizer, 0.9),
      ]),
  }),
  "ASGD, SWALR": () => ({
    model: classifier(),
    optimizer: (model) => new optim.ASGD(model.parameters(), { lr: 0.05 }),
    schedule: (optimizer) => new optim.swaUtils.SWALR(optimizer, 0.02, { annealEpochs: 4 }),
  }),
  Rprop: () => ({
    model: classifier(),
    optimizer: (model) => new optim.Rprop(model.parameters(), { lr: 0.001 }),
  }),
};

export const names: readonly string[] = Object.keys(parts);

/** A case, after some steps of training, the last within an epoch or at its end. */
export function makeCase(name: string, warm = 7): Case {
  manualSeed(names.indexOf(name));
  const made = parts[name]();
  const { model } = made;
  const optimizer = made.optimizer(model);
  const schedule = made.schedule?.(optimizer) ?? null;
  const rows = made.rows ?? [randn([ROWS, 4]), randint(0, 3, [ROWS])];
  const training = {
    inputs: [rows[0].narrow(0, 0, 2)],
    loss: made.loss ?? new nn.CrossEntropyLoss(),
    optimizer,
    schedule,
    data: new TensorDataset(...rows),
    batchSize: BATCH,
  };
  const one = { model, training, isOfBatches: made.isOfBatches ?? false };
  goOn(one, warm);
  return one;
}

/**
 * The losses of some steps, the first at the beginning of an epoch, as a program of one's own takes them.
 *
 * @param seed - of the order of rows, which is that of PyTorch's DistributedSampler; none for rows in order.
 */
export function goOn(
  { model, training, isOfBatches }: Case,
  steps: number,
  seed: number | null = null,
): number[] {
  const { optimizer, schedule, loss, batchSize } = training;
  const data = training.data as TensorDataset;
  const losses: number[] = [];
  for (let epoch = 0; losses.length < steps; epoch++) {
    const order =
      seed === null
        ? arange(data.length)
        : randperm(data.length, { generator: new Generator().manualSeed(seed + epoch) });
    // With a generator of its own a pass draws none of the model's numbers.
    const loader = new DataLoader(data, batchSize, {
      sampler: order.tolist() as number[],
      generator: new Generator(),
    });
    let [sum, count] = [0, 0];
    for (const batch of loader) {
      if (losses.length === steps) return losses;
      optimizer.zeroGrad();
      const [x, target = x] = batch;
      const value = (loss as nn.Module)(model(x), target) as Tensor;
      value.backward();
      optimizer.step();
      losses.push(value.itemSync());
      sum += value.itemSync() * x.shape[0];
      count += x.shape[0];
      if (schedule === null || (!isOfBatches && count < data.length)) continue;
      if (schedule instanceof lrScheduler.ReduceLROnPlateau) schedule.step(sum / count);
      else schedule.step();
    }
  }
  return losses;
}
