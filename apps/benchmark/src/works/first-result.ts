/** From the first import to the first number, in a fresh process, of the packages as users install them. */
import { execFile, spawnSync } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { environment, findPython } from "../peers/process.ts";
import type { Probe } from "../work.ts";

const app = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

/** A module that prints how long it took to its result. It runs the built packages: no `--conditions`. */
function script(body: string): () => Promise<number> {
  const code = `const start = performance.now(); ${body} console.log(performance.now() - start);`;
  return async () =>
    last((await run(process.execPath, ["--input-type=module", "-e", code], { cwd: app })).stdout);
}

/** The number in the last line: libraries greet too. */
function last(text: string): number {
  const value = Number(text.trim().split("\n").at(-1));
  if (Number.isNaN(value)) throw new Error(`no number in ${text}`);
  return value;
}

const jax = (body: string): (() => Promise<number>) =>
  script(`const { defaultDevice, init, jit, numpy } = await import("@jax-js/jax");
    await init("wasm"); defaultDevice("wasm"); ${body}`);

const torch = `
import time
start = time.perf_counter()
import torch
torch.tensor([1.0, 2.0, 3.0]).mul(2).sum().item()
print((time.perf_counter() - start) * 1000)`;

/** Builds the packages: users run those. */
export function build(): void {
  const turbo = join(app, "..", "..", "tools", "turbo.ts");
  const { status } = spawnSync(process.execPath, [turbo, "run", "build"], { stdio: "ignore" });
  if (status !== 0) throw new Error("the packages do not build: `npm run build` tells why");
}

const flambeau = (name: string, also = ""): (() => Promise<number>) =>
  script(`const { tensor } = await import("${name}"); ${also} await tensor([1, 2, 3]).mul(2).sum().item();`);

const measured: Probe["measure"] = {
  flambeau: flambeau("flambeau"),
  torch: async () => {
    const python = findPython();
    if (python === undefined) throw new Error("no Python with torch here");
    return last((await run(python, ["-c", torch], { env: environment(1) })).stdout);
  },
  "jax-jit": jax("await jit((x) => x.mul(2).sum())(numpy.array([1, 2, 3])).data();"),
  "jax-eager": jax("await numpy.array([1, 2, 3]).mul(2).sum().data();"),
  tfjs: script(`const tf = await import("@tensorflow/tfjs-core"); await import("@tensorflow/tfjs-backend-wasm");
    await tf.setBackend("wasm"); await tf.sum(tf.mul(tf.tensor([1, 2, 3]), 2)).data();`),
};

const onlyOurs = "the row above is theirs";

export const probes: readonly Probe[] = [
  {
    id: "first-result/all",
    title: "import to first result",
    unit: "ms",
    quick: true,
    prepare: build,
    measure: measured,
  },
  {
    id: "first-result/tensor",
    title: "import to first result, @flambeau/tensor alone",
    unit: "ms",
    prepare: build,
    measure: {
      flambeau: flambeau("@flambeau/tensor"),
      torch: onlyOurs,
      "jax-jit": onlyOurs,
      "jax-eager": onlyOurs,
      tfjs: onlyOurs,
    },
  },
];
