/**
 * What runs where. Every test runs in full on Node 24. Elsewhere runs what can differ there: kernels, which an engine
 * compiles, and devices. What cannot is left out, or runs with fewer draws: the formula of a derivative does not depend on
 * the engine that evaluates it.
 */
export type Platform = "node" | "node20" | "bun" | "deno" | "chromium";

export interface Plan {
  /** The part of each property's draws that is made. */
  readonly draws: number;
  /** The cases that are drawn of each sample on the GPU. */
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
  "packages/optim/",
  "packages/plot/",
  "packages/summary/",
  "apps/",
];

export const plans: Readonly<Record<Platform, Plan>> = {
  node: { draws: 1, gpuDraws: 3, without: [] },
  // The devices' suite runs in current runtimes; the GPU device's own tests run here, too. What the site's build makes is made on
  // Node 24.
  node20: {
    draws: 1 / 6,
    gpuDraws: 0,
    without: [...mutants, ...editors, "tests/src/devices/", "docs/test/language"],
  },
  // Bun's and Chromium's WebGPU are Dawn, as Node's is. Deno's is wgpu.
  bun: { draws: 1 / 6, gpuDraws: 1, without: [...mutants, ...editors, ...plainCode] },
  deno: { draws: 1 / 6, gpuDraws: 3, without: [...mutants, ...editors, ...plainCode] },
  // A second copy is made by esbuild, which a page has not.
  chromium: { draws: 1 / 6, gpuDraws: 1, without: [...mutants, ...editors, "copies.test.ts"] },
};

/** What the tests read of the plan, as settings (tests/src/setting.ts). */
export function settingsOf({ draws, gpuDraws }: Plan): Record<string, string> {
  return { FLAMBEAU_DRAWS: String(draws), FLAMBEAU_GPU_DRAWS: String(gpuDraws) };
}
