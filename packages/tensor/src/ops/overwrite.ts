import { formatShape, ShapeError, sameShape } from "@flambeau/backend";
import { refuseLowerCategory } from "../elementwise.ts";
import type { Tensor } from "../tensor.ts";
import { copy_ } from "./copy.ts";

/**
 * The in-place form of an op whose result is there already: writes it over the tensor.
 *
 * @throws ShapeError when the result is larger than the tensor; DTypeError when its category is higher.
 */
export function overwrite(what: string, target: Tensor, result: Tensor): Tensor {
  if (!sameShape(result.shape, target.shape)) {
    throw new ShapeError(
      `${what}: the result has shape ${formatShape(result.shape)} and does not fit into the tensor of shape ${formatShape(target.shape)}`,
    );
  }
  refuseLowerCategory(what, result.dtype, target.dtype);
  return copy_(target, result);
}
