/** Products of matrices and vectors that are added to a tensor. */
import {
  broadcastShapes,
  DTypeError,
  formatShape,
  isFloat,
  quote,
  ShapeError,
  sameShape,
} from "@flambeau/backend";
import { maskedFill, onesLike, type Scalar, type Tensor } from "@flambeau/tensor";

/** What a product and its addend are multiplied by. */
export interface Factors {
  readonly beta: number;
  readonly alpha: Scalar;
}

/**
 * `beta * addend + alpha * product`, of the product's shape. With beta 0 what the addend has, even nan, does not count.
 *
 * @throws ShapeError when the addend does not broadcast to the product; DTypeError when a factor has a fraction and the result is an integer.
 */
export function plusAddend(what: string, addend: Tensor, product: Tensor, { beta, alpha }: Factors): Tensor {
  const { shape } = product;
  if (addend.ndim > shape.length || !sameShape(broadcastShapes(addend.shape, shape), shape))
    throw new ShapeError(
      `${what}: the addend's shape ${formatShape(addend.shape)} does not broadcast to ${formatShape(shape)}, that of the product`,
    );
  for (const [name, factor] of Object.entries({ beta, alpha })) {
    if (!isFloat(product.dtype) && !isFloat(addend.dtype) && !Number.isInteger(Number(factor)))
      throw new DTypeError(`${what}: ${name} ${quote(factor)} is no integer, and the tensors are`);
  }
  const scaled = alpha === 1 ? product : product.mul(alpha);
  // A product with zero would keep nan.
  const rest =
    beta === 0
      ? maskedFill(addend, onesLike(addend, { dtype: "bool" }), 0)
      : beta === 1
        ? addend
        : addend.mul(beta);
  return scaled.add(rest);
}

/**
 * Refuses an addend of another dtype, as products of matrices do, and bools.
 *
 * @throws DTypeError
 */
export function checkDTypes(what: string, addend: Tensor, factor: Tensor): void {
  if (addend.dtype !== factor.dtype)
    throw new DTypeError(
      `${what}: the addend is ${addend.dtype}, and a factor ${factor.dtype}; convert one with .to()`,
    );
  if (addend.dtype === "bool") throw new DTypeError(`${what} takes numbers; got bool`);
}
