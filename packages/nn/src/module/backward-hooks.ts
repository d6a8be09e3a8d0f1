import { gate, isGradEnabled } from "@flambeau/autograd";
import {
  AutogradError,
  type DType,
  formatShape,
  quote,
  type Shape,
  ShapeError,
  sameShape,
  warn,
} from "@flambeau/backend";
import { describeValue, isNamedTuple, namedTuple, Tensor, zeros } from "@flambeau/tensor";
import { nameOf } from "./location.ts";
import type { Module } from "./module.ts";

/** For each argument, or each result, of a call its gradient; null where it is no tensor, or a result whose gradient has not arrived. */
export type Gradients = (Tensor | null)[];

/** What is done with gradients on their way. */
type Pass = (grads: Gradients) => Gradients;

/** What a backward hook returns: gradients in place of those it was given, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook need not return
export type HookResult = Gradients | Tensor | null | undefined | void;

/**
 * Called in the backward pass with the module and the gradients of a call's results. What it returns, an array of as many or the
 * one gradient, replaces them.
 */
export type BackwardPreHook = (module: Module, gradOutput: Gradients) => HookResult;

/**
 * Called in the backward pass with the module, the gradients of a call's arguments and those of its results. What it returns, an
 * array of as many gradients as there are arguments or the one gradient, replaces the former.
 */
export type BackwardHook = (module: Module, gradInput: Gradients, gradOutput: Gradients) => HookResult;

/**
 * The way of one call's gradients past a module's hooks: a gate behind the results and one before the arguments.
 * As `torch.utils.hooks.BackwardHook`.
 */
export class BackwardWatch {
  readonly #module: Module;
  readonly #before: readonly BackwardPreHook[];
  readonly #after: readonly BackwardHook[];
  #arguments = 0;
  /** The arguments behind the gate, and their counts of writes, while `forward` runs. */
  #gated: readonly (readonly [Tensor, number])[] = [];
  /** Whether gradients of arguments arrive. */
  #hasGated = false;
  #gradOutput: Gradients = [];

  constructor(module: Module, before: readonly BackwardPreHook[], after: readonly BackwardHook[]) {
    this.#module = module;
    this.#before = before;
    this.#after = after;
  }

  /** The arguments to call `forward` with. */
  inputs(args: unknown[]): unknown[] {
    this.#arguments = args.length;
    if (this.#after.length === 0) return args;
    const gated = throughGate(args, this.#passInput(args.map(sizeOf)));
    if (gated === null) return args;
    this.#hasGated = true;
    this.#gated = gated
      .filter((x, i): x is Tensor => x !== args[i])
      .map((x) => [x, x.storage.version] as const);
    return gated;
  }

  /**
   * The result to give on.
   *
   * @throws AutogradError when `forward` has written over an argument: what it wrote to has other gradients than the argument.
   */
  outputs(output: unknown): unknown {
    if (this.#gated.some(([x, version]) => x.storage.version !== version)) {
      throw new AutogradError(
        `${nameOf(this.#module)} writes over its input, which a module with full backward hooks cannot; leave out { inplace: true }`,
      );
    }
    this.#gated = [];
    if (isNamedTuple(output)) {
      const list = throughGate([...output], this.#passOutput) ?? [...output];
      return namedTuple(Object.fromEntries(Object.keys(output).map((key, i) => [key, list[i]])));
    }
    if (!(output instanceof Tensor || Array.isArray(output))) {
      warn(
        `the backward hooks of ${nameOf(this.#module)} are called for a tensor or an array of tensors; its result is ${describeValue(output)}`,
      );
      return output;
    }
    const list: unknown[] = output instanceof Tensor ? [output] : output;
    const gated = throughGate(list, this.#passOutput) ?? list;
    return output instanceof Tensor ? gated[0] : gated;
  }

  readonly #passOutput: Pass = (grads) => {
    for (const hook of this.#before)
      grads = replaced(this.#module, "gradOutput", grads, hook(this.#module, grads));
    if (this.#hasGated) {
      this.#gradOutput = grads;
      return grads;
    }
    // No argument has a gradient, so the hooks are called here, as in PyTorch.
    const none: Gradients = new Array<null>(this.#arguments).fill(null);
    for (const hook of this.#after)
      replaced(this.#module, "gradInput", none, hook(this.#module, none, grads));
    return grads;
  };

  /** Keeps sizes, not the arguments: they would live as long as the graph. */
  #passInput(sizes: readonly (Size | null)[]): Pass {
    return (arrived) => {
      const gradOutput = this.#gradOutput;
      this.#gradOutput = [];
      // As in PyTorch, tensors among the arguments that have no gradient take zeros beside those that have one.
      let grads = arrived.map((g, i) => g ?? zerosOf(sizes[i]));
      for (const hook of this.#after) {
        const result = hook(this.#module, grads, gradOutput);
        grads = replaced(this.#module, "gradInput", grads, result);
      }
      return grads;
    };
  }
}

/** What zeros in place of a tensor's gradient are made of. */
interface Size {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly device: string;
}

function sizeOf(x: unknown): Size | null {
  return x instanceof Tensor ? { shape: x.shape, dtype: x.dtype, device: x.device } : null;
}

function zerosOf(size: Size | null): Tensor | null {
  return size === null ? null : zeros(size.shape, { dtype: size.dtype, device: size.device });
}

/** A list with those of its tensors that have a gradient put through a gate; null when there are none. */
function throughGate(list: readonly unknown[], pass: Pass): unknown[] | null {
  const at = list.flatMap((x, i) => (isGradEnabled() && x instanceof Tensor && x.requiresGrad ? [i] : []));
  if (at.length === 0) return null;
  const results = gate(
    at.map((i) => list[i] as Tensor),
    among(at, list.length, pass),
  );
  const gated = [...list];
  for (const [k, i] of at.entries()) gated[i] = results[k];
  return gated;
}

/** A pass of the gradients at some places of a list. A function of its own: what it closes over lives as long as the graph. */
function among(at: readonly number[], count: number, pass: Pass): Pass {
  return (grads) => {
    const all: Gradients = new Array<null>(count).fill(null);
    for (const [k, i] of at.entries()) all[i] = grads[k];
    const passed = pass(all);
    return at.map((i) => passed[i]);
  };
}

/**
 * The gradients after a hook.
 *
 * @throws AutogradError when it gave another number, or one where there is none; ShapeError when one has another shape.
 */
function replaced(module: Module, what: string, grads: Gradients, result: HookResult): Gradients {
  if (result === undefined || result === null) return grads;
  const given: Gradients = Array.isArray(result) ? result : [result];
  const name = `a backward hook of ${nameOf(module)}`;
  if (given.length !== grads.length)
    throw new AutogradError(`${name} returns ${given.length} for ${grads.length} gradients in ${what}`);
  for (const [i, grad] of given.entries()) {
    const before = grads[i];
    if (grad === null) continue;
    if (!(grad instanceof Tensor))
      throw new AutogradError(`${name} returns tensors and null; ${what}[${i}] is ${quote(grad)}`);
    if (before === null)
      throw new AutogradError(`${name} returns a gradient for ${what}[${i}], which has none`);
    if (!sameShape(grad.shape, before.shape))
      throw new ShapeError(
        `${name} returns a gradient of shape ${formatShape(grad.shape)} for ${what}[${i}] of shape ${formatShape(before.shape)}`,
      );
  }
  return given;
}
