/** What ops refuse of a tensor's dimensions. */
import { formatShape, IndexError, normalizeDim, normalizeDims, ShapeError } from "@flambeau/backend";
import type { Tensor } from "../tensor.ts";

/**
 * Refuses a tensor of less or more dimensions.
 *
 * @param takes - what is taken: "trace takes a matrix".
 * @throws ShapeError
 */
export function checkNdims(takes: string, { shape }: Tensor, least: number, most: number = least): void {
  if (shape.length < least || shape.length > most)
    throw new ShapeError(`${takes}; got shape ${formatShape(shape)}`);
}

/**
 * A dimension counted from the front, of a tensor that has any.
 *
 * @throws IndexError
 */
export function ownDim(what: string, x: Tensor, dim: number): number {
  if (x.ndim === 0) throw new IndexError(`${what}: a scalar has no dimensions to choose from`);
  return normalizeDim(dim, x.ndim);
}

/** Dimensions counted from the front, none twice; `[]` names none of them. */
export function placesOf(x: Tensor, dims: number | readonly number[]): number[] {
  return typeof dims !== "number" && dims.length === 0 ? [] : normalizeDims(dims, x.ndim);
}
