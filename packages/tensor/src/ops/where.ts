/**
 * Choosing between elements by a mask.
 *
 * @module
 */
import { DTypeError, E, formatShape, ShapeError } from "@flambeau/backend";
import { callable, overloaded } from "../call/callable.ts";
import type { Callable, Overloaded } from "../call/signature.ts";
import { applyElementwise } from "../dispatch/elementwise.ts";
import { type Elementwise, ternaryOp } from "../elementwise.ts";
import { checkHolds } from "../promotion.ts";
import { named } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { nonzero, POSITIONS } from "./nonzero.ts";
import { needsElements } from "./unreadable.ts";

const select = ternaryOp("where", (mask, a, b) => E.select(mask, a, b), { promoteFrom: 1 });

const WHERE = "where(condition: tensor, input: operand, other)";
const WHERE_TRUE = "where(condition: tensor)";

function positions(x: Tensor): Tensor[] {
  needsElements("where", x, POSITIONS, "where(await x.cpu())");
  return nonzero(x.ndim === 0 ? x.reshape([1]) : x).unbind(1);
}

/**
 * `input` where the mask is true, `other` elsewhere; all three broadcast. Of one tensor alone, where its elements are not zero: an
 * int64 vector of positions for each dimension, as the columns of `nonzero`.
 *
 * @throws DTypeError when the mask is no bool tensor, or only one of `input` and `other` is given; ShapeError when the shapes do not
 *   broadcast. Of one tensor alone, DeviceError on devices that cannot read at once.
 *
 * @example
 * ```ts
 * import { tensor, where } from "@flambeau/tensor";
 *
 * const x = tensor([-1, 2, -3]);
 * console.log(String(where(x.gt(0), x, 0)));
 * // tensor([0., 2., 0.])
 * console.log(where(x.lt(0)).map(String));
 * // [ 'tensor([0, 2])' ]
 * ```
 */
export const where: Overloaded<[Callable<typeof WHERE, Tensor>, Callable<typeof WHERE_TRUE, Tensor[]>]> & {
  readonly op: Elementwise;
} = Object.assign(
  overloaded(
    callable(WHERE, (mask, a, b) => {
      if (mask.dtype !== "bool")
        throw new DTypeError(`where takes a bool tensor as its mask; got a ${mask.dtype} tensor`);
      return applyElementwise(select.op, [mask, a, b]);
    }),
    callable(WHERE_TRUE, positions),
  ),
  { op: select.op },
);

const MASKED_FILL = "maskedFill(input, mask, value: operand)";

/**
 * A copy of `input` with `value`, a scalar or a scalar tensor, where the mask is true. The mask and `input` broadcast.
 *
 * @throws DTypeError when the mask is no bool tensor; ShapeError when they do not broadcast, or the value has dimensions;
 *   ValueError when an integer dtype cannot hold the value.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([1, -2, 3]);
 * console.log(String(x.maskedFill(x.lt(0), 0)));
 * // tensor([1., 0., 3.])
 * ```
 */
export const maskedFill: Callable<typeof MASKED_FILL, Tensor> = callable(MASKED_FILL, (x, mask, value) => {
  if (!(value instanceof Tensor)) checkHolds("maskedFill", x.dtype, value);
  else if (value.ndim > 0) {
    throw new ShapeError(
      `maskedFill takes one value; got a tensor of shape ${formatShape(value.shape)} (where takes an element for each)`,
    );
  }
  const tensor = value instanceof Tensor;
  const out = where(mask, tensor ? value.to(x.dtype) : value, x).to(x.dtype);
  return named(out, `MaskedFillBackward${tensor ? 1 : 0}`);
});
