import { AutogradError, type DType, isFloat, numel, type Shape } from "@flambeau/backend";
import { cat, lifetime, Tensor, zeros } from "@flambeau/tensor";
import { checkGradient } from "./check.ts";
import { edgeOf, Meta } from "./meta.ts";
import { GradModeGuard, isGradEnabled } from "./mode.ts";
import { forgetAll, Node, releasedError, Saved } from "./node.ts";
import { sumTo } from "./sum-to.ts";

/**
 * What `forward` of an {@link AutogradFunction} leaves for its `backward`: tensors by `saveForBackward`, anything else in
 * fields of any name.
 *
 * @example
 * ```ts
 * import { AutogradFunction, type FunctionContext, type Tensor, tensor } from "flambeau";
 *
 * class Power extends AutogradFunction {
 *   static override forward(ctx: FunctionContext, x: Tensor, exponent: number): Tensor {
 *     ctx.saveForBackward(x);
 *     ctx.exponent = exponent;
 *     return x.pow(exponent);
 *   }
 *   static override backward(ctx: FunctionContext, g: Tensor): [Tensor, null] {
 *     const [x] = ctx.savedTensors;
 *     return [g.mul(x.pow(ctx.exponent - 1)).mul(ctx.exponent), null];
 *   }
 * }
 *
 * const x = tensor([1, 2], { requiresGrad: true });
 * Power.apply(x, 3).sum().backward();
 * console.log(String(x.grad));
 * // tensor([ 3., 12.])
 * ```
 */
export class FunctionContext {
  /** For each argument of `forward` whether its gradient is wanted. */
  readonly needsInputGrad: readonly boolean[];
  // biome-ignore lint/suspicious/noExplicitAny: what a function notes is its own affair
  [note: string]: any;
  #tensors: readonly Tensor[] = [];
  #constant: readonly Tensor[] = [];
  #saved: Saved[] | null = [];

  /** @internal */
  constructor(needsInputGrad: readonly boolean[]) {
    this.needsInputGrad = needsInputGrad;
  }

  /**
   * Keeps tensors for `backward`, which is told if one is overwritten meanwhile. Those that are neither arguments nor
   * results of `forward` have no derivative of their own in a second `backward`.
   */
  saveForBackward(...tensors: readonly Tensor[]): void {
    this.#tensors = tensors;
  }

  /** Says of results that they have no gradient; integers have none anyway. */
  markNonDifferentiable(...results: readonly Tensor[]): void {
    this.#constant = results;
  }

  /**
   * What was saved, in its order.
   *
   * @throws AutogradError when one was overwritten, or the graph was run backward already without `retainGraph`.
   */
  get savedTensors(): Tensor[] {
    if (this.#saved === null) throw releasedError("a function");
    return this.#saved.map((saved) => {
      const x = saved.get("a function");
      lifetime.show(x);
      return x;
    });
  }

  /** @internal */
  static isConstant(ctx: FunctionContext, result: Tensor): boolean {
    return !isFloat(result.dtype) || ctx.#constant.includes(result);
  }

  /** @internal */
  static keep(ctx: FunctionContext, standIns: ReadonlyMap<Tensor, Tensor>): void {
    ctx.#saved = ctx.#tensors.map((x) => {
      const tensor = standIns.get(x) ?? x;
      return new Saved(tensor, tensor.storage.version);
    });
    ctx.#tensors = [];
  }

  /** @internal */
  static release(ctx: FunctionContext): void {
    ctx.#saved = forgetAll(ctx.#saved);
  }
}

/** What a `backward` gives: a gradient, or one for each argument of `forward`; null for none. */
export type FunctionGradients = Tensor | null | readonly (Tensor | null | undefined)[];

/** A class that extends {@link AutogradFunction}, as `apply` sees it. */
interface Definition<A extends readonly unknown[], R> {
  readonly name: string;
  forward(ctx: FunctionContext, ...args: A): R;
  backward(ctx: FunctionContext, ...grads: Tensor[]): FunctionGradients;
}

