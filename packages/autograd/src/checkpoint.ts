import {
  ArgumentError,
  AutogradError,
  formatShape,
  isPlainObject,
  quote,
  sameShape,
  ValueError,
} from "@flambeau/backend";
import { describeValue, getRngState, setRngState, Tensor, unknownOption } from "@flambeau/tensor";
import { run } from "./engine.ts";
import { edgeOf, Meta } from "./meta.ts";
import { GradModeGuard, isGradEnabled } from "./mode.ts";
import { type Edge, type Gradients, Node } from "./nodes/node.ts";
import { forgetAll, releasedError, Saved } from "./nodes/saved.ts";

/** What `checkpoint` takes by name, after the inputs; what else is there, the function gets as its last argument. */
export interface CheckpointOptions {
  /** Whether the second run draws the same random numbers as the first, from the generator that `manualSeed` seeds. Default true. */
  readonly preserveRngState?: boolean;
  /** PyTorch's older way, which is not here. */
  readonly useReentrant?: false;
}

/** A run of a function, the part of the graph that it has made, and where that part begins. */
interface Recording {
  readonly result: unknown;
  readonly outputs: readonly Tensor[];
  /** The nodes that it has made. */
  readonly nodes: ReadonlySet<Node>;
  /** The edges that lead out of them: to the inputs, and to whatever else the function has used. */
  readonly next: readonly Edge[];
  /** Older nodes have smaller numbers. */
  readonly since: number;
}

/** A node that has no place in the graph: its number lies between those made before and after it. */
class Mark extends Node {
  readonly next: readonly null[] = [];
  protected readonly opName: string = "Mark";

  backward(): Gradients {
    return [];
  }
}

// biome-ignore-start lint/suspicious/noExplicitAny: the function's arguments are its own affair
export function checkpoint<A extends readonly any[], R>(fn: (...inputs: A) => R, ...inputs: A): R;
export function checkpoint<A extends readonly any[], R>(
  fn: (...inputs: A) => R,
  ...inputs: [...A, CheckpointOptions]
): R;
// biome-ignore-end lint/suspicious/noExplicitAny: see above
/**
 * What `fn` gives for the inputs, without the memory that its backward pass needs: of what is computed on the way nothing is kept, and the
 * backward pass runs `fn` once more. PyTorch's `torch.utils.checkpoint.checkpoint` without reentry. Source: Chen et al. 2016,
 * "Training Deep Nets with Sublinear Memory Cost".
 *
 * `fn` gives a tensor or an array with tensors, and the same for the same inputs. Its second run draws the same random numbers, unless the last
 * argument is `{ preserveRngState: false }`. Layers that count calls, as batch normalization does, count both runs, as in PyTorch.
 *
 * @throws ArgumentError when `fn` is no function, `preserveRngState` is no boolean, or an option is written in another way; ValueError when
 *   `useReentrant` is not false; AutogradError when `fn` gives something else or writes over an input, and in the backward
 *   pass when its second run gives other sizes or uses other tensors than the first.
 *
 * @example
 * ```ts
 * import { checkpoint, tensor } from "flambeau";
 *
 * const x = tensor([1, 2], { requiresGrad: true });
 * const y = checkpoint((x) => x.exp().square(), x);
 * y.sum().backward();
 * console.log(String(x.grad));
 * // tensor([ 14.7781, 109.1963])
 * ```
 */
export function checkpoint(fn: (...inputs: unknown[]) => unknown, ...inputs: unknown[]): unknown {
  if (typeof fn !== "function")
    throw new ArgumentError(`checkpoint: it is given a function first; got ${describeValue(fn)}`);
  const [args, preserveRngState] = split(inputs);
  const compute = (): unknown => fn(...args);
  if (!isGradEnabled()) return compute();
  const tensors = args.filter((x) => x instanceof Tensor);
  for (const x of tensors) edgeOf(x);
  const saved = tensors.map((x) => new Saved(x, x.storage.version));
  const state = preserveRngState ? getRngState() : null;
  let first: Recording;
  try {
    first = recorded(compute);
    if (tensors.some((x, i) => x.storage.version !== saved[i].version))
      throw new AutogradError("checkpoint: the function writes over an input; clone() it there first");
  } catch (error) {
    forgetAll(saved);
    throw error;
  }
  const node = new CheckpointNode(compute, first, saved, state);
  for (const made of first.nodes) made.release();
  return node.attach(first.result);
}

const OPTIONS = ["preserveRngState", "useReentrant"];

