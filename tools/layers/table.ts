/**
 * The one table of who may import whom: each package, from the lowest layer up, with the packages it may use.
 *
 * `npm run check:layers` holds every import, every package.json and every global against it;
 * `npm run docs:layers` draws the picture in ARCHITECTURE.md from it.
 */
export interface Layer {
  /** What a reader finds in the package, in a few words. */
  readonly holds: string;
  /** The packages of this repository that its sources may import. */
  readonly mayImport: readonly string[];
  /** The packages of others that its sources may import. Most have none, and that is meant to stay so. */
  readonly mayImportOthers?: readonly string[];
  /** Whether it may name what a runtime, not ECMAScript, provides: a device's package, that of files, that of progress, and that of figures. */
  readonly namesRuntimes?: true;
}

export const layers: Record<string, Layer> = {
  backend: {
    holds: "what a device must do: dtypes, shapes, errors, scalar expressions, the Backend interface",
    mayImport: [],
  },
  "cpu-backend": {
    holds: "the default device: the CPU, on WebAssembly memory",
    mayImport: ["backend"],
    namesRuntimes: true,
  },
  "webgpu-backend": {
    holds: "the GPU device: WebGPU, kernels in WGSL",
    mayImport: ["backend"],
    namesRuntimes: true,
  },
  tensor: {
    holds: "Tensor, creation, operations, indexing, printing, random numbers",
    mayImport: ["backend", "cpu-backend"],
  },
  autograd: {
    holds: "recording, backward, one derivative rule per op, gradcheck",
    mayImport: ["backend", "tensor"],
  },
  progress: {
    holds: "a line that shows how far a loop is, as tqdm",
    mayImport: ["backend", "tensor"],
    namesRuntimes: true,
  },
  linalg: {
    holds: "decompositions, solvers and norms of batches of matrices, with derivatives",
    mayImport: ["backend", "tensor", "autograd"],
  },
  ops: {
    holds: "the rest of PyTorch's operations, as functions: indexed writes, scans, statistics, shapes",
    mayImport: ["backend", "tensor", "autograd"],
  },
  special: {
    holds: "special functions: gamma, Bessel, zeta and error functions, with derivatives",
    mayImport: ["backend", "tensor", "autograd"],
  },
  masked: {
    holds: "reductions and normalizations of the elements that a mask selects",
    mayImport: ["backend", "tensor", "autograd", "ops"],
  },
  distributions: {
    holds: "probability distributions, their transforms and divergences",
    mayImport: ["backend", "tensor", "autograd", "linalg", "special"],
  },
  metrics: {
    holds: "scores of predictions, as scikit-learn computes them",
    mayImport: ["backend", "tensor"],
  },
  optim: {
    holds: "optimizers, schedules, clipping",
    mayImport: ["backend", "tensor", "autograd"],
  },
  nn: {
    holds: "Module, layers, losses, functional forms, initializers",
    // What torch.nn.utils has of clipping is optim's, what it has of orthogonal matrices linalg's.
    mayImport: ["backend", "tensor", "autograd", "linalg", "optim"],
  },
  data: {
    holds: "datasets, samplers, the DataLoader",
    mayImport: ["backend", "tensor", "autograd"],
  },
  datasets: {
    holds: "generated data sets equal to scikit-learn's, those that it ships, and scaling",
    mayImport: ["backend", "tensor", "autograd", "data"],
  },
  summary: {
    holds: "the table of a model's layers, shapes, parameters and mult-adds",
    mayImport: ["backend", "tensor", "autograd", "nn"],
  },
  graph: {
    holds: "the calls of a model as a graph, for exporters",
    mayImport: ["backend", "tensor", "autograd", "nn"],
  },
  "export-pytorch": {
    holds: "models as PyTorch projects: their code in Python, weights, data and training",
    mayImport: ["backend", "tensor", "autograd", "linalg", "ops", "special", "masked", "nn", "graph"],
  },
  serialization: {
    holds: "weights and results as PyTorch, Hugging Face and NumPy store them: bytes to objects and back",
    mayImport: ["backend", "tensor", "nn"],
    mayImportOthers: ["fflate"],
  },
  files: {
    holds:
      "weights, results and checkpoints in files, pages and on servers: save and load, streams, downloads",
    mayImport: ["backend", "tensor", "serialization"],
    mayImportOthers: ["papaparse"],
    namesRuntimes: true,
  },
  tensorboard: {
    holds: "event files that TensorBoard shows: scalars, histograms, texts",
    mayImport: ["backend", "tensor", "files"],
  },
  plot: {
    holds: "figures of data, decision regions and activations, as SVG",
    // Files are saved by what saves weights.
    mayImport: ["backend", "tensor", "autograd", "nn", "data", "files"],
    mayImportOthers: ["@observablehq/plot", "d3-contour", "fflate"],
    namesRuntimes: true,
  },
  flambeau: {
    holds: "all of the above in one install",
    mayImport: [
      "backend",
      "cpu-backend",
      "webgpu-backend",
      "tensor",
      "autograd",
      "linalg",
      "ops",
      "special",
      "masked",
      "nn",
      "optim",
      "data",
      "datasets",
      "distributions",
      "metrics",
      "progress",
      "summary",
      "serialization",
      "files",
      "plot",
    ],
  },
};

/** The name under which a package is published and imported. */
export function packageName(folder: string): string {
  return folder === "flambeau" ? folder : `@flambeau/${folder}`;
}

/**
 * Globals that exist in some runtimes only, or are no part of ECMAScript. Outside the packages that name runtimes no source may name
 * one, even behind a `typeof`; `TextEncoder` and `TextDecoder` are everywhere and stay allowed.
 */
export const runtimeGlobals: readonly string[] = [
  "Blob",
  "Buffer",
  "Bun",
  "CanvasRenderingContext2D",
  "Deno",
  "File",
  "FileReader",
  "GPU",
  "HTMLElement",
  "MessageChannel",
  "OffscreenCanvas",
  "SVGElement",
  "URL",
  "WebAssembly",
  "WebSocket",
  "Worker",
  "XMLHttpRequest",
  "__dirname",
  "__filename",
  "alert",
  "clearInterval",
  "clearTimeout",
  "console",
  "crypto",
  "customElements",
  "document",
  "fetch",
  "frames",
  "global",
  "importScripts",
  "indexedDB",
  "localStorage",
  "location",
  "module",
  "navigator",
  "performance",
  "postMessage",
  "process",
  "queueMicrotask",
  "requestAnimationFrame",
  "require",
  "self",
  "sessionStorage",
  "setImmediate",
  "setInterval",
  "setTimeout",
  "structuredClone",
  "window",
];

/** What no source may use anywhere: it would break under a content security policy. */
export const forbiddenEverywhere: readonly string[] = ["eval", "Function"];
