import { checkResult } from "../dispatch/elementwise.ts";
import type { Tensor } from "../tensor.ts";
import { copy_ } from "./copy.ts";

/**
 * The in-place form of an op whose result is there already: writes it over the tensor.
 *
 * @throws ShapeError when the result is larger than the tensor; DTypeError when its category is higher.
 */
export function overwrite(what: string, target: Tensor, result: Tensor): Tensor {
  checkResult(what, result, target);
  return copy_(target, result);
}
