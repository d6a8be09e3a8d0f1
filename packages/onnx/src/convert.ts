/** A model as an ONNX graph. */
import { ArgumentError, quote } from "@flambeau/backend";
import {
  type Argument,
  type Extent,
  type Graph,
  restoring,
  Size,
  type Traceable,
  trace,
  type Value,
  valuesIn,
} from "@flambeau/graph";
import { Module } from "@flambeau/nn";
import { Builder, type Ref, valueInfo } from "./builder.ts";
import { Emit } from "./emit.ts";
import { Memories } from "./memory.ts";
import { type OnnxOptions, planOf } from "./options.ts";
import type { Message } from "./proto/messages.ts";
import { Sizes } from "./sizes.ts";
import { Walk } from "./walk.ts";

/** A model that is written but for the elements of its weights. */
export interface Converted {
  readonly builder: Builder;
  readonly name: string;
  readonly inputs: readonly Message[];
  readonly outputs: readonly Message[];
  readonly values: readonly Message[];
}

/** @throws what `exportOnnx` throws. */
export function convert(model: Traceable, inputs: readonly unknown[], options: OnnxOptions): Converted {
  if (typeof model !== "function")
    throw new ArgumentError(`exportOnnx: model is a module or a function; got ${quote(model)}`);
  if (!Array.isArray(inputs))
    throw new ArgumentError(`exportOnnx: inputs is an array of arguments; got ${quote(inputs)}`);
  const plan = planOf(model, inputs, options);
  const graph = restoring(model, () => {
    if (model instanceof Module) model.eval();
    return trace(model, inputs, { axes: plan.axes });
  });
  const builder = new Builder(plan.opset);
  const names = plan.inputNames.map((name) => builder.unique(name));
  const memories = new Memories(builder);
  const refs = graph.inputs.map((value, i): Ref => ({ name: names[i], dtype: value.dtype }));
  for (const [i, value] of graph.inputs.entries()) memories.add(value, refs[i]);
  const outputs = outputsOf(graph.output, plan.outputNames);
  for (const [name] of outputs) builder.unique(name);
  const sizes = new Sizes(
    builder,
    graph.inputs.map((value, i) => [value, refs[i]]),
  );
  const x: Emit = new Emit(builder, sizes, memories, (value) => hold(x, memories, value));
  new Walk(x, memories, graph).calls(graph.calls);
  const results = outputs.map(([, value]) => x.of(value));
  const values = memories.shown();
  const renamed = nameOutputs(
    builder,
    results,
    outputs.map(([name]) => name),
  );
  builder.prune(outputs.map(([name]) => name));
  return {
    builder,
    name: model instanceof Module ? model.constructor.name : model.name || "graph",
    inputs: graph.inputs.map((value, i) => valueInfo(names[i], value.dtype, dimsOf(names[i], value.shape))),
    outputs: outputs.map(([name, value], i) => valueInfo(name, results[i].dtype, dimsOf(name, value.shape))),
    values: infosOf(
      builder,
      graph,
      values,
      renamed,
      outputs.map(([name]) => name),
    ),
  };
}

/** A tensor that the program holds: a parameter, a buffer or a constant becomes a part of the model. */
function hold(x: Emit, memories: Memories, value: Value): Ref {
  const { tensor, origin, name, dtype } = value;
  if (tensor === null)
    return x.refuse("it takes a tensor that is made anew in each run, by no call that is seen");
  const { scope } = x.builder;
  x.builder.scope = "";
  const ref = x.builder.hold(name === "" ? "constant" : name, dtype, tensor.shape, tensor);
  x.builder.scope = scope;
  const what = name === "" ? "a constant of the model" : `the ${origin} ${quote(name)}`;
  memories.add(value, ref, `it is ${what}, and a model in ONNX has no state`);
  return ref;
}

/** The tensors among the results, with their names. */
function outputsOf(
  output: Argument,
  given: readonly string[] | undefined,
): (readonly [name: string, value: Value])[] {
  const values = valuesIn(output);
  if (values.length === 0) throw new ArgumentError("exportOnnx: the model returns no tensor");
  if (given !== undefined && given.length !== values.length)
    throw new ArgumentError(
      `exportOnnx: outputNames has ${given.length} names; the model returns ${values.length} tensors`,
    );
  const names = given ?? namesOf(output, "");
  return values.map((value, i) => [names[i], value]);
}

/** Names for the tensors of a result: `output`, numbers in arrays, keys of objects. */
function namesOf(output: Argument, path: string): string[] {
  const count = valuesIn(output).length;
  if (count === 0) return [];
  if (Array.isArray(output))
    return output.flatMap((one, i) => namesOf(one, path === "" ? `output${i}` : `${path}.${i}`));
  if ("shape" in (output as object) && "origin" in (output as object)) return [path === "" ? "output" : path];
  return Object.entries(output as { readonly [name: string]: Argument }).flatMap(([key, one]) =>
    namesOf(one, path === "" ? key : `${path}.${key}`),
  );
}

/** Gives results the names of the outputs; a result that has one, or is made by no node, is passed on under the other. */
function nameOutputs(
  builder: Builder,
  results: readonly Ref[],
  names: readonly string[],
): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const [i, { name }] of results.entries()) {
    if (!renamed.has(name) && builder.rename(name, names[i])) renamed.set(name, names[i]);
    else builder.copy(renamed.get(name) ?? name, names[i]);
  }
  return renamed;
}

/** The sizes of a shape; one that no sum of products says has a name of its own. */
function dimsOf(name: string, shape: readonly Extent[]): (number | string)[] {
  return shape.map((size, d) =>
    size instanceof Size ? String(size) : size === null ? `${name}_axis_${d}` : size,
  );
}

/** The types of what nodes give, as far as the graph says their shapes. */
function infosOf(
  builder: Builder,
  graph: Graph,
  values: readonly (readonly [Value, Ref])[],
  renamed: ReadonlyMap<string, string>,
  outputs: readonly string[],
): Message[] {
  const made = builder.results;
  const known = new Set<string>(outputs);
  const isShown = (value: Value): boolean => !graph.inputs.includes(value) && !value.shape.includes(null);
  return values.flatMap(([value, ref]) => {
    const name = renamed.get(ref.name) ?? ref.name;
    if (!made.has(name) || known.has(name) || !isShown(value)) return [];
    known.add(name);
    return [valueInfo(name, ref.dtype, dimsOf(name, value.shape))];
  });
}
