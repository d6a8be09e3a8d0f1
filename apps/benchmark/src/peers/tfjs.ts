/**
 * TensorFlow.js on its WebAssembly backend. Its tensors are freed by `tidy` and `dispose`.
 *
 * @module
 */
import { registerHooks } from "node:module";
import type * as tf from "@tensorflow/tfjs-core";
import { type Inputs, type NdArray, transposed } from "../arrays.ts";
import type { Body } from "../work.ts";
import type { Started } from "./peer.ts";

export type Tfjs = typeof tf;

export async function start(threads: number): Promise<Started<Tfjs>> {
  const api = await import("@tensorflow/tfjs-core");
  const wasm = await import("@tensorflow/tfjs-backend-wasm");
  await registerGradients();
  wasm.setThreadsCount(threads);
  if (!(await api.setBackend("wasm"))) throw new Error("the wasm backend did not start");
  await api.ready();
  // Its wasm backend looks for threads in browsers only (flags_wasm.ts): the count it was given would stay unused.
  const threaded = await api.env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT");
  return { api, version: api.version_core, threads: threaded ? wasm.getThreadsCount() : 1 };
}

/**
 * Loads the derivatives, which tfjs-core leaves to whoever imports it. The file names its imports as bundlers want them;
 * its ops are a second copy of tfjs-core's, which meets the first in global registries, as that library provides for.
 */
async function registerGradients(): Promise<void> {
  registerHooks({
    resolve(specifier, context, next) {
      const inside = specifier.startsWith(".") && /tfjs-core\/dist\/[^.]*\.js$/.test(context.parentURL ?? "");
      return next(inside && !specifier.endsWith(".js") ? `${specifier}.js` : specifier, context);
    },
  });
  await import("@tensorflow/tfjs-core/dist/register_all_gradients.js");
}

export function load(api: Tfjs, { shape, data }: NdArray): tf.Tensor {
  return api.tensor(data, [...shape], "float32");
}

export async function read(tensor: tf.Tensor): Promise<NdArray> {
  return { shape: tensor.shape, data: new Float32Array((await tensor.data()) as Float32Array) };
}

/** An operation as a body. */
export function operation(compute: () => tf.Tensor): Body {
  return {
    run: () => {
      compute().dispose();
    },
    results: async () => {
      const tensor = compute();
      const result = await read(tensor);
      tensor.dispose();
      return { result };
    },
  };
}

/**
 * A step of training as a body. Matrices of weights have their inputs in rows, as its own layers keep them: they are
 * transposed on the way in and out.
 */
export function training(
  api: Tfjs,
  inputs: Inputs,
  optimizer: tf.Optimizer,
  lossOf: (parameters: tf.Tensor[]) => tf.Tensor,
): Body {
  const names = Object.keys(inputs).filter((name) => /^p\d+$/.test(name));
  const parameters = names.map((name) => api.variable(load(api, transposed(inputs[name]))));
  const minimize = (wanted: boolean): tf.Scalar | null =>
    optimizer.minimize(() => lossOf(parameters) as tf.Scalar, wanted, parameters);
  return {
    run: () => {
      minimize(false);
    },
    results: async () => {
      const losses = new Float32Array(2);
      for (let i = 0; i < 2; i++) {
        const loss = minimize(true)!;
        losses[i] = (await loss.data())[0];
        loss.dispose();
      }
      const all: Record<string, NdArray> = { losses: { shape: [2], data: losses } };
      for (const [i, name] of names.entries()) all[name] = transposed(await read(parameters[i]));
      return all;
    },
  };
}

/** Adam as PyTorch has it by default. */
export function adam(api: Tfjs, rate: number): tf.Optimizer {
  return api.train.adam(rate, 0.9, 0.999, 1e-8);
}
