/** What has to be there for every name of the public API, and the file that a missing one is added to. */
import data from "../../fixtures/data.json" with { type: "json" };
import datasets from "../../fixtures/datasets.json" with { type: "json" };
import distributions from "../../fixtures/distributions.json" with { type: "json" };
import metrics from "../../fixtures/metrics.json" with { type: "json" };
import schedules from "../../fixtures/schedules.json" with { type: "json" };
import { casesByOp as elementwiseCases } from "../database/elementwise-samples.ts";
import { casesByOp as maskedCases } from "../database/masked.ts";
import { casesByOp as orderCases } from "../database/order.ts";
import type { OpCase } from "../database/samples.ts";
import { casesByOp as shapeCases } from "../database/shapes.ts";
import { casesByOp as specialCases } from "../database/special-samples.ts";
import { layerCases } from "../layers/cases.ts";
import { moduleGradients } from "../layers/modules.ts";
import { inPlaceNames } from "../samples/in-place.ts";
import { samples } from "../samples/index.ts";
import type { Completeness } from "./completeness.ts";
import { initCases } from "./inits.ts";
import { callableParts, opParts } from "./internal.ts";
import { moduleCases } from "./modules.ts";
import {
  dataNames,
  datasetNames,
  distributionNames,
  initNames,
  lossNames,
  maskedNames,
  metricNames,
  moduleNames,
  nnNames,
  opNames,
  optimNames,
  rareNames,
  scheduleNames,
  specialNames,
} from "./names.ts";
import { recordedNames } from "./ops.ts";
import { clipCases, optimizerCases } from "./optimizers.ts";
import { camel } from "./record.ts";

/** A table of entries by name. */
export interface Table extends Completeness {
  /** What every name has. */
  readonly title: string;
  /** Where a missing one is added. */
  readonly file: string;
}

function table(title: string, file: string, rest: Omit<Completeness, "say">): Table {
  const run = file.startsWith("tools/fixtures/") ? " and run it" : "";
  return { title, file, ...rest, say: (name) => `${name} has no ${title}: add it to ${file}${run}` };
}

/** The names with at least so many entries. */
function several(names: readonly string[], least: number): string[] {
  return [...new Set(names)].filter((name) => names.filter((other) => other === name).length >= least);
}

/** Functions and methods with samples of their gradient: "exp" for exp and Tensor.exp, "exp_" for Tensor.exp_. */
const sampled = new Set([...samples.map(({ name }) => name), ...inPlaceNames.map((name) => `${name}_`)]);
const sampledFunctions = new Set(Object.keys(layerCases).map((name) => `F.${name.split(" ")[0]}`));
const isSampled = (name: string): boolean =>
  name.startsWith("F.") ? sampledFunctions.has(name) : sampled.has(name.replace(/^Tensor\./, ""));

const reductions = ["sum", "none"];
const isRecordedWith = (name: string, reduction: string): boolean =>
  moduleCases.some(({ module, args }) => module === name && JSON.stringify(args).includes(`"${reduction}"`));

/** A name that has entries of its own in a fixture. */
const found = (name: string, entries: readonly unknown[]): string[] => (entries.length > 0 ? [name] : []);

/** Functions of torch.masked with samples: those with gradients alone, or all. */
const maskedWith = (gradients: boolean): string[] =>
  [...maskedCases.values()]
    .flat()
    .filter((c) => !gradients || c.grads !== undefined)
    .map(({ op }) => camel(op.replace("masked.", "")));

const lazyNames = moduleNames.filter((name) => name.startsWith("Lazy"));

/** In-place forms are held against the functions in packages/ops/test. */
const rareFunctions = rareNames.filter((name) => !name.endsWith("_"));
/** PyTorch's samples of functions that are no methods. */
const rareCases: readonly OpCase[] = [shapeCases, orderCases, elementwiseCases].flatMap((cases) =>
  [...cases.values()].flat(),
);
const rareNamesOf = (cases: readonly OpCase[]): string[] =>
  cases.map(({ op }) => camel(op)).filter((name) => rareNames.includes(name));

/** In every table of classes those that are only extended. */
const bases = "a base of others";

