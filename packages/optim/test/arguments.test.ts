/** What optimizers, schedules and clipping take: by position, by name, and what they refuse. */
import { describe } from "node:test";
import { type Tensor, tensor } from "@flambeau/tensor";
import { type ArgumentsRow, called, describeArguments, made, testRow } from "../../../tests/src/arguments.ts";
import * as optim from "../src/index.ts";
import { leaf } from "./support.ts";

const { lrScheduler } = optim;
const params = () => [leaf([1, 2])];

function optimizer(Kind: object, positional: object, named: object = { maximize: true }): ArgumentsRow {
  return {
    run: (...args) => {
      const { defaults, paramGroups } = made<optim.Optimizer>(Kind)(...args);
      return { defaults, sizes: paramGroups.map((group) => group.params.length) };
    },
    positional: () => ({ params: params(), lr: 0.5, ...positional }),
    named: () => ({ ...named }),
    required: Kind === optim.SGD ? ["params", "lr"] : ["params"],
  };
}

/** What clipping leaves of gradients, and what it returns. */
function clipped(clip: object): ArgumentsRow["run"] {
  return (...args) => {
    const [first] = args;
    const given = (
      Array.isArray(first) ? first : (first as { parameters?: Tensor[] } | undefined)?.parameters
    ) as Tensor[] | undefined;
    const total = called(clip)(...args);
    return [String(total), String(given?.[0].grad)];
  };
}
const withGrads = () => {
  const [p] = params();
  p.grad = tensor([3, 40]);
  return [p];
};

const betas = { betas: [0.8, 0.9], eps: 1e-3, weightDecay: 0.1 };

describe("optim", () =>
  describeArguments(
    optim,
    {
      SGD: optimizer(optim.SGD, { momentum: 0.9, dampening: 0, weightDecay: 0.1, nesterov: true }),
      Adam: optimizer(optim.Adam, { ...betas, amsgrad: true }),
      AdamW: optimizer(optim.AdamW, { ...betas, amsgrad: true }),
      RMSprop: optimizer(optim.RMSprop, {
        ...{ alpha: 0.9, eps: 1e-3, weightDecay: 0.1, momentum: 0.5, centered: true },
      }),
      Adagrad: optimizer(optim.Adagrad, {
        ...{ lrDecay: 0.1, weightDecay: 0.1, initialAccumulatorValue: 0.5, eps: 1e-3 },
      }),
      Adadelta: optimizer(optim.Adadelta, { rho: 0.5, eps: 1e-3, weightDecay: 0.1 }),
      Adamax: optimizer(optim.Adamax, betas),
      NAdam: {
        ...optimizer(optim.NAdam, { ...betas, momentumDecay: 0.1, decoupledWeightDecay: true }, {}),
        own: ["decoupledWeightDecay"],
      },
      SparseAdam: optimizer(optim.SparseAdam, { betas: [0.8, 0.9], eps: 1e-3 }),
      RAdam: optimizer(optim.RAdam, betas, {}),
      ASGD: optimizer(optim.ASGD, { lambd: 0.1, alpha: 0.5, t0: 3, weightDecay: 0.1 }),
      Rprop: optimizer(optim.Rprop, { etas: [0.4, 1.5], stepSizes: [1e-3, 2] }),
      Adafactor: optimizer(optim.Adafactor, { beta2Decay: -0.5, eps: [null, 0.1], d: 2, weightDecay: 0.1 }),
      Muon: {
        ...optimizer(optim.Muon, {}, {}),
        positional: () => ({
          ...{ params: [leaf([1, 2], [1, 2])], lr: 0.5, weightDecay: 0.2, momentum: 0.9, nesterov: false },
          ...{ nsCoefficients: [2, -1.5, 0.5], eps: 1e-3, nsSteps: 3, adjustLrFn: "matchRmsAdamw" },
        }),
      },
      LBFGS: optimizer(
        optim.LBFGS,
        {
          ...{ maxIter: 7, maxEval: 9, toleranceGrad: 1e-3, toleranceChange: 1e-4, historySize: 5 },
          lineSearchFn: "strongWolfe",
        },
        {},
      ),
      EarlyStopping: {
        run: (...args) => made<optim.EarlyStopping>(optim.EarlyStopping)(...args).stateDict(),
        positional: () => ({ patience: 3, minDelta: 0.5, mode: "max" }),
        required: [],
      },
      clipGradNorm_: {
        run: clipped(optim.clipGradNorm_),
        positional: () => ({ parameters: withGrads(), maxNorm: 2, normType: 1, errorIfNonfinite: true }),
        required: ["parameters", "maxNorm"],
      },
      clipGradsWithNorm_: {
        run: clipped(optim.clipGradsWithNorm_),
        positional: () => ({ parameters: withGrads(), maxNorm: 2, totalNorm: tensor(5) }),
        required: ["parameters", "maxNorm", "totalNorm"],
      },
      getTotalNorm: {
        run: (...args) => String(called(optim.getTotalNorm)(...args)),
        positional: () => ({ tensors: [tensor([3, 4])], normType: 1, errorIfNonfinite: true }),
        required: ["tensors"],
      },
      clipGradValue_: {
        run: clipped(optim.clipGradValue_),
        positional: () => ({ parameters: withGrads(), clipValue: 2 }),
        required: ["parameters", "clipValue"],
      },
    },
    // Its last argument is an object, the defaults themselves.
    ["Optimizer"],
  ));

