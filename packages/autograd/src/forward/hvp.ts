import { AutogradError, ShapeError } from "@flambeau/backend";
import { type Args, bind, onesLike, Tensor, zerosLike } from "@flambeau/tensor";
import { checkInputs, fitting } from "./check.ts";
import { linearize } from "./linearize.ts";
import { reversed } from "./vjp.ts";

const SIGNATURE = "hvp(func, inputs: tensor|tensors, v?: tensor|tensors)";

/** What `hvp` takes. */
interface Types<I> {
  /** What is differentiated twice: of tensors, it gives one element. */
  readonly func: (...inputs: Tensor[]) => Tensor;
  /** Where. */
  readonly inputs: I;
  /** What the Hessian is multiplied with: of the shapes of the inputs. Of one element it may be left out, for 1. */
  readonly v: I;
}

export function hvp(...args: Args<typeof SIGNATURE, Types<Tensor>>): [output: Tensor, product: Tensor];
export function hvp(
  ...args: Args<typeof SIGNATURE, Types<readonly Tensor[]>>
): [output: Tensor, product: Tensor[]];
/**
 * A function of one element at a point, and the product of its Hessian with vectors: PyTorch's
 * `torch.autograd.functional.hvp`, by a tangent through the gradient, so that the Hessian is never computed.
 *
 * @throws ShapeError when the function gives more than one element, or a vector does not fit; AutogradError as `jvp`, or when v is missing.
 *
 * @example
 * ```ts
 * import { hvp, tensor } from "flambeau";
 *
 * const [value, product] = hvp((x) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 1]));
 * console.log(String(value), String(product));
 * // tensor(9.) tensor([ 6., 12.])
 * ```
 */
export function hvp(...args: unknown[]): [Tensor, Tensor | Tensor[]] {
  const { func, inputs, v } = bind<typeof SIGNATURE, Types<Tensor | readonly Tensor[]>>(SIGNATURE, args);
  const xs = inputs instanceof Tensor ? [inputs] : inputs;
  checkInputs("hvp", xs);
  const vectors = vectorsFor(xs, v);
  const gradient = (...moved: Tensor[]): Tensor[] => {
    const { outputs, pull } = reversed("hvp", func, moved);
    if (outputs.length !== 1 || outputs[0].numel() !== 1)
      throw new ShapeError("hvp: the function gives one element, whose second derivatives are a matrix");
    return [outputs[0], ...pull([onesLike(outputs[0].detach())])];
  };
  const { outputs, push } = linearize("hvp", gradient, xs);
  const [, ...found] = push(vectors);
  const product = found.map((x, k) => x ?? zerosLike(xs[k].detach()));
  return [outputs[0], inputs instanceof Tensor ? product[0] : product];
}

function vectorsFor(xs: readonly Tensor[], v: Tensor | readonly Tensor[] | undefined): Tensor[] {
  if (v !== undefined) return fitting("hvp", "vectors", xs, v instanceof Tensor ? [v] : v);
  if (xs.length === 1 && xs[0].numel() === 1) return [onesLike(xs[0].detach())];
  throw new AutogradError("hvp: give v, which is 1 only for an input of one element");
}
