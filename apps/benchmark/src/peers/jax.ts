/**
 * jax-js on WebAssembly or WebGPU, compiled (`jit`) or op by op. A call consumes its arguments; `.ref` keeps one for another use.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type * as library from "@jax-js/jax";
import { type Inputs, type NdArray, transposed } from "../arrays.ts";
import type { Device } from "../libraries.ts";
import type { Body } from "../work.ts";
import type { Started } from "./peer.ts";

type JaxArray = library.Array;

/** The library, and `jit` or nothing in its place. */
export interface Jax {
  readonly jax: typeof library;
  readonly compile: <F extends (...args: never[]) => unknown>(f: F) => F;
  /** Whether a training's round is waited for at its end, instead of each step. */
  readonly isQueued: boolean;
}

export async function start(device: Device, jit: boolean): Promise<Started<Jax>> {
  const jax = await import("@jax-js/jax");
  const isQueued = device === "webgpu";
  if (isQueued) await provideGpu();
  const backend = isQueued ? "webgpu" : "wasm";
  const ready = await jax.init(backend);
  if (!ready.includes(backend)) throw new Error(`no ${backend} here`);
  jax.defaultDevice(backend);
  const entry = fileURLToPath(import.meta.resolve("@jax-js/jax"));
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8"));
  const compile = (jit ? jax.jit : (f: unknown) => f) as Jax["compile"];
  // Its threads want a global `Worker`, which Node has not.
  return { api: { jax, compile, isQueued }, version, threads: 1 };
}

/** Node has no WebGPU of its own: jax-js gets the one that this library takes, too. */
async function provideGpu(): Promise<void> {
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);
  Object.defineProperty(globalThis, "navigator", {
    value: { gpu: create([]), userAgent: "Node" },
    configurable: true,
  });
}

export function load({ jax }: Jax, { shape, data }: NdArray): JaxArray {
  return jax.numpy.array(data, { shape: [...shape] });
}

/** Reads and releases an array. */
export async function read(array: JaxArray): Promise<NdArray> {
  const { shape } = array;
  return { shape, data: new Float32Array((await array.data()) as Float32Array) };
}

/** An operation on arrays as a body. */
export function operation(
  api: Jax,
  compute: (...args: JaxArray[]) => JaxArray,
  args: readonly JaxArray[],
): Body {
  const compiled = api.compile(compute);
  const call = (): JaxArray => compiled(...args.map((array) => array.ref));
  return {
    // Not on a GPU either at a round's end only: what is asked for and let go before someone waits is never computed.
    run: async () => {
      const result = call();
      await result.blockUntilReady();
      result.dispose();
    },
    results: async () => ({ result: await read(call()) }),
  };
}

/** What an optimizer makes of parameters, gradients and its state; consumes them all. */
interface Update {
  readonly stateFor: (parameters: readonly JaxArray[]) => JaxArray[];
  /** What changes from step to step; the first step is 1. */
  readonly scalars: (step: number) => number[];
  readonly apply: (
    parameters: readonly JaxArray[],
    gradients: readonly JaxArray[],
    state: readonly JaxArray[],
    scalars: readonly JaxArray[],
  ) => { parameters: JaxArray[]; state: JaxArray[] };
}

/** Adam as PyTorch has it by default (Kingma and Ba, 2015, with the two corrections as scalars). */
export function adam({ jax }: Jax, rate: number): Update {
  const { sqrt, zerosLike } = jax.numpy;
  return {
    stateFor: (parameters) => [...parameters, ...parameters].map((p) => zerosLike(p.ref)),
    scalars: (step) => [1 / (1 - 0.9 ** step), 1 / (1 - 0.999 ** step)],
    apply: (parameters, gradients, state, [first, second]) => {
      const count = parameters.length;
      const next = { parameters: [] as JaxArray[], state: [] as JaxArray[] };
      const squares: JaxArray[] = [];
      for (let i = 0; i < count; i++) {
        const m = state[i].mul(0.9).add(gradients[i].ref.mul(0.1));
        const v = state[count + i].mul(0.999).add(gradients[i].ref.mul(gradients[i]).mul(0.001));
        const direction = m.ref.mul(first.ref).div(sqrt(v.ref.mul(second.ref)).add(1e-8));
        next.parameters.push(parameters[i].sub(direction.mul(rate)));
        next.state.push(m);
        squares.push(v);
      }
      first.dispose();
      second.dispose();
      next.state.push(...squares);
      return next;
    },
  };
}

export function sgd(_: Jax, rate: number): Update {
  return {
    stateFor: () => [],
    scalars: () => [],
    apply: (parameters, gradients) => ({
      parameters: parameters.map((parameter, i) => parameter.sub(gradients[i].mul(rate))),
      state: [],
    }),
  };
}

/**
 * A step of training as a body. `lossOf` consumes its arguments. Matrices of weights have their inputs in rows, as the
 * library's own examples keep them: they are transposed on the way in and out.
 */
export function training(
  api: Jax,
  inputs: Inputs,
  update: Update,
  lossOf: (parameters: JaxArray[], data: JaxArray[]) => JaxArray,
  data: readonly JaxArray[],
): Body {
  const { jax } = api;
  const names = Object.keys(inputs).filter((name) => /^p\d+$/.test(name));
  let parameters = names.map((name) => load(api, transposed(inputs[name])));
  let state = update.stateFor(parameters);
  let count = 0;
  const compiled = api.compile((p: JaxArray[], s: JaxArray[], scalars: JaxArray[], d: JaxArray[]) => {
    const [loss, gradients] = jax.valueAndGrad(lossOf)(
      p.map((array) => array.ref),
      d,
    );
    return { loss, ...update.apply(p, gradients as JaxArray[], s, scalars) };
  });
  const step = (): JaxArray => {
    count++;
    const scalars = update.scalars(count).map((value) => jax.numpy.array([value], { shape: [] }));
    const next = compiled(
      parameters,
      state,
      scalars,
      data.map((array) => array.ref),
    );
    ({ parameters, state } = next);
    return next.loss;
  };
  /** On a GPU a round is waited for by its last loss; steps depend on each other, so that all are computed. */
  const waits = (): Pick<Body, "run" | "finish"> => {
    let last: JaxArray | undefined;
    if (!api.isQueued) {
      const run = async (): Promise<void> => {
        const loss = step();
        await jax.blockUntilReady([...parameters, ...state, loss]);
        loss.dispose();
      };
      return { run };
    }
    const run = (): void => {
      last?.dispose();
      last = step();
    };
    return { run, finish: async () => last?.ref.data() };
  };
  return {
    ...waits(),
    results: async () => {
      const losses = new Float32Array(2);
      for (let i = 0; i < 2; i++) losses[i] = (await read(step())).data[0];
      const all: Record<string, NdArray> = { losses: { shape: [2], data: losses } };
      for (const [i, name] of names.entries()) all[name] = transposed(await read(parameters[i].ref));
      return all;
    },
  };
}
