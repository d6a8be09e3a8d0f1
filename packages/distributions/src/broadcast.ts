import { broadcastShapes, numel } from "@flambeau/backend";
import { getDefaultDType, type Operand, Tensor, tensor } from "@flambeau/tensor";

/**
 * Parameters as tensors of one shape. A number becomes a tensor like the first of the tensors; numbers alone have the default dtype
 * and no dimensions.
 *
 * @throws ShapeError when the shapes do not broadcast.
 */
export function broadcastAll(...values: readonly Operand[]): Tensor[] {
  const like = values.find((x) => x instanceof Tensor) as Tensor | undefined;
  const tensors = values.map((x) => (x instanceof Tensor ? x : numberLike(x, like)));
  let { shape } = tensors[0];
  for (const x of tensors) shape = broadcastShapes(shape, x.shape);
  return tensors.map((x) => (x.ndim === shape.length && x.numel() === numel(shape) ? x : x.expand(shape)));
}

/** A number as a tensor with the dtype and device of another. */
export function numberLike(x: number | bigint | boolean, like: Tensor | undefined): Tensor {
  return tensor(Number(x), { dtype: like?.dtype ?? getDefaultDType(), device: like?.device });
}

/** The sum over the last dimensions, so many of them. */
export function sumRightmost(x: Tensor, count: number): Tensor {
  return count === 0 ? x : x.reshape([...x.shape.slice(0, x.ndim - count), -1]).sum(-1);
}
