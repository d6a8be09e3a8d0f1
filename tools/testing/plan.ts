/**
 * What runs where. Every test runs in full on Node 24. Elsewhere runs what can differ there: kernels, which an engine
 * compiles, and devices. What cannot is left out, or runs with fewer draws: the formula of a derivative does not depend on
 * the engine that evaluates it.
 */
export type Platform = "node" | "node20" | "bun" | "deno" | "chromium";

export interface Plan {
  /** The part of each property's draws that is made. */
  readonly draws: number;
  /** The cases that are drawn of each sample on the GPU; without any, samples do not run there. */
  readonly gpuDraws: number;
  /** Parts of the paths of test files that are left out. */
  readonly without: readonly string[];
}

/** Files that judge other tests. */
const mutants = ["mutants.test.ts"];

/** What TypeScript says of a program, whatever runs it. */
const editors = ["tests/tools/editor.test.ts"];

/** TypeScript that uses nothing of an engine but the language; packages/flambeau/test and the chapter go through all of it. */
const plainCode = [
  "packages/data/",
  "packages/datasets/",
  "packages/metrics/",
  "packages/optim/",
  "packages/plot/",
  "packages/summary/",
  "apps/",
];

/** Finite differences, and steps of optimizers: their formulas are the same everywhere, and so are the ops under them. */
const formulas = [
  "tests/src/gradients/",
  "tests/src/layers/",
  "packages/linalg/test/gradients",
  "packages/ops/test/shapes-gradients",
  "tests/src/records/optimizers",
  "tests/src/records/schedules",
  "tests/src/records/inits",
];

/** How arguments are checked, and reproductions of faults that were in the library's own code. */
const checks = ["tests/src/calls/", "arguments.test.ts", "tests/src/gaps/"];

/** Stand-ins for what a runtime may lack: the same in all that have WebAssembly. */
const surroundings = ["tests/src/surroundings/"];

/** Packages and records that see nothing of a runtime but its engine, which is Node's. */
const sameEngine = [
  "packages/autograd/",
  "packages/backend/",
  "packages/nn/",
  "packages/tensor/",
  "tests/src/programs/",
  "tests/src/records/",
];

const elsewhere = [...mutants, ...editors, ...formulas, ...checks, ...surroundings];

export const plans: Readonly<Record<Platform, Plan>> = {
  node: { draws: 1, gpuDraws: 3, without: [] },
  // The built packages, by their own tests and records. Devices' suites and the examples run in current runtimes.
  node20: {
    draws: 1 / 6,
    gpuDraws: 0,
    without: [
      ...elsewhere,
      "tests/src/devices/",
      "packages/webgpu-backend/",
      "docs/test/language",
      "examples/",
    ],
  },
  // Another engine. Its WebGPU is Dawn, as Node's is: whole programs use it.
  bun: {
    draws: 1 / 6,
    gpuDraws: 0,
    without: [...elsewhere, ...plainCode, "packages/webgpu-backend/", "tests/src/devices/specials"],
  },
  // Node's engine, and another WebGPU: wgpu.
  deno: { draws: 1 / 6, gpuDraws: 3, without: [...elsewhere, ...plainCode, ...sameEngine] },
  // Node's engine and WebGPU, as browsers have them. A second copy is made by esbuild, which a page has not; onnxruntime's own files are not
  // served.
  chromium: {
    draws: 1 / 6,
    gpuDraws: 1,
    without: [...elsewhere, ...plainCode, ...sameEngine, "copies.test.ts", "tests/src/exports/", "examples/"],
  },
};

/** What the tests read of the plan, as settings (tests/src/setting.ts). */
export function settingsOf({ draws, gpuDraws }: Plan): Record<string, string> {
  return { FLAMBEAU_DRAWS: String(draws), FLAMBEAU_GPU_DRAWS: String(gpuDraws) };
}