/**
 * A function with a derivative of one's own: PyTorch's `torch.autograd.Function`. A subclass gives `forward` and
 * `backward`, both static, and is called by `apply`.
 *
 * `forward` gets a context and the arguments, of any kind, and is not recorded. It gives a tensor, or an array of them, and
 * does not write to its arguments. `backward` gets the context and the gradient of each result (zeros where none has
 * arrived), and gives one for each argument, null for those that have none. Written with the library's ops it can be
 * differentiated again.
 *
 * @example
 * ```ts
 * import { AutogradFunction, type FunctionContext, type Tensor, tensor } from "flambeau";
 *
 * // Rounds, and hands the gradient through as if it had not.
 * class StraightThrough extends AutogradFunction {
 *   static override forward(_ctx: FunctionContext, x: Tensor): Tensor {
 *     return x.round();
 *   }
 *   static override backward(_ctx: FunctionContext, g: Tensor): Tensor {
 *     return g;
 *   }
 * }
 *
 * const x = tensor([0.2, 1.7], { requiresGrad: true });
 * const y = StraightThrough.apply(x);
 * console.log(String(y));
 * // tensor([0., 2.], grad_fn=<StraightThroughBackward>)
 * y.mul(3).sum().backward();
 * console.log(String(x.grad));
 * // tensor([3., 3.])
 * ```
 */
// biome-ignore lint/complexity/noStaticOnlyClass: PyTorch's form, which keeps forward and backward together under one name
export abstract class AutogradFunction {
  /** Computes the result, or an array of them, and saves what `backward` needs; to be overridden. */
  // biome-ignore lint/suspicious/noExplicitAny: every function has its own arguments and results
  static forward(_ctx: FunctionContext, ..._args: any[]): any {
    throw new AutogradError("an AutogradFunction defines a static forward(ctx, ...)");
  }

  /** The gradients of the arguments, given those of the results; to be overridden. */
  // biome-ignore lint/suspicious/noExplicitAny: as many gradients as there are results
  static backward(_ctx: FunctionContext, ..._grads: any[]): FunctionGradients {
    throw new AutogradError("an AutogradFunction defines a static backward(ctx, ...)");
  }

  /**
   * Runs `forward` and, where an argument requires a gradient, records `backward`.
   *
   * @throws AutogradError when `forward` is missing or overwrites an argument that requires a gradient; in the backward
   *   pass also when the gradients are not one for each argument, ShapeError and DeviceError when one does not fit.
   */
  static apply<A extends readonly unknown[], R>(this: Definition<A, R>, ...args: A): R {
    // biome-ignore lint/complexity/noThisInStatic: it is the subclass that is applied
    return apply(this, args);
  }
}

/** See {@link AutogradFunction.apply}. */
function apply<A extends readonly unknown[], R>(definition: Definition<A, R>, args: A): R {
  const next = args.map((x) => (isGradEnabled() && x instanceof Tensor ? edgeOf(x) : null));
  const ctx = new FunctionContext(next.map((edge) => edge !== null));
  const versions = args.map((x) => (x instanceof Tensor ? x.storage.version : 0));
  const guard = new GradModeGuard(false);
  let given: R;
  try {
    given = definition.forward(ctx, ...args);
  } finally {
    guard[Symbol.dispose]();
  }
  if (next.every((edge) => edge === null)) return given;
  args.forEach((x, i) => {
    if (x instanceof Tensor && next[i] !== null && x.storage.version !== versions[i])
      throw new AutogradError(
        `forward of ${definition.name} has overwritten argument ${i}; clone() it first`,
      );
  });
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  const own = ownResults(list, args);
  const results = list.map((x) => own.get(x as Tensor) ?? x);
  const hasGradient = list.map((x) => x instanceof Tensor && !FunctionContext.isConstant(ctx, x));
  for (const x of args) own.delete(x as Tensor);
  FunctionContext.keep(ctx, own);
  record(new FunctionNode(definition, ctx, args, next, results, hasGradient), results);
  return (Array.isArray(given) ? results : results[0]) as R;
}

/** For each result a tensor that is nobody's view, and shares no memory with an argument or another result. */
function ownResults(results: readonly unknown[], args: readonly unknown[]): Map<Tensor, Tensor> {
  const taken = new Set(args.flatMap((x) => (x instanceof Tensor ? [x.storage] : [])));
  const own = new Map<Tensor, Tensor>();
  for (const x of results) {
    if (!(x instanceof Tensor) || own.has(x)) continue;
    let y = x;
    if (taken.has(x.storage)) y = x.detach().clone();
    else if (x.base !== null || x.recorder !== null) y = x.detach();
    taken.add(y.storage);
    own.set(x, y);
  }
  return own;
}

/** What is known of a tensor: an argument or a result. */
type Like = Pick<Tensor, "shape" | "dtype" | "device">;

function likeOf(x: unknown): Like | null {
  return x instanceof Tensor ? { shape: x.shape, dtype: x.dtype, device: x.device } : null;
}

