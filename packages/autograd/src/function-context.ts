import { isFloat } from "@flambeau/backend";
import { lifetime, type Tensor } from "@flambeau/tensor";
import { forgetAll, releasedError, Saved } from "./nodes/saved.ts";

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
  #materializes = true;
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

  /** Whether `backward` gets zeros for results that no gradient has arrived for, as by default, or null. */
  setMaterializeGrads(value: boolean): void {
    this.#materializes = value;
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
  static materializes(ctx: FunctionContext): boolean {
    return ctx.#materializes;
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
