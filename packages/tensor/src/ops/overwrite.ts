import { checkResult } from "../dispatch/elementwise.ts";
import type { Tensor } from "../tensor.ts";
import { clone, copy_ } from "./copy.ts";

/**
 * The in-place form of an op whose result is there already: writes it over the tensor.
 *
 * @throws ShapeError when the result is larger than the tensor; DTypeError when its category is higher.
 */
export function overwrite(what: string, target: Tensor, result: Tensor): Tensor {
  checkResult(what, result, target);
  return copy_(target, result);
}

/**
 * The in-place form of a function that is made of ops: computes, and then writes over the tensor. Where it is recorded, it computes from a copy,
 * as derivatives may need the elements that were there.
 *
 * @throws as the function; ShapeError when the result is larger than the tensor; DTypeError when its category is higher.
 *
 * @internal
 */
export function writeOver(what: string, target: Tensor, f: (x: Tensor) => Tensor): Tensor {
  return overwrite(what, target, f(target.requiresGrad ? clone(target) : target));
}
