import { AutogradError, type Shape } from "@flambeau/backend";
import { lifetime, Tensor, zeros } from "@flambeau/tensor";
import { checkGradient } from "../check.ts";
import { FunctionContext } from "../function-context.ts";
import { Meta } from "../meta.ts";
import { sumTo } from "../sum-to.ts";
import { type Edge, type Gradients, Node } from "./node.ts";

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

/** Calls a function's `backward` with the gradients of all its results. */
export class FunctionNode extends Node {
  readonly next: readonly (Edge | null)[];
  protected readonly opName: string;
  readonly definition: Definition<never, unknown>;
  readonly ctx: FunctionContext;
  readonly args: readonly (Like | null)[];
  readonly results: readonly (Like | null)[];
  /** Which results have gradients: output k of the node is result `slots[k]`. */
  readonly slots: readonly number[];

  constructor(
    definition: Definition<never, unknown>,
    ctx: FunctionContext,
    args: readonly unknown[],
    next: readonly (Edge | null)[],
    results: readonly unknown[],
    hasGradient: readonly boolean[],
  ) {
    const slots = hasGradient.flatMap((has, i) => (has ? [i] : []));
    super(slots.length);
    this.next = next;
    this.opName = `${definition.name}Backward`;
    this.definition = definition;
    this.ctx = ctx;
    this.args = args.map(likeOf);
    this.results = results.map(likeOf);
    this.slots = slots;
  }

  /** Its gradients are the user's, who may hold on to them. */
  override get isOurs(): boolean {
    return false;
  }

  backward(g: Tensor): Gradients {
    return this.backwardAll([g]);
  }

  /** Results whose gradient has not arrived, or that have none, take zeros, or null where the function is set so. */
  override backwardAll(arrived: Gradients): Gradients {
    const materializes = FunctionContext.materializes(this.ctx);
    const grads = this.results.map((like, i) => {
      if (like === null) return null;
      const g = arrived[this.slots.indexOf(i)] ?? null;
      if (g === null && !materializes) return null;
      if (g === null) return zeros(like.shape, { dtype: like.dtype, device: like.device });
      lifetime.show(g);
      return g;
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

/** Makes the results outputs of the node. */
export function record(node: FunctionNode, results: readonly unknown[]): void {
  for (const [k, i] of node.slots.entries()) {
    const x = results[i] as Tensor;
    x.recorder = new Meta(x, node.edge(k));
  }
}