/** Whether `to` is what broadcasting may have made of a shape. */
function isStretched(shape: Shape, to: Shape): boolean {
  const lead = to.length - shape.length;
  return lead >= 0 && shape.every((size, i) => size === 1 || size === to[lead + i]);
}

/** Calls a function's `backward`. Of several results it takes the gradients one behind the other, as a vector. */
class FunctionNode extends Node {
  readonly next: readonly (Node | null)[];
  readonly name: string;
  readonly shape: Shape;
  readonly definition: Definition<never, unknown>;
  readonly ctx: FunctionContext;
  readonly args: readonly (Like | null)[];
  readonly results: readonly (Like | null)[];
  /** Which results have gradients. */
  readonly slots: readonly number[];
  /** Of the vector: the widest of the results'. */
  readonly dtype: DType;

  constructor(
    definition: Definition<never, unknown>,
    ctx: FunctionContext,
    args: readonly unknown[],
    next: readonly (Node | null)[],
    results: readonly unknown[],
    hasGradient: readonly boolean[],
  ) {
    super();
    this.next = next;
    this.name = `${definition.name}Backward`;
    this.definition = definition;
    this.ctx = ctx;
    this.args = args.map(likeOf);
    this.results = results.map(likeOf);
    this.slots = hasGradient.flatMap((has, i) => (has ? [i] : []));
    const likes = this.slots.map((i) => this.results[i] as Like);
    const dtypes = likes.map(({ dtype }) => dtype);
    this.dtype = (["float64", "float32"] as const).find((dtype) => dtypes.includes(dtype)) ?? "float16";
    this.shape = likes.length === 1 ? likes[0].shape : [likes.reduce((n, { shape }) => n + numel(shape), 0)];
  }

  /** Its gradients are the user's, who may hold on to them. */
  override get isOurs(): boolean {
    return false;
  }

  /** The gradient of one result as a part of the vector. */
  part(slot: number, g: Tensor): Tensor {
    return cat(
      this.slots.map((i) => {
        const { shape, device } = this.results[i] as Like;
        return i === slot
          ? g.reshape([-1]).to(this.dtype)
          : zeros([numel(shape)], { dtype: this.dtype, device });
      }),
    );
  }

  backward(g: Tensor): readonly (Tensor | null)[] {
    lifetime.show(g);
    let start = 0;
    const grads = this.results.map((like, i) => {
      if (like === null) return null;
      if (!this.slots.includes(i)) return zeros(like.shape, like);
      if (this.slots.length === 1) return g;
      const part = g.narrow(0, start, numel(like.shape));
      start += numel(like.shape);
      return part.reshape(like.shape).to(like.dtype);
    });
    const given = this.definition.backward(this.ctx, ...(grads as Tensor[]));
    return this.checked(Array.isArray(given) ? given : [given]);
  }

  /** The gradients for the arguments, in their shapes and dtypes. */
  private checked(given: readonly unknown[]): (Tensor | null)[] {
    const { args, definition, next } = this;
    const what = `backward of ${definition.name}`;
    if (given.length < args.length || given.slice(args.length).some((g) => g != null))
      throw new AutogradError(
        `${what} gives ${given.length} gradients for ${args.length} arguments; it gives one for each, or null`,
      );
    return args.map((like, i) => {
      const g = given[i] as Tensor | null | undefined;
      if (g == null) return null;
      if (like === null)
        throw new AutogradError(`${what} gives a gradient for argument ${i}, which is no tensor; give null`);
      if (next[i] === null) return null;
      const fitting = g instanceof Tensor && isStretched(like.shape, g.shape) ? sumTo(g, like.shape) : g;
      checkGradient(`${what}, argument ${i}`, like, fitting);
      return fitting.to(like.dtype);
    });
  }

  override release(): void {
    FunctionContext.release(this.ctx);
  }
}

/** One of several results: its gradient on the way to all of them. */
class ResultNode extends Node {
  readonly next: readonly Node[];
  readonly shape: Shape;
  readonly slot: number;

  constructor(all: FunctionNode, slot: number, shape: Shape) {
    super();
    this.next = [all];
    this.slot = slot;
    this.shape = shape;
  }

  get name(): string {
    return this.next[0].name;
  }

  backward(g: Tensor): readonly Tensor[] {
    return [(this.next[0] as FunctionNode).part(this.slot, g)];
  }
}

/** Makes the results what the node has made. */
function record(node: FunctionNode, results: readonly unknown[]): void {
  for (const i of node.slots) {
    const x = results[i] as Tensor;
    x.recorder = new Meta(x, node.slots.length === 1 ? node : new ResultNode(node, i, x.shape));
  }
}
