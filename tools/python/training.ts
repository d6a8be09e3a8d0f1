/** Training whose second half PyTorch repeats from a checkpoint of the first. */
import { saveCheckpoint } from "@flambeau/files";
import { Linear, Parameter } from "@flambeau/nn";
import * as optim from "@flambeau/optim";
import { Generator, manualSeed, randn } from "@flambeau/tensor";

const STEPS = 4;

type Make = (params: Parameter[]) => optim.Optimizer;
const OPTIMIZERS: Readonly<Record<string, Make>> = {
  SGD: (params) => new optim.SGD(params, { lr: 0.1, momentum: 0.9, weightDecay: 0.01 }),
  Adam: (params) => new optim.Adam(params, { lr: 0.05, amsgrad: true }),
  AdamW: (params) => new optim.AdamW(params, { lr: 0.05 }),
  RMSprop: (params) => new optim.RMSprop(params, { lr: 0.02, momentum: 0.7, centered: true }),
  Adagrad: (params) => new optim.Adagrad(params, { lr: 0.1, lrDecay: 0.1 }),
  NAdam: (params) => new optim.NAdam(params, { lr: 0.05 }),
};

/** A polynomial, whose gradient any program computes alike. */
function train(
  params: readonly Parameter[],
  optimizer: optim.Optimizer,
  schedule: optim.lrScheduler.LRScheduler,
): void {
  for (let i = 0; i < STEPS; i++) {
    optimizer.zeroGrad();
    for (const p of params) p.sub(0.5).square().sum().add(p.pow(4).sum().div(8)).backward();
    optimizer.step();
    schedule.step();
  }
}

/** Of each optimizer: what is saved after half of the steps, and the parameters after all. */
export function trainings(): { name: string; checkpoint: object; final: () => Parameter[] }[] {
  return Object.entries(OPTIMIZERS).map(([name, make]) => {
    manualSeed(3);
    const params = [[2, 3], [3]].map((shape) => new Parameter(randn(shape, { dtype: "float64" })));
    const optimizer = make(params);
    const schedule = new optim.lrScheduler.MultiStepLR(optimizer, [2, 5, 5], { gamma: 0.5 });
    train(params, optimizer, schedule);
    const model = Object.fromEntries(params.map((p, i) => [`p${i}`, p.detach().clone()]));
    const checkpoint = {
      name,
      steps: STEPS,
      model,
      optimizer: optimizer.stateDict(),
      schedule: schedule.stateDict(),
    };
    const final = (): Parameter[] => {
      train(params, optimizer, schedule);
      return params;
    };
    return { name, checkpoint, final };
  });
}

/** A checkpoint of a layer's training, written to a path; gives the parameters after two steps more. */
export async function checkpoint(path: string): Promise<Parameter[]> {
  const generator = new Generator().manualSeed(5);
  const model = new Linear(3, 2);
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.1 });
  const scheduler = new optim.lrScheduler.StepLR(optimizer, 1, 0.5);
  const steps = (): void => {
    for (let i = 0; i < 2; i++) {
      optimizer.zeroGrad();
      model(randn([4, 3], { generator }))
        .square()
        .mean()
        .backward();
      optimizer.step();
      scheduler.step();
    }
  };
  steps();
  await saveCheckpoint(path, { epoch: 2, model, optimizer, scheduler, generator, extra: { loss: 0.5 } });
  steps();
  return [...model.parameters()];
}
