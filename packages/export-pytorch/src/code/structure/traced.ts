/** A model and its loss, traced together, so that the sizes of both follow from the same batch. */
import { ArgumentError, quote } from "@flambeau/backend";
import { type Argument, type Call, trace, type Value } from "@flambeau/graph";
import { Module } from "@flambeau/nn";
import { Tensor } from "@flambeau/tensor";
import { valuesOf } from "../body/steps.ts";

/** What computes the loss: a module, or a function of the model's output and the rest of a batch. */
export type Loss = Module | ((...args: never[]) => Tensor);

/** The call of a model, and those of the loss. */
export interface Traced {
  readonly model: Call;
  /** What the loss is given behind the model's output. */
  readonly rest: readonly Value[];
  readonly lossCalls: readonly Call[];
  readonly loss: Argument;
  /** What is traced, as a function: for other runs of the same. */
  readonly whole: Module;
  readonly arguments: readonly Tensor[];
}

/** The model and its loss as one module, so that parameters have names. */
class Whole extends Module {
  readonly model: Module;
  readonly #loss: Loss;
  readonly #shape: readonly unknown[];
  readonly #repeats: boolean;

  constructor(model: Module, loss: Loss, inputs: readonly unknown[], rest: readonly Tensor[] | undefined) {
    super();
    this.model = model;
    this.#loss = loss;
    this.#shape = inputs;
    this.#repeats = rest === undefined;
  }

  override forward(...all: Tensor[]): Tensor {
    const tensors = [...all];
    const inputs = this.#shape.map((input) => filled(input, tensors));
    const rest = this.#repeats ? inputs : tensors;
    return (this.#loss as (...args: unknown[]) => Tensor)(this.model(...inputs), ...rest);
  }
}

function filled(input: unknown, tensors: Tensor[]): unknown {
  if (input instanceof Tensor) return tensors.shift();
  return Array.isArray(input) ? input.map((part) => filled(part, tensors)) : input;
}

function tensorsIn(input: unknown): Tensor[] {
  if (input instanceof Tensor) return [input];
  return Array.isArray(input) ? input.flatMap(tensorsIn) : [];
}

/** Traces a model with its loss; the first dimension of each tensor is the batch. */
export function traceWhole(
  model: Module,
  loss: Loss,
  inputs: readonly unknown[],
  rest: readonly Tensor[] | undefined,
): Traced {
  if (!(model instanceof Module))
    throw new ArgumentError(`emitModel: model is a module; got ${quote(model)}`);
  if (typeof loss !== "function")
    throw new ArgumentError(`emitModel: loss is a module or a function; got ${quote(loss)}`);
  const whole = new Whole(model, loss, inputs, rest);
  const all = [...tensorsIn(inputs), ...(rest ?? [])];
  const graph = trace(whole, all, { axes: all.map(({ ndim }) => (ndim > 0 ? { 0: "batch" } : undefined)) });
  const [call] = graph.calls;
  const [first, ...lossCalls] = call.inner;
  const count = tensorsIn(inputs).length;
  const given = graph.inputs.slice(count);
  return {
    model: first,
    rest: rest === undefined ? graph.inputs.slice(0, count) : given,
    lossCalls,
    loss: call.result,
    whole,
    arguments: all,
  };
}

/** Each call of a module within a call, outer ones first. */
export function moduleCalls(call: Call): Call[] {
  const inner = call.inner.flatMap((one) => moduleCalls(one));
  return call.kind === "module" ? [call, ...inner] : inner;
}

export { valuesOf };