describe("zeroGrad", () =>
  testRow("zeroGrad", {
    run: (...args) => {
      const p = withGrads();
      const optimizer = new optim.SGD(p, 1);
      called(optimizer.zeroGrad.bind(optimizer))(...args);
      return String(p[0].grad);
    },
    positional: () => ({ setToNone: false }),
  }));

type Schedule = optim.lrScheduler.Scheduler | optim.lrScheduler.ReduceLROnPlateau;
const sgd = () => new optim.SGD(params(), 0.5, 0.9);
function schedule(Kind: object, required: readonly string[], positional: object): ArgumentsRow {
  return {
    run: (...args) => {
      const schedule = made<Schedule>(Kind)(...args);
      return [schedule.stateDict(), schedule.optimizer.stateDict().param_groups];
    },
    positional: () => ({ optimizer: sgd(), ...positional }),
    required: ["optimizer", ...required],
  };
}
const anew = { lastEpoch: -1 };
const decay = (epoch: number): number => 0.5 ** epoch;

class Constant extends lrScheduler.LRScheduler {
  protected override getLr(): number[] {
    return this.baseLrs;
  }
}

describe("optim.lrScheduler", () =>
  describeArguments(
    lrScheduler,
    {
      LRScheduler: schedule(Constant, [], anew),
      StepLR: schedule(lrScheduler.StepLR, ["stepSize"], { stepSize: 2, gamma: 0.5, ...anew }),
      MultiStepLR: schedule(lrScheduler.MultiStepLR, ["milestones"], {
        milestones: [1, 3],
        gamma: 0.5,
        ...anew,
      }),
      ExponentialLR: schedule(lrScheduler.ExponentialLR, ["gamma"], { gamma: 0.5, ...anew }),
      ConstantLR: schedule(lrScheduler.ConstantLR, [], { factor: 0.5, totalIters: 3, ...anew }),
      LinearLR: schedule(lrScheduler.LinearLR, [], {
        ...{ startFactor: 0.5, endFactor: 0.75, totalIters: 3, ...anew },
      }),
      PolynomialLR: schedule(lrScheduler.PolynomialLR, [], { totalIters: 3, power: 2, ...anew }),
      CosineAnnealingLR: schedule(lrScheduler.CosineAnnealingLR, ["tMax"], { tMax: 3, etaMin: 0.1, ...anew }),
      CyclicLR: schedule(lrScheduler.CyclicLR, ["baseLr", "maxLr"], {
        ...{ baseLr: 0.1, maxLr: [0.5], stepSizeUp: 3, stepSizeDown: 4, mode: "expRange", gamma: 0.9 },
        ...{
          scaleFn: decay,
          scaleMode: "iterations",
          cycleMomentum: true,
          baseMomentum: 0.7,
          maxMomentum: [0.8],
        },
        ...anew,
      }),
      CosineAnnealingWarmRestarts: schedule(lrScheduler.CosineAnnealingWarmRestarts, ["t0"], {
        ...{ t0: 3, tMult: 2, etaMin: 0.1, ...anew },
      }),
      LambdaLR: schedule(lrScheduler.LambdaLR, ["lrLambda"], { lrLambda: decay, ...anew }),
      MultiplicativeLR: schedule(lrScheduler.MultiplicativeLR, ["lrLambda"], { lrLambda: [decay], ...anew }),
      OneCycleLR: schedule(lrScheduler.OneCycleLR, ["maxLr", "totalSteps"], {
        ...{ maxLr: 1, totalSteps: 10, epochs: 2, stepsPerEpoch: 5, pctStart: 0.4, annealStrategy: "linear" },
        ...{ cycleMomentum: true, baseMomentum: 0.8, maxMomentum: [0.9], divFactor: 10, finalDivFactor: 100 },
        ...{ threePhase: true, ...anew },
      }),
      ReduceLROnPlateau: schedule(lrScheduler.ReduceLROnPlateau, [], {
        ...{ mode: "max", factor: 0.5, patience: 2, threshold: 0.1, thresholdMode: "abs" },
        ...{ cooldown: 1, minLr: [0.1], eps: 1e-3 },
      }),
      SequentialLR: {
        ...schedule(lrScheduler.SequentialLR, ["schedulers", "milestones"], {}),
        positional: () => {
          const optimizer = sgd();
          const schedulers = [new lrScheduler.ConstantLR(optimizer), new lrScheduler.StepLR(optimizer, 1)];
          return { optimizer, schedulers, milestones: [2], ...anew };
        },
      },
      ChainedScheduler: {
        ...schedule(lrScheduler.ChainedScheduler, [], {}),
        positional: () => ({ schedulers: [new lrScheduler.ConstantLR(sgd())] }),
        required: ["schedulers"],
      },
    },
    [],
  ));

describe("optim.swaUtils", () =>
  describeArguments(
    optim.swaUtils,
    {
      SWALR: schedule(optim.swaUtils.SWALR, ["swaLr"], {
        ...{ swaLr: [0.05], annealEpochs: 3, annealStrategy: "linear", ...anew },
      }),
    },
    [],
  ));
