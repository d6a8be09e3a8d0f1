import { AutogradError, type Copy, warnOfCopies } from "@flambeau/backend";
import type { Attrs, OpName } from "./ops/names.ts";
import type { Operand, Tensor } from "./tensor.ts";

/** Options of `backward`. */
export interface BackwardOptions {
  /** Keep saved tensors, so that `backward` can run over the same graph again. Defaults to `createGraph`. */
  readonly retainGraph?: boolean;
  /** Record the backward pass itself, so that gradients can be differentiated. Default false. */
  readonly createGraph?: boolean;
  /** Add gradients to the `grad` of these tensors alone, leaves or not, instead of every leaf's. */
  readonly inputs?: Tensor | readonly Tensor[];
}

/** Called with a gradient; a returned tensor replaces it. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks returns nothing
export type GradHook = (grad: Tensor) => Tensor | undefined | null | void;

/**
 * The node of the graph that a recorded op has made, to be read: what PyTorch has as `grad_fn`.
 */
export interface GradFn {
  /** As printed: "MulBackward0". */
  readonly name: string;
  /** Where the gradient of each input goes: to a node, and which of its outputs the input is; null where none is needed. */
  readonly nextFunctions: readonly (readonly [GradFn | null, number])[];
}

/** Takes a hook away again, by a call or, as PyTorch's handles, by `remove()`. */
export interface HookHandle {
  (): void;
  /** Takes the hook away; once more does nothing. */
  remove(): void;
}

/**
 * The handle of a hook that `remove` takes away.
 *
 * @internal
 */
export function hookHandle(remove: () => void): HookHandle {
  return Object.assign(() => remove(), { remove });
}

/**
 * What a tensor's one slot for the recorder holds. The tensor package calls these and knows nothing else of derivatives;
 * `@flambeau/autograd` implements it.
 *
 * @internal
 */
export interface Recorder {
  readonly requiresGrad: boolean;
  readonly isLeaf: boolean;
  /** The node that has the tensor as an output; null for leaves. */
  readonly gradFn: GradFn | null;
  /** Replaces the printed name: several of PyTorch's ops are one of ours (`squeeze` and `select` are a reshape), or several. */
  rename(name: string): void;
  readonly grad: Tensor | null;
  /**
   * The gradient, for a caller that does not keep it. Memory of one that was only borrowed is given back as soon as it is
   * replaced by null.
   */
  borrowGrad(): Tensor | null;
  setGrad(owner: Tensor, grad: Tensor | null): void;
  setRequiresGrad(owner: Tensor, value: boolean): void;
  /** An op has run on `inputs`, at least one of which carries a recorder. */
  record<K extends OpName>(
    op: K,
    inputs: readonly Operand[],
    attrs: Attrs<K>,
    outputs: readonly Tensor[],
  ): void;
  /** The recorder of a view of the tensor that this one belongs to, made while neither had one; null for a plain view. */
  ofView(view: Tensor): Recorder | null;
  /**
   * `target` is about to be overwritten in place with the result of an op on `inputs`, the first of which it is. Keeps
   * what the derivative needs of it.
   *
   * @returns what to call when it has been overwritten, or null.
   * @throws AutogradError when the history of `target` forbids it.
   */
  prepareWrite<K extends OpName>(
    op: K,
    inputs: readonly Operand[],
    attrs: Attrs<K>,
    target: Tensor,
  ): (() => void) | null;
  backward(root: Tensor, gradient: Tensor | undefined, options: BackwardOptions): void;
  retainGrad(): void;
  registerHook(hook: GradHook): HookHandle;
}

/**
 * The part of autograd that makes a plain tensor a tracked leaf.
 *
 * @internal
 */
export type Tracker = (tensor: Tensor) => Recorder;

let tracker: Tracker | null = null;
let owner: Copy | null = null;

/**
 * Called once by `@flambeau/autograd` when it is imported; a second copy of it on one tensor package is warned of.
 *
 * @internal
 */
export function installTracker(install: Tracker, copy: Copy): void {
  if (owner !== null) warnOfCopies(owner, copy);
  tracker = install;
  owner = copy;
}

/**
 * Makes a tensor a leaf that collects gradients.
 *
 * @throws AutogradError when no autograd package has been imported.
 *
 * @internal
 */
export function track(tensor: Tensor): Recorder {
  if (tracker === null) {
    throw new AutogradError(
      'gradients need the autograd package: import "@flambeau/autograd" (or "flambeau") first',
    );
  }
  return tracker(tensor);
}

/**
 * Has the op that made `output` printed as "NAMEBackward0", or as `name` where it has a number of its own.
 *
 * @internal
 */
export function named(output: Tensor, name: string): Tensor {
  output.recorder?.rename(/\d$/.test(name) ? name : `${name}Backward0`);
  return output;
}
