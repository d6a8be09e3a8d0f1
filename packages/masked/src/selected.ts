/** What a mask leaves of a tensor, for an operation that has an identity: a value that changes no result. */
import { type DType, DTypeError, formatShape, isFloat, ShapeError } from "@flambeau/backend";
import { type Scalar, type Tensor, where } from "@flambeau/tensor";

/** The bits of integers, and whether they have a sign. */
const INTEGERS: Readonly<Record<string, readonly [bits: number, signed: boolean] | undefined>> = {
  uint8: [8, false],
  int8: [8, true],
  int16: [16, true],
  int32: [32, true],
  int64: [64, true],
};

function boundsOf(what: string, dtype: DType): readonly [lowest: Scalar, highest: Scalar] {
  if (isFloat(dtype)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const found = INTEGERS[dtype];
  if (found === undefined) throw new DTypeError(`masked ${what} takes numbers; got ${dtype}`);
  const [bits, signed] = found;
  const count = 2n ** BigInt(signed ? bits - 1 : bits);
  const bounds = [signed ? -count : 0n, count - 1n] as const;
  return bits === 64 ? bounds : [Number(bounds[0]), Number(bounds[1])];
}

/** The smallest value of a tensor's dtype: of a largest element it is the identity. */
export const lowestOf =
  (what: string) =>
  ({ dtype }: Tensor): Scalar =>
    boundsOf(what, dtype)[0];

/** The largest value of a tensor's dtype. */
export const highestOf =
  (what: string) =>
  ({ dtype }: Tensor): Scalar =>
    boundsOf(what, dtype)[1];

/** A mask as bool, of the tensor's shape. */
export function maskOf(x: Tensor, mask: Tensor): Tensor {
  if (mask.ndim > x.ndim)
    throw new ShapeError(
      `a mask of shape ${formatShape(mask.shape)} has more dimensions than the tensor of shape ${formatShape(x.shape)}`,
    );
  return mask.detach().bool().expand(x.shape);
}

/** The tensor with the identity where the mask is false; as it is without a mask. */
export function selected(x: Tensor, mask: Tensor | undefined, identity: (x: Tensor) => Scalar): Tensor {
  return mask === undefined ? x : where(maskOf(x, mask), x, identity(x));
}

/** The dimensions to reduce, or undefined for all: PyTorch's reductions take none for all, too. */
export function dimsOf(dim: number | readonly number[] | undefined): number | readonly number[] | undefined {
  return Array.isArray(dim) && dim.length === 0 ? undefined : dim;
}
