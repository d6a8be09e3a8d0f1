/**
 * Choosing between elements by a mask.
 *
 * @module
 */
import { DTypeError, E, formatShape, ShapeError } from "@flambeau/backend";
import { describeValue } from "../describe.ts";
import { applyElementwise, type Elementwise, ternaryOp } from "../elementwise.ts";
import { checkHolds } from "../promotion.ts";
import { named } from "../recorder.ts";
import { type Operand, type Scalar, Tensor } from "../tensor.ts";
import { nonzero, POSITIONS } from "./nonzero.ts";
import { needsElements } from "./unreadable.ts";

const select = ternaryOp("where", (mask, a, b) => E.select(mask, a, b), { promoteFrom: 1 });

interface WhereFunction {
  (mask: Operand, a: Operand, b: Operand): Tensor;
  (x: Tensor): Tensor[];
}

/**
 * `where`.
 *
 * @internal
 */
export interface Where extends WhereFunction {
  readonly op: Elementwise;
}

function positions(x: unknown): Tensor[] {
  if (!(x instanceof Tensor)) throw new DTypeError(`where takes a tensor; got ${describeValue(x)}`);
  needsElements("where", x, POSITIONS, "where(await x.cpu())");
  return nonzero(x.ndim === 0 ? x.reshape([1]) : x).unbind(1);
}

/**
 * `a` where the mask is true, `b` elsewhere; all three broadcast. Of one tensor alone, where its elements are not zero: an
 * int64 vector of positions for each dimension, as the columns of `nonzero`.
 *
 * @throws DTypeError when the mask is no bool tensor, or only one of `a` and `b` is given; ShapeError when the shapes do not
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
export const where: Where = Object.assign(
  ((mask: Operand, a?: Operand, b?: Operand): Tensor | Tensor[] => {
    if (a === undefined && b === undefined) return positions(mask);
    if (!(mask instanceof Tensor) || mask.dtype !== "bool") {
      throw new DTypeError(
        `where takes a bool tensor as its mask; got ${mask instanceof Tensor ? `a ${mask.dtype} tensor` : describeValue(mask)}`,
      );
    }
    return applyElementwise(select.op, [mask, a as Operand, b as Operand]);
  }) as WhereFunction,
  { op: select.op },
);

/**
 * A copy of `x` with `value`, a scalar or a scalar tensor, where the mask is true. The mask and `x` broadcast.
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
export function maskedFill(x: Tensor, mask: Tensor, value: Scalar | Tensor): Tensor {
  if (!(value instanceof Tensor)) checkHolds("maskedFill", x.dtype, value);
  else if (value.ndim > 0) {
    throw new ShapeError(
      `maskedFill takes one value; got a tensor of shape ${formatShape(value.shape)} (where takes an element for each)`,
    );
  }
  const tensor = value instanceof Tensor;
  const out = where(mask, tensor ? value.to(x.dtype) : value, x).to(x.dtype);
  return named(out, `MaskedFillBackward${tensor ? 1 : 0}`);
}
