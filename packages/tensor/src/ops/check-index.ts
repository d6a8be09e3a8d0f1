import { DTypeError, quote } from "@flambeau/backend";
import { Tensor } from "../tensor.ts";

/** @throws DTypeError when an index is no integer tensor. */
export function checkIndex(what: string, index: unknown): Tensor {
  if (
    index instanceof Tensor &&
    (index.dtype === "int64" || index.dtype === "int32" || index.dtype === "uint8")
  ) {
    return index;
  }
  const got = index instanceof Tensor ? `a ${index.dtype} tensor` : quote(index);
  throw new DTypeError(`${what} takes an integer tensor as its index; got ${got}`);
}

/** Positions counted from the front, of such as may count from the end. */
export function wrapped(index: Tensor, size: number): Tensor {
  const positions = index.detach().long();
  return positions.add(positions.lt(0n).long().mul(BigInt(size)));
}
