import { AutogradError, type DType, numel, type Shape } from "@flambeau/backend";
import { cat, lifetime, Tensor, zeros } from "@flambeau/tensor";
import { checkGradient } from "./check.ts";
import { FunctionContext } from "./function-context.ts";
import { Meta } from "./meta.ts";
import { Node } from "./node.ts";
import { sumTo } from "./sum-to.ts";

/** What a `backward` gives: a gradient, or one for each argument of `forward`; null for none. */
export type FunctionGradients = Tensor | null | readonly (Tensor | null | undefined)[];

/** A class that extends {@link AutogradFunction}, as `apply` sees it. */
export interface Definition<A extends readonly unknown[], R> {
  readonly name: string;
  forward(ctx: FunctionContext, ...args: A): R;
  backward(ctx: FunctionContext, ...grads: Tensor[]): FunctionGradients;
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
export class FunctionNode extends Node {
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
      if (!this.slots.includes(i)) return zeros(like.shape, { dtype: like.dtype, device: like.device });
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
export function record(node: FunctionNode, results: readonly unknown[]): void {
  for (const i of node.slots) {
    const x = results[i] as Tensor;
    x.recorder = new Meta(x, node.slots.length === 1 ? node : new ResultNode(node, i, x.shape));
  }
}
