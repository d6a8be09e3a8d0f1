import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as autograd from "@flambeau/autograd";
import * as backend from "@flambeau/backend";
import * as files from "@flambeau/files";
import * as tensor from "@flambeau/tensor";
import * as flambeau from "flambeau";

/** What these packages export for the packages above them, and users of the whole do without. */
const internal = {
  tensor: [
    ["backendOf", "registerBackend", "unregisterBackend"],
    ["installTracker", "track", "record", "named", "hookHandle"],
    // What elementwise ops are made of.
    ["unaryOp", "binaryOp", "ternaryOp"],
    [
      "describeValue",
      "isForeign",
      "commonBackend",
      "kernelOf",
      "kernelParam",
      "linear",
      "like",
      "Mt19937",
      "checkGenerator",
      "useSimdDraws",
      "showAs",
    ],
    ["dispatch", "lifetime", "linearDerivative", "logits"],
    // What decompositions of matrices are made of.
    [
      "binaryOp",
      "computeOnHost",
      "isNamedTuple",
      "namedTuple",
      "ternaryOp",
      "thinSvd",
      "writeOver",
      "unaryOp",
    ],
    ["leastSquares", "normOfMatrices", "singularValues"],
    // What callables are made of.
    [
      ...["Form", "formsOf", "callable", "overloaded", "withOptions"],
      ...["bind", "bindAll", "unknownOption", "groups", "schemaOf"],
    ],
    // What nn's activations and losses are made of.
    ["leakyRelu", "hardtanh", "hardsigmoid", "hardswish", "elu", "silu", "gelu", "softplus", "logSigmoid"],
    ["SELU_ALPHA", "SELU_SCALE", "squaredError", "absoluteError", "smoothL1Error", "huberError"],
    ["binaryCrossEntropy", "binaryCrossEntropyWithLogits"],
    ["attention", "convolution", "recurrence", "softmaxDerivative", "standardization", "windows"],
    ["positions", "quantileOf", "slice", "sliceDim", "unslice", "viewAs"],
    // What files of other formats are made of.
    ["decodeNpy", "encodeNpy"],
  ].flat(),
  autograd: [
    "derived",
    "elementwiseRules",
    "gate",
    "learnAttention",
    "learnRecurrence",
    "learnStandardization",
    "learnWindows",
    "structuralRules",
  ],
  files: ["checkFolder", "openAppender", "saveBytes", "saveFolder"],
};

/** What `x.add_(y)` says better than a function. */
const inPlace = (name: string): boolean => name.endsWith("_");

describe("flambeau", () => {
  test("has the names of the chapter", () => {
    const { data, datasets, manualSeed, nn, optim, plot, summary, tensor: make } = flambeau;
    for (const f of [manualSeed, summary, make]) assert.equal(typeof f, "function");
    for (const f of [plot.plotRegression, plot.plotClassification2d, plot.plotNodes, plot.plotActivations]) {
      assert.equal(typeof f, "function");
    }
    const { makeRegression, makeCircles, makeBlobs, makeMoons, StandardScaler, numpyRandom } = datasets;
    for (const f of [makeRegression, makeCircles, makeBlobs, makeMoons, StandardScaler, numpyRandom.randn]) {
      assert.equal(typeof f, "function");
    }
    const modules = [
      nn.Module,
      nn.Linear,
      nn.Sequential,
      nn.Sigmoid,
      nn.Tanh,
      nn.Softplus,
      nn.ReLU,
      nn.LeakyReLU,
    ];
    const losses = [nn.MSELoss, nn.L1Loss, nn.BCELoss, nn.BCEWithLogitsLoss, nn.CrossEntropyLoss, nn.NLLLoss];
    for (const f of [...modules, nn.SELU, nn.Softmax, nn.Flatten, nn.Dropout, nn.ModuleList, ...losses]) {
      assert.equal(typeof f, "function");
    }
    for (const f of [optim.SGD, optim.Adam, optim.AdamW, data.DataLoader, data.TensorDataset]) {
      assert.equal(typeof f, "function");
    }
    assert.equal(typeof flambeau.F.relu, "function");
    assert.equal(flambeau.F, nn.functional);
  });

  test("has every name of tensor, autograd and files but those for other packages", () => {
    for (const [name, all, left] of [
      ["tensor", tensor, internal.tensor],
      ["autograd", autograd, internal.autograd],
      ["files", files, internal.files],
    ] as const) {
      const here = new Set(Object.keys(flambeau));
      const missing = Object.keys(all).filter(
        (key) => !here.has(key) && !left.includes(key) && !inPlace(key),
      );
      assert.deepEqual(missing, [], `names of ${name} that are neither exported nor listed as internal`);
      assert.deepEqual(
        left.filter((key) => !(key in all)),
        [],
        `names listed as internal that ${name} does not have`,
      );
      assert.deepEqual(
        left.filter((key) => here.has(key)),
        [],
        `internal names of ${name} that are exported`,
      );
    }
  });

  test("has every error class, and they are the packages' own", () => {
    for (const [name, value] of Object.entries(backend)) {
      if (name.endsWith("Error")) assert.equal((flambeau as Record<string, unknown>)[name], value, name);
    }
    assert.throws(() => flambeau.tensor([1, 2]).add(flambeau.tensor([1, 2, 3])), flambeau.ShapeError);
  });

  test("records gradients without another import", () => {
    const x = flambeau.tensor([1, 2, 3], { requiresGrad: true });
    x.mul(x).sum().backward();
    assert.deepEqual(x.grad?.toArraySync(), [2, 4, 6]);
  });
});
