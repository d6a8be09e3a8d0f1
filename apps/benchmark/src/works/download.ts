/**
 * What a browser downloads, minified and gzipped: for this library the chapter's own sections with all they import; for
 * the others, which have no data sets, loaders or summaries, the library as far as a training step needs it.
 *
 * Ours is bundled by Rollup, as Vite does it, and by esbuild, which keeps the whole of namespaces like `nn`; the others
 * export names, of which both keep the same to one part in sixty.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build as bundle } from "esbuild";
import { downloadByEsbuild, downloadByRollup, type Page } from "../../../../tools/size/bundle.ts";
import type { Probe } from "../work.ts";
import { build } from "./first-result.ts";

const app = fileURLToPath(new URL("../..", import.meta.url));
const entry = `export { sections } from "./apps/chapter/src/sections.ts"; export { Notebook } from "./apps/chapter/src/notebook.ts";`;

/** A page that draws its own figures needs no plotting library. */
const chapter: Page = { entry, external: ["@flambeau/plot"] };

/** kB of a bundle, a kB being 1000 bytes. */
async function kilobytes(contents: string): Promise<number> {
  const { outputFiles } = await bundle({
    stdin: { contents, resolveDir: app, loader: "ts" },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    external: ["node:*"],
    logLevel: "silent",
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length / 1000;
}

const inKilobytes = async (bytes: Promise<number>): Promise<number> => (await bytes) / 1000;

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
const onlyOurs = "the row above is theirs";
const others: Probe["measure"] = {
  torch: browserless,
  "jax-jit": onlyOurs,
  "jax-eager": onlyOurs,
  tfjs: onlyOurs,
};
const drawsNone = "draws no figures";

export const probes: readonly Probe[] = [
  {
    id: "download/chapter",
    title: "download for the chapter, without its figures (others: the library alone)",
    unit: "kB",
    exact: true,
    quick: true,
    prepare: build,
    measure: {
      flambeau: () => inKilobytes(downloadByRollup(chapter)),
      torch: browserless,
      "jax-jit": jax,
      "jax-eager": jax,
      tfjs,
    },
  },
  {
    id: "download/chapter-by-esbuild",
    title: "the same, bundled by esbuild",
    unit: "kB",
    exact: true,
    quick: true,
    prepare: build,
    measure: { flambeau: () => inKilobytes(downloadByEsbuild(chapter)), ...others },
  },
  {
    id: "download/chapter-with-figures",
    title: "download for the chapter with its figures, bundled by esbuild",
    unit: "kB",
    exact: true,
    quick: true,
    prepare: build,
    measure: {
      flambeau: () => inKilobytes(downloadByEsbuild({ entry })),
      torch: browserless,
      "jax-jit": drawsNone,
      "jax-eager": drawsNone,
      tfjs: drawsNone,
    },
  },
];
