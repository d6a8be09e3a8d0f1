/**
 * This library.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import type * as flambeau from "flambeau";
import { type Inputs, type NdArray, ndarray } from "../arrays.ts";
import type { Device } from "../libraries.ts";
import type { Body } from "../work.ts";
import type { Started } from "./peer.ts";

export type Flambeau = typeof flambeau;

/** Looked for, not imported by name: without threads the library computes on one. */
interface Threads {
  setNumThreads(threads: number): unknown;
  getNumThreads(): number;
}

/** Where {@link load} and {@link place} put things: a process has one device. */
let device: Device = "cpu";

export async function start(threads: number, chosen: Device): Promise<Started<Flambeau>> {
  const api = await import("flambeau");
  const manifest = new URL("../../../../packages/flambeau/package.json", import.meta.url);
  const { version } = JSON.parse(readFileSync(manifest, "utf8"));
  device = chosen;
  if (device === "webgpu") {
    await api.webgpu.init();
    const { vendor, architecture, description } = api.webgpu.info();
    return { api, version, threads, adapter: `${vendor} ${architecture} (${description})` };
  }
  if (!("setNumThreads" in api)) return { api, version, threads: 1 };
  const { setNumThreads, getNumThreads } = api as unknown as Threads;
  await setNumThreads(threads);
  return { api, version, threads: getNumThreads() };
}

/** A tensor of the numbers. */
export function load({ tensor }: Flambeau, { shape, data }: NdArray): flambeau.Tensor {
  return tensor(data, { device }).reshape([...shape]);
}

/** Moves a model to the device. */
export function place<M extends flambeau.nn.Module>(model: M): M {
  return model.to(device);
}

/**
 * An operation as a body. The other libraries count references, or have to be told: their bodies give results back, and so
 * does ours, unless `left` leaves them to the garbage collector, which has no turn while the works' loop runs. A GPU's
 * result is waited for, by one of its numbers.
 */
export function operation(compute: () => flambeau.Tensor, left = false): Body {
  const disposing = device === "cpu" ? () => compute().dispose() : async () => numberOf(compute());
  const run = left ? compute : disposing;
  return { run, results: async () => ({ result: await read(compute()) }) };
}

function numberOf(tensor: flambeau.Tensor): Promise<number> {
  return tensor.detach().flatten().at(0).item();
}

export async function read(tensor: flambeau.Tensor): Promise<NdArray> {
  return { shape: tensor.shape, data: new Float32Array((await tensor.data()) as Float32Array) };
}

/** A step of training as a body; its results are two steps' losses and the parameters that they end with. */
export function training(
  api: Flambeau,
  parameters: Iterable<flambeau.Tensor>,
  inputs: Inputs,
  optimizer: flambeau.optim.Optimizer,
  lossOf: () => flambeau.Tensor,
): Body {
  const trained = [...parameters];
  api.noGrad(() => {
    trained.forEach((parameter, i) => {
      parameter.copy_(load(api, inputs[`p${i}`]));
    });
  });
  let loss: flambeau.Tensor;
  const step = (): flambeau.Tensor => {
    optimizer.zeroGrad();
    loss = lossOf();
    loss.backward();
    optimizer.step();
    return loss;
  };
  const results = async (): Promise<Record<string, NdArray>> => {
    const losses = [await step().item(), await step().item()];
    const all: Record<string, NdArray> = { losses: ndarray([2], losses) };
    for (let i = 0; i < trained.length; i++) all[`p${i}`] = await read(trained[i].detach());
    return all;
  };
  return { run: step, ...(device === "cpu" ? {} : { finish: () => numberOf(loss) }), results };
}