export const tables: readonly Table[] = [
  table("PyTorch sample", "tools/fixtures/special_samples.py", {
    names: specialNames,
    table: [...specialCases.keys()].filter((op) => op.startsWith("special.")).map((op) => camel(op.slice(8))),
    without: { "of one number, for samplers": ["digammaOf"] },
  }),
  table("PyTorch value", "tools/fixtures/ops.py", {
    names: opNames,
    table: recordedNames(),
    without: {
      "a class": ["Tensor", "Generator", "Mt19937"],
      "its elements are undefined": ["empty", "emptyLike", "Tensor.newEmpty"],
      "takes a typed array, which Python does not have": ["fromNumpy"],
      "NumPy's files are in tests/fixtures/npy.json": ["fromNpy", "toNpy", "decodeNpy", "encodeNpy"],
      "the generator's streams are in tests/fixtures/random.json": [
        "manualSeed",
        "seed",
        "initialSeed",
        "getRngState",
        "setRngState",
      ],
      "shows tensors in consoles": ["installDevtoolsFormatters", "showAs"],
      "a setting": [
        ...["getDefaultDType", "setDefaultDType", "getPrintOptions", "setPrintOptions"],
        ...["getNumThreads", "setNumThreads"],
      ],
      "what a tensor is, not what it computes": [
        ...[
          "Tensor.shape",
          "Tensor.dtype",
          "Tensor.length",
          "Tensor.ndim",
          "Tensor.device",
          "Tensor.withLayout",
          "Tensor.setData_",
          "Tensor.dispose",
        ],
        "Tensor.checkUsable",
      ],
      "autograd's own, compared in packages/autograd/test/pytorch.test.ts": [
        ...["Tensor.requiresGrad", "Tensor.requiresGrad_", "Tensor.grad", "Tensor.isLeaf", "Tensor.gradFn"],
        ...["Tensor.backward", "Tensor.retainGrad", "Tensor.registerHook", "Tensor.recorder"],
      ],
      "what ops and devices are made with": [
        ...["backendOf", "commonBackend", "kernelOf", "kernelParam", "like", "registerBackend"],
        ...[
          "unregisterBackend",
          "installTracker",
          "track",
          "record",
          ...[
            "registerOpHook",
            "dispatch.observedCall",
            "dispatch.observedModule",
            "dispatch.now",
            "dispatch.observed",
          ],
          "named",
          "hookHandle",
          ...opParts,
        ],
        ...["lifetime.abandon", "lifetime.forget", "lifetime.isKept", "lifetime.isSole", "lifetime.keep"],
        ...["lifetime.show", "lifetime.taken", "lifetime.tidy", "checkGenerator", "describeValue"],
        "useSimdDraws",
        "isForeign",
      ],
      "what callables are made of": [...callableParts],
      "a part of functions of nn, whose values are compared": [
        ...["convolution.convolve", "convolution.convolveInput", "convolution.convolveWeight"],
        ...["linearDerivative.linearGradients", "logits.crossEntropy", "logits.crossEntropyGradient"],
        ...["logits.crossEntropyIgnoring", "softmaxDerivative.softmaxGradient"],
        ...["standardization.standardize", "standardization.standardizeGradients"],
        ...["attention.attention", "attention.attentionGradients"],
        ...["recurrence.gru", "recurrence.gruGradients", "recurrence.lstm", "recurrence.lstmGradients"],
        ...["recurrence.rnn", "recurrence.rnnGradients"],
        ...["windows.areElements", "windows.fold", "windows.maxPool", "windows.unfold"],
      ],
    },
  }),
  table("PyTorch gradient", "tools/fixtures/ops.py", {
    names: opNames.filter(isSampled),
    table: [...recordedNames({ gradients: true })].filter(isSampled),
    without: {
      "PyTorch 1.13 has no derivative of it": [
        ...[
          "F.channelShuffle",
          "aminmax",
          "Tensor.aminmax",
          "floorDivide",
          "Tensor.floorDivide",
          "Tensor.floorDivide_",
        ],
      ],
    },
  }),
  table("PyTorch sample", "tools/fixtures/{shape,order,elementwise}_samples.py", {
    names: rareFunctions,
    table: rareNamesOf(rareCases),
    without: {
      "of dtypes, tested in packages/ops/test and packages/flambeau/test": [
        ...["canCast", "finfo", "iinfo", "promoteTypes"],
      ],
      "gives no tensor, or throws: tested in packages/ops/test": [
        ...["broadcastShapes", "isComplex", "imag", "viewAsReal", "viewAsComplex"],
      ],
      "its elements are undefined": ["emptyStrided"],
    },
  }),
  table("PyTorch sample of a gradient", "tools/fixtures/{shape,order,elementwise}_samples.py", {
    names: rareFunctions,
    table: rareNamesOf(rareCases.filter(({ grads }) => grads !== undefined)),
    without: {
      "is flat, or of integers": [
        ...["bitwiseLeftShift", "bitwiseRightShift", "gcd", "heaviside", "isneginf", "isposinf", "lcm"],
        ...["nextafter", "signbit"],
      ],
      "gives positions or counts": ["argwhere", "histc", "histogram", "histogramdd", "uniqueConsecutive"],
      "PyTorch 1.13's gradient is not that of its values: checked in packages/ops/test": ["asStridedScatter"],
      "of dtypes": ["canCast", "finfo", "iinfo", "promoteTypes"],
      "gives no tensor, or throws": [
        ...["broadcastShapes", "isComplex", "imag", "viewAsReal", "viewAsComplex"],
      ],
      "is made of numbers": [
        ...[
          "bartlettWindow",
          "blackmanWindow",
          "hammingWindow",
          "hannWindow",
          "kaiserWindow",
          "emptyStrided",
        ],
      ],
      "gives bools, or what is cut off from the graph": ["isreal", "detachCopy"],
    },
  }),
  table("gradient samples", "tests/src/layers/cases.ts", {
    names: opNames.filter((name) => name.startsWith("F.")),
    table: sampledFunctions,
    without: { "gives integers": ["F.oneHot"] },
  }),
  table("PyTorch record", "tools/fixtures/modules.py", {
    names: nnNames,
    table: moduleCases.map(({ module }) => module),
    without: {
      [bases]: ["Module", "Loss"],
      "a tensor of a module, compared in packages/nn/test": ["Parameter", "Buffer"],
      "an error": ["StateDictError"],
      "of generation, compared in packages/nn/test/key-value-cache.test.ts": ["KeyValueCache"],
      "copies, as packages/nn/test/deepcopy.test.ts compares": ["deepcopy"],
      "becomes another at its first call, compared in packages/nn/test/lazy.test.ts": lazyNames,
    },
  }),
  table("gradient case", "tools/fixtures/modules.py", {
    names: moduleNames,
    table: Object.keys(moduleGradients),
    without: {
      [bases]: ["Loss"],
      "is not called": ["ModuleList", "ModuleDict", "ParameterList", "ParameterDict"],
      "becomes another at its first call": lazyNames,
      "its function's gradient is checked behind a log-softmax": ["CTCLoss"],
    },
  }),
  table("PyTorch record of every reduction", "tools/fixtures/modules.py", {
    names: lossNames,
    table: lossNames.filter((name) => reductions.every((reduction) => isRecordedWith(name, reduction))),
    without: { "gives the mean beside each example's": ["AdaptiveLogSoftmaxWithLoss"] },
  }),
  table("PyTorch record of several option sets", "tools/fixtures/optimizers.py", {
    names: optimNames,
    table: [
      ...several(
        optimizerCases.map(({ optimizer }) => optimizer),
        2,
      ),
      ...clipCases.map(({ clip }) => clip),
    ],
    without: { [bases]: ["Optimizer"], "is none of PyTorch's": ["EarlyStopping"] },
  }),
  table("PyTorch record", "tools/fixtures/schedules.py", {
    names: scheduleNames,
    table: schedules.cases.map(({ schedule }) => schedule),
    without: { [bases]: ["LRScheduler"] },
  }),
  table("PyTorch record", "tools/fixtures/inits.py", {
    names: initNames,
    table: initCases.map(({ init }) => init),
  }),
  table("PyTorch sample", "tools/fixtures/masked_samples.py", {
    names: maskedNames,
    table: maskedWith(false),
  }),
  table("PyTorch sample of a gradient", "tools/fixtures/masked_samples.py", {
    names: maskedNames,
    table: maskedWith(true),
    without: { "gives positions": ["argmax", "argmin"] },
  }),
  table("PyTorch record", "tools/fixtures/data.py", {
    names: dataNames,
    table: [
      ...data.samplers.map(({ name }) => name),
      ...found("DataLoader", data.scenarios),
      ...found("randomSplit", data.splits),
    ],
    without: {
      [bases]: ["Sampler", "Dataset", "IterableDataset"],
      "gives the items that it was given": ["ConcatDataset", "Subset", "TensorDataset"],
      "is in the loader's batches": ["defaultCollate"],
    },
  }),
  table("PyTorch record", "tools/fixtures/distributions.py", {
    names: distributionNames,
    table: [
      ...distributions.cases.map(({ spec }) => spec.class),
      ...distributions.transforms.flatMap(({ spec }) => ("class" in spec ? [String(spec.class)] : [])),
      ...found("klDivergence", distributions.divergences),
    ],
    without: {
      [bases]: ["Distribution", "ExponentialFamily", "Transform"],
      "relaxed distributions are made of it": ["LogitRelaxedBernoulli", "ExpRelaxedCategorical"],
      "gives what it was given": ["registerKl"],
      "an error": ["NotImplementedError"],
    },
  }),
  table("scikit-learn record", "tools/fixtures/metrics.py", {
    names: metricNames,
    table: metrics.cases.map(({ name }) => name),
  }),
  table("scikit-learn or NumPy record", "tools/fixtures/datasets.py", {
    names: datasetNames,
    table: [
      ...datasets.datasets.map(({ maker }) => maker),
      ...datasets.loaders.map(({ loader }) => loader),
      ...found("StandardScaler", datasets.scalers),
      ...found("trainTestSplit", datasets.splits),
      ...datasets.streams.flatMap(({ steps }) => steps.map(({ method }) => `RandomState.${camel(method)}`)),
    ],
    without: {
      "its methods are recorded": ["RandomState"],
      "begins a stream, as the constructor does": ["RandomState.seed"],
      private: ["RandomState.samples"],
    },
  }),
];
