import { ArgumentError, quote } from "@flambeau/backend";
import {
  type Argument,
  type Call,
  type Graph,
  type OpenDims,
  restoring,
  trace,
  type Value,
} from "@flambeau/graph";
import { Module } from "@flambeau/nn";
import { getRngState, Tensor } from "@flambeau/tensor";
import { ExportError } from "../errors.ts";
import { type Detached, detachedIn, flagsOf } from "./gradients.ts";
import { withOwnResults } from "./identities.ts";
import { withSeparateArguments } from "./separate.ts";

/** What computes the loss: a module, or a function of the model's output and the rest of a batch. */
export type Loss = Module | ((...args: never[]) => Tensor);

/** The call of a model, and those of the loss. */
export interface Traced {
  readonly model: Call;
  /** What the loss is given behind the model's output. */
  readonly rest: readonly Value[];
  readonly lossCalls: readonly Call[];
  readonly loss: Argument;
  /** The call of the model in evaluation mode. */
  readonly evaluation: Call;
  /** Where gradients stop. */
  readonly detached: Detached;
  /** Whether random numbers are drawn in training. */
  readonly draws: boolean;
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

/**
 * Traces a model with its loss in training mode, and the model in evaluation mode; the first dimension of each tensor is the batch.
 *
 * @throws TraceError when the program cannot be traced; ArgumentError when an argument is wrong.
 */
export function traceWhole(
  model: Module,
  loss: Loss,
  inputs: readonly unknown[],
  rest: readonly Tensor[] | undefined,
): Traced {
  check(model, loss, inputs, rest);
  const whole = new Whole(model, loss, inputs, rest);
  const all = [...tensorsIn(inputs), ...(rest ?? [])];
  const length = openLength(all);
  return restoring(model, () => {
    const run = (): Run =>
      withSeparateArguments(model, () => {
        const { calls, inputs } = traceOpen(whole, all, length);
        return restoring(model, () => {
          const before = getRngState();
          const flags = flagsOf(() => whole(...all));
          const call = withOwnResults(calls[0]);
          const draws = String(before) !== String(getRngState());
          return { call, inputs, draws, detached: detachedIn([call], flags) };
        });
      });
    model.eval();
    const evaluation = run();
    model.train();
    const training = run();
    const { call, draws, inputs: values } = training;
    const detached = new Map([...evaluation.detached, ...training.detached]);
    const count = tensorsIn(inputs).length;
    const [first, ...lossCalls] = call.inner;
    return {
      model: first,
      evaluation: evaluation.call.inner[0],
      rest: rest === undefined ? values.slice(0, count) : values.slice(count),
      lossCalls,
      loss: call.result,
      detached,
      draws,
    };
  });
}

const batch: OpenDims = { 0: "batch" };

/** Inputs of which the second dimension is open, too. */
interface OpenLength {
  readonly inputs: readonly Tensor[];
  readonly axes: readonly (OpenDims | undefined)[];
}

/** The inputs with a second dimension that may be a length: the same in all that have the first one's, and shorter than it is, as a model may take no more. */
function openLength(all: readonly Tensor[]): OpenLength | undefined {
  const [first] = all;
  const length = first.ndim > 1 ? first.shape[1] : 0;
  if (length < 8) return undefined;
  const has = (x: Tensor): boolean => x.ndim > 1 && x.shape[1] === length;
  return {
    inputs: all.map((x) => (has(x) ? x.narrow(1, 0, length - 4).contiguous() : x)),
    axes: all.map((x) => (has(x) ? { ...batch, 1: "time" } : x.ndim > 0 ? batch : undefined)),
  };
}

/** Traces a program with batch and length open where it takes other lengths, else with an open batch. */
function traceOpen(whole: Module, all: readonly Tensor[], length: OpenLength | undefined): Graph {
  if (length !== undefined) {
    try {
      return trace(whole, length.inputs, { axes: length.axes });
    } catch {
      // What is wrong with the program itself the next trace says.
    }
  }
  return trace(whole, all, { axes: all.map(({ ndim }) => (ndim > 0 ? batch : undefined)) });
}

/** The trace of one mode. */
interface Run {
  readonly call: Call;
  readonly inputs: readonly Value[];
  readonly draws: boolean;
  readonly detached: Detached;
}

function check(model: unknown, loss: unknown, inputs: unknown, rest: unknown): void {
  if (!(model instanceof Module))
    throw new ArgumentError(`emitModel: model is a module; got ${quote(model)}`);
  if (typeof loss !== "function")
    throw new ArgumentError(`emitModel: loss is a module or a function; got ${quote(loss)}`);
  if (!Array.isArray(inputs) || tensorsIn(inputs).length === 0)
    throw new ArgumentError(`emitModel: inputs is an array of the model's arguments; got ${quote(inputs)}`);
  if (rest !== undefined && !(Array.isArray(rest) && rest.every((x) => x instanceof Tensor)))
    throw new ArgumentError(`emitModel: rest is an array of tensors; got ${quote(rest)}`);
  for (const [path, module] of model.namedModules())
    if (Module.hasHooks(module))
      throw new ExportError(
        `the module ${path === "" ? quote(module.constructor.name) : quote(path)} has hooks, whose code no trace shows`,
      );
}

/** Each call of a module within a call, outer ones first. */
export function moduleCalls(call: Call): Call[] {
  const inner = call.inner.flatMap((one) => moduleCalls(one));
  return call.kind === "module" ? [call, ...inner] : inner;
}
