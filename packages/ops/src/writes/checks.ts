/** What writes refuse. */
import { DTypeError, formatShape, IndexError, ShapeError } from "@flambeau/backend";
import type { Tensor } from "@flambeau/tensor";

/** @throws DTypeError when positions are no integers. */
export function checkIndex(what: string, index: Tensor): Tensor {
  if (index.dtype === "int64" || index.dtype === "int32") return index;
  throw new DTypeError(`${what} takes an integer tensor as its index; got a ${index.dtype} tensor`);
}

/** @throws DTypeError when what is written has another dtype than what is there. */
export function checkSame(what: string, x: Tensor, source: Tensor): void {
  if (source.dtype !== x.dtype)
    throw new DTypeError(
      `${what}: the source is ${source.dtype} and the tensor ${x.dtype}; they have to be the same`,
    );
}

/** @throws ShapeError when what is written does not have the shape of where it goes. */
export function checkShape(what: string, src: Tensor, place: Tensor): void {
  if (`${src.shape}` !== `${place.shape}` || src.ndim !== place.ndim)
    throw new ShapeError(
      `${what}: a source of shape ${formatShape(src.shape)} does not fit the place of shape ${formatShape(place.shape)}`,
    );
}

/** @throws IndexError when a position is not within a dimension. */
export function checkPosition(position: number, dim: number, size: number): void {
  if (!(position >= 0 && position < size))
    throw new IndexError(`index ${position} is out of range for dimension ${dim} of size ${size}`);
}
