import { DTypeError, IndexError, quote } from "@flambeau/backend";
import { describeValue } from "../describe.ts";
import { Tensor } from "../tensor.ts";

/** @throws DTypeError when an index is no integer tensor. */
export function checkIndex(what: string, index: unknown): Tensor {
  if (
    index instanceof Tensor &&
    (index.dtype === "int64" || index.dtype === "int32" || index.dtype === "uint8")
  ) {
    return index;
  }
  const got = index instanceof Tensor ? `a ${index.dtype} tensor` : describeValue(index);
  throw new DTypeError(`${what} takes an integer tensor as its index; got ${got}`);
}

/**
 * A position counted from the front, of one that may count from the end.
 *
 * @throws IndexError when there is none such.
 */
export function positionOf(index: number, dim: number, size: number): number {
  if (!Number.isInteger(index) || index < -size || index >= size)
    throw new IndexError(`index ${quote(index)} is out of range for dimension ${dim} of size ${size}`);
  return index < 0 ? index + size : index;
}

/** Positions counted from the front, of such as may count from the end. */
export function wrapped(index: Tensor, size: number): Tensor {
  const positions = index.detach().long();
  return positions.add(positions.lt(0n).long().mul(BigInt(size)));
}
