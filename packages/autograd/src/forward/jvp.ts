import { type Args, bind, type Tensor } from "@flambeau/tensor";
import { checkInputs, fitting, shaped } from "./check.ts";
import { linearize, type Outputs } from "./linearize.ts";

const SIGNATURE = "jvp(func, primals: tensors, tangents: tensors)";

/** What `jvp` takes. */
interface Types<O extends Outputs> {
  /** What is differentiated: of tensors, it gives a tensor or an array of tensors. */
  readonly func: (...primals: Tensor[]) => O;
  /** Where. */
  readonly primals: readonly Tensor[];
  /** In which direction: a tensor for each primal, of its shape. */
  readonly tangents: readonly Tensor[];
}

export function jvp(...args: Args<typeof SIGNATURE, Types<Tensor>>): [output: Tensor, tangent: Tensor];
export function jvp(
  ...args: Args<typeof SIGNATURE, Types<readonly Tensor[]>>
): [outputs: Tensor[], tangents: Tensor[]];
/**
 * A function's outputs at a point, and how fast they change when the point moves along the tangents: the product of the Jacobian
 * with the tangents, after PyTorch's `torch.func.jvp`. The function runs once with a graph, along which the tangents go forward
 * from op to op; its cost does not depend on the number of outputs. Both results can be differentiated again.
 *
 * What the function does within `noGrad` counts as constant. It may write to its arguments, which are copies.
 *
 * @throws AutogradError when there are no primals, one is no float, the function gives something else than tensors, or an
 *   AutogradFunction's backward cannot be differentiated; ShapeError, DTypeError and DeviceError when a tangent does not fit.
 *
 * @example
 * ```ts
 * import { jvp, tensor } from "flambeau";
 *
 * const [y, t] = jvp((x) => x.square(), [tensor([1, 2, 3])], [tensor([1, 0, 1])]);
 * console.log(String(y), String(t));
 * // tensor([1., 4., 9.]) tensor([2., 0., 6.])
 * ```
 */
export function jvp(...args: unknown[]): [Tensor | readonly Tensor[], Tensor | readonly Tensor[]] {
  const { func, primals, tangents } = bind<typeof SIGNATURE, Types<Outputs>>(SIGNATURE, args);
  checkInputs("jvp", primals);
  const directions = fitting("jvp", "tangents", primals, tangents);
  const { outputs, isList, push } = linearize("jvp", func, primals);
  return [isList ? [...outputs] : outputs[0], shaped(isList, outputs, push(directions))];
}