/** The function's arguments, and whether random numbers are drawn again. */
function split(inputs: readonly unknown[]): [args: unknown[], preserveRngState: boolean] {
  const last = inputs.at(-1);
  const options = isPlainObject(last) ? (last as Readonly<Record<string, unknown>>) : {};
  for (const key of Object.keys(options)) {
    const plain = key.replaceAll("_", "").toLowerCase();
    if (!OPTIONS.includes(key) && OPTIONS.some((name) => name.toLowerCase() === plain))
      throw unknownOption("checkpoint", OPTIONS, key);
  }
  if (!("preserveRngState" in options || "useReentrant" in options)) return [[...inputs], true];
  const { preserveRngState = true, useReentrant = false, ...others } = options;
  if (useReentrant !== false)
    throw new ValueError(
      "checkpoint: there is only { useReentrant: false }, which gives the same gradients and needs no input with one",
    );
  if (typeof preserveRngState !== "boolean")
    throw new ArgumentError(`checkpoint: preserveRngState is true or false; got ${quote(preserveRngState)}`);
  const rest = Object.keys(others).length > 0 ? [others] : [];
  return [[...inputs.slice(0, -1), ...rest], preserveRngState];
}

/** Runs a function, and finds what it has recorded. */
function recorded(compute: () => unknown): Recording {
  const since = new Mark().seq;
  const result = compute();
  const outputs = outputsOf(result);
  const nodes = new Set<Node>();
  const next = new Set<Edge>();
  const visit = (edge: Edge | null): void => {
    if (edge === null) return;
    if (edge.node.seq < since) next.add(edge);
    else nodes.add(edge.node);
  };
  for (const y of outputs) visit(edgeOf(y));
  // Those that are found on the way join the set, and are visited in turn.
  for (const node of nodes) for (const edge of node.next) visit(edge);
  return { result, outputs, nodes, next: [...next], since };
}

/** The tensors of a result that have a gradient. */
function outputsOf(result: unknown): Tensor[] {
  const list: readonly unknown[] = Array.isArray(result) ? result : [result];
  if (!Array.isArray(result) && !(result instanceof Tensor))
    throw new AutogradError(
      `checkpoint: the function gives a tensor or an array with tensors, and gave ${describeValue(result)}`,
    );
  return list.filter((x): x is Tensor => x instanceof Tensor && edgeOf(x) !== null);
}

/** Runs the function again, and the gradients back through what that records. */
class CheckpointNode extends Node {
  readonly next: readonly Edge[];
  protected readonly opName: string = "CheckpointBackward";
  #compute: (() => unknown) | null;
  readonly #shapes: readonly (readonly number[])[];
  readonly #state: Uint8Array | null;
  #inputs: readonly Saved[] | null;

  constructor(compute: () => unknown, first: Recording, inputs: readonly Saved[], state: Uint8Array | null) {
    super(first.outputs.length);
    this.next = first.next;
    this.#compute = compute;
    this.#shapes = first.outputs.map(({ shape }) => shape);
    this.#inputs = inputs;
    this.#state = state;
  }

  /** The result with this node behind its tensors. */
  attach(result: unknown): unknown {
    let place = 0;
    const own = (x: unknown): unknown => {
      if (!(x instanceof Tensor) || edgeOf(x) === null) return x;
      const y = x.detach();
      y.recorder = new Meta(y, this.edge(place++));
      return y;
    };
    return Array.isArray(result) ? result.map(own) : own(result);
  }

  override get isOurs(): boolean {
    return false;
  }

  backward(g: Tensor, createGraph: boolean): Gradients {
    return this.backwardAll([g], createGraph);
  }

  override backwardAll(grads: Gradients, createGraph: boolean): Gradients {
    const second = this.#again();
    try {
      return this.#through(second, grads, createGraph);
    } catch (error) {
      for (const made of second.nodes) made.release();
      throw error;
    }
  }

  /** The gradients back through a recording, which is that of the first run once more. */
  #through({ outputs, next, since }: Recording, grads: Gradients, createGraph: boolean): Gradients {
    if (outputs.length !== grads.length || outputs.some((y, i) => !sameShape(y.shape, this.#shapes[i]))) {
      const [got, had] = [outputs.map(({ shape }) => shape), this.#shapes].map((shapes) =>
        shapes.map(formatShape).join(", "),
      );
      throw new AutogradError(`checkpoint: the function gave ${had} at first, and ${got} when run again`);
    }
    if (next.some((edge) => !this.next.includes(edge)))
      throw new AutogradError("checkpoint: the function uses other tensors when run again than at first");
    const captures = new Map<Edge, Tensor | null>(this.next.map((edge) => [edge, null]));
    const roots = outputs.flatMap((y, i): (readonly [Edge, Tensor])[] => {
      const g = grads[i];
      return g === null ? [] : [[edgeOf(y) as Edge, g]];
    });
    run(roots, { createGraph, retainGraph: createGraph, captures, since });
    return this.next.map((edge) => captures.get(edge) ?? null);
  }

  #again(): Recording {
    if (this.#inputs === null || this.#compute === null) throw releasedError("checkpoint");
    for (const saved of this.#inputs) saved.get("checkpoint");
    const state = getRngState();
    const guard = new GradModeGuard(true);
    try {
      if (this.#state !== null) setRngState(this.#state);
      return recorded(this.#compute);
    } finally {
      guard[Symbol.dispose]();
      if (this.#state !== null) setRngState(state);
    }
  }

  override release(): void {
    this.#inputs = forgetAll(this.#inputs);
    // It has the arguments.
    this.#compute = null;
  }
}
