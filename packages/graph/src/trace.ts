/** The calls of a program on example inputs, as a graph. */

import { noGrad } from "@flambeau/autograd";
import { ArgumentError, quote } from "@flambeau/backend";
import { Module } from "@flambeau/nn";
import type { Tensor } from "@flambeau/tensor";
import { runsFor } from "./fit.ts";
import type { Graph } from "./graph.ts";
import { axesOf, namesOf, type OpenDims, resized, tensorsOf, withTensors } from "./inputs.ts";
import { merge } from "./merge.ts";
import { checkOptions } from "./options.ts";
import { restoring } from "./restoring.ts";
import { type Names, type Run, runOnce } from "./run.ts";

/** Options of `trace`. */
export interface TraceOptions {
  /** For each input tensor the dimensions whose size is left open, `[{ 0: "batch" }]`. Default none. */
  readonly axes?: readonly (OpenDims | undefined)[];
}

/** What can be traced: a model, or a function of tensors. */
export type Traceable = Module | ((...args: never[]) => unknown);

/**
 * Runs a model or a function on example inputs and gives its calls: what the program called, in its order, with arguments by name; within
 * a module its own calls; within a call of the library the primitives it ran. Sizes that follow from open dimensions become
 * sums of products of them. To find these it runs several times, on inputs of other sizes that are made of the examples. Nothing is
 * recorded for gradients; buffers and the default generator are afterwards as they were.
 *
 * @throws TraceError when the program reads elements, loops over an open size, or has a number that follows from open sizes in no way
 *   that a sum of products can say; ArgumentError when an argument is wrong; what the program throws.
 *
 * @example
 * ```ts
 * import { trace } from "@flambeau/graph";
 * import { nn, randn } from "flambeau";
 *
 * const model = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
 * const { calls, axes } = trace(model, [randn([4, 2])], { axes: [{ 0: "batch" }] });
 * const [sequential] = calls;
 * console.log(sequential.inner.map(({ name, outputs }) => `${name} [${outputs[0].shape}]`), axes);
 * // [ 'Linear [batch,3]', 'ReLU [batch,3]' ] { batch: 4 }
 * ```
 */
export function trace(model: Traceable, inputs: readonly unknown[], options: TraceOptions = {}): Graph {
  if (typeof model !== "function")
    throw new ArgumentError(`trace: model is a module or a function; got ${quote(model)}`);
  if (!Array.isArray(inputs))
    throw new ArgumentError(`trace: inputs is an array of arguments; got ${quote(inputs)}`);
  checkOptions("trace", ["axes"], options);
  const given = tensorsOf(inputs);
  const { axes: open = [] } = options;
  if (!Array.isArray(open))
    throw new ArgumentError(`trace: axes is an array of { dimension: name }; got ${quote(open)}`);
  const runs = runsFor(axesOf(given, open));
  const names = inputNames(model, inputs);
  const made = restoring(model, () =>
    runs.sizes.map((at): Run => {
      const sizes = Object.fromEntries(runs.axes.map((axis, i) => [axis, at[i]]));
      const fresh = new Map(given.map((x, i) => [x, resized(x, open[i], sizes)]));
      const args = withTensors(inputs, (x) => fresh.get(x) as Tensor) as never[];
      return runOnce(() => noGrad(() => model(...args)), namesIn(model, [...fresh.values()], names));
    }),
  );
  return merge(runs, made);
}

/**
 * The names of the tensors among the arguments of a model: those of the parameters of `forward`, numbered where one holds several.
 *
 * @example
 * ```ts
 * import { inputNames } from "@flambeau/graph";
 * import { type Tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(inputNames((x: Tensor, states: Tensor[]) => [x, ...states], [zeros([1]), [zeros([1]), zeros([1])]]));
 * // [ 'x', 'states0', 'states1' ]
 * ```
 */
export function inputNames(model: Traceable, inputs: readonly unknown[]): string[] {
  return namesOf(forwardOf(model), inputs);
}

function forwardOf(model: Traceable): (...args: never[]) => unknown {
  return model instanceof Module ? model.forward : model;
}

function namesIn(model: Traceable, inputs: readonly Tensor[], names: readonly string[]): Names {
  const isModule = model instanceof Module;
  return {
    inputs: new Map(inputs.map((x, i) => [x, names[i]])),
    parameters: new Map(isModule ? model.namedParameters().map(([name, x]) => [x, name]) : []),
    buffers: new Map(isModule ? model.namedBuffers().map(([name, x]) => [x, name]) : []),
    modules: new Map(isModule ? model.namedModules().map(([name, module]) => [module, name]) : []),
  };
}
