import { AutogradError } from "@flambeau/backend";
import { describeValue, isForeign, Tensor } from "@flambeau/tensor";
import { FunctionContext } from "./function-context.ts";
import { edgeOf } from "./meta.ts";
import { GradModeGuard, isGradEnabled } from "./mode.ts";
import { type Definition, type FunctionGradients, FunctionNode, record } from "./nodes/function.ts";

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
  args.forEach((x, i) => {
    if (isForeign(x)) throw new AutogradError(`${definition.name}: argument ${i} is ${describeValue(x)}`);
  });
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
  list.forEach((x, i) => {
    if (isForeign(x)) throw new AutogradError(`${definition.name}: result ${i} is ${describeValue(x)}`);
  });
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
