/**
 * What a browser downloads, minified and gzipped: for this library the chapter's own sections with all they import; for
 * the others, which have no data sets, loaders or summaries, the library as far as a training step needs it.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, type Plugin } from "esbuild";
import type { Probe } from "../work.ts";

const app = fileURLToPath(new URL("../..", import.meta.url));
const chapter = `export { sections } from "../chapter/src/sections.ts"; export { Notebook } from "../chapter/src/notebook.ts";`;

/** kB of a bundle, a kB being 1000 bytes. */
async function kilobytes(contents: string, plugins: Plugin[] = []): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: app, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["node:*"],
    conditions: ["@flambeau/source"],
    logLevel: "silent",
    plugins,
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000;
}

/** Leaves the figures out: a page that draws its own needs no plotting library. */
const withoutPlot: Plugin = {
  name: "without plot",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^@flambeau\/plot$/ }, ({ path }) => ({ path, external: true }));
  },
};

function wasmOfTfjs(): number {
  const file = new URL("tfjs-backend-wasm-simd.wasm", import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
  return gzipSync(readFileSync(file), { level: 9 }).length / 1000;
}

const jax = (): Promise<number> =>
  kilobytes(`export { defaultDevice, init, jit, nn, numpy, valueAndGrad } from "@jax-js/jax";`);

const tfjs = async (): Promise<number> =>
  (await kilobytes(`export { losses, matMul, ready, relu, add, setBackend, tensor, train, variable }
    from "@tensorflow/tfjs-core"; import "@tensorflow/tfjs-core/dist/register_all_gradients"; import "@tensorflow/tfjs-backend-wasm";`)) +
  wasmOfTfjs();

const browserless = "does not run in a browser";

export const probes: readonly Probe[] = [
  {
    id: "download/chapter",
    title: "download for the chapter, without its figures (others: the library alone)",
    unit: "kB",
    exact: true,
    quick: true,
    measure: {
      flambeau: () => kilobytes(chapter, [withoutPlot]),
      torch: browserless,
      "jax-jit": jax,
      "jax-eager": jax,
      tfjs,
    },
  },
  {
    id: "download/chapter-with-figures",
    title: "download for the chapter with its figures",
    unit: "kB",
    exact: true,
    quick: true,
    measure: {
      flambeau: () => kilobytes(chapter),
      torch: browserless,
      "jax-jit": "draws no figures",
      "jax-eager": "draws no figures",
      tfjs: "draws no figures",
    },
  },
];
