/**
 * `npm run check:size`: what the built packages weigh in a page, minified and gzipped, against a budget for each. More than the
 * budget is an error: make the code smaller, or raise the budget and say in the commit what the bytes are for.
 */
import { join } from "node:path";
import { root } from "./runtimes.ts";
import { downloadByEsbuild, downloadByRollup, downloadOfFile, type Page } from "./size/bundle.ts";

/** kB (1000 bytes) that a module of a package's build may weigh, with nothing of what it imports. */
const modules: Readonly<Record<string, number>> = {
  "backend/index": 5.6,
  "cpu-backend/core": 48.1,
  // Loaded for other dtypes than float32.
  "cpu-backend/scalar-map": 3.4,
  "cpu-backend/flambeau-cpu-worker": 1.3,
  "webgpu-backend/index": 1.6,
  // Loaded when a program asks for the GPU.
  "webgpu-backend/backend": 29.6,
  "tensor/index": 67.9,
  "autograd/index": 21.5,
  "linalg/index": 17.1,
  "ops/index": 16.8,
  "special/index": 5.8,
  "masked/index": 1.9,
  "nn/index": 61.5,
  "optim/index": 19,
  "data/index": 4.5,
  // The data of loadIris and others is in files of their own.
  "datasets/index": 7.5,
  "serialization/core": 2.3,
  "serialization/gguf": 3.4,
  "serialization/npz": 0.8,
  "serialization/pt": 8.6,
  "serialization/safetensors": 3.5,
  "serialization/zip": 3.2,
  "files/checkpoint": 3.2,
  "files/core": 12,
  "files/save": 2.9,
  "files/csv": 1.7,
  // Loaded for files with paths, and downloads into a folder.
  "files/node-store": 1.4,
  "files/path-input": 0.8,
  "files/write-path": 1.5,
  "distributions/index": 24.2,
  "metrics/index": 10,
  "progress/index": 3.2,
  "summary/index": 5.1,
  "graph/index": 6.2,
  "export-pytorch/index": 42.8,
  "onnx/index": 20.5,
  "tensorboard/index": 2.5,
  "plot/core": 2.6,
  "flambeau/index": 6.2,
};

interface PageBudget extends Page {
  readonly title: string;
  /** By the bundler that makes it, all packages together. */
  readonly rollup: number;
  readonly esbuild: number;
}

/** The benchmark's probe; the page draws its own figures, or none. */
const chapter: Page = {
  entry: `export { sections } from "./apps/chapter/src/sections.ts";
    export { Notebook } from "./apps/chapter/src/notebook.ts";`,
  external: ["@flambeau/plot"],
};

/** What pages download. */
const pages: readonly PageBudget[] = [
  {
    title: "a page that adds two tensors",
    entry: `import { tensor } from "@flambeau/tensor";
      document.body.textContent = String(tensor([1, 2]).add(tensor([3, 4])));`,
    rollup: 85.4,
    esbuild: 87,
  },
  {
    // Of the formats it has this one. esbuild puts what one package's module names into one file.
    title: "a page that loads a .safetensors",
    entry: `import { load } from "@flambeau/files";
      const { weight } = await load("https://example.org/model.safetensors");
      document.body.textContent = String(weight);`,
    later: ["safetensors"],
    rollup: 106.4,
    esbuild: 146.5,
  },
  { title: "the chapter", ...chapter, rollup: 132.5, esbuild: 261.4 },
];

let tooLarge = 0;

for (const [path, budget] of Object.entries(modules)) {
  const [name, module] = path.split("/");
  report(path, await downloadOfFile(join(root, "packages", name, "dist", `${module}.js`)), budget);
}
for (const { title, rollup, esbuild, ...page } of pages) {
  report(`${title}, by Rollup`, await downloadByRollup(page), rollup);
  report(`${title}, by esbuild`, await downloadByEsbuild(page), esbuild);
}
process.exitCode = tooLarge > 0 ? 1 : 0;

function report(title: string, bytes: number, budget: number): void {
  const kilobytes = bytes / 1000;
  const over = kilobytes > budget;
  if (over) tooLarge++;
  console.log(
    `${title.padEnd(46)}${kilobytes.toFixed(1).padStart(6)} kB of ${budget}${over ? "  TOO LARGE" : ""}`,
  );
}
