/** Tensors in pieces, which are views. */
import { DTypeError, formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, split, Tensor } from "@flambeau/tensor";
import { dimOf } from "./dims.ts";

const TENSOR_SPLIT = "tensorSplit(input, indicesOrSections: int|ints|tensor, dim = 0)";

/**
 * Pieces of a dimension: as many as a number says, of sizes that differ by one at most, the larger ones first; or with borders at the indices
 * of an array, or of a tensor of int64 without dimensions or with one. Indices are those of slices: negative ones count from the end, those
 * beyond it are the end, and between one and a smaller one there is an empty piece. The pieces are views.
 *
 * @param input - the tensor, of one dimension at least.
 * @throws IndexError when there is no such dimension; ValueError when the number of pieces is not an integer from 1, or an index is none;
 *   DTypeError when a tensor of indices is not int64; ShapeError when it has two dimensions or more; DeviceError when it is one that cannot be
 *   read at once.
 *
 * @example
 * ```ts
 * import { tensorSplit } from "@flambeau/ops";
 * import { arange, tensor } from "@flambeau/tensor";
 *
 * console.log(tensorSplit(arange(5), 2).map(String));
 * // [ 'tensor([0., 1., 2.])', 'tensor([3., 4.])' ]
 * console.log(tensorSplit(arange(5), tensor([1n, 4n])).map((x) => x.shape));
 * // [ [ 1 ], [ 3 ], [ 1 ] ]
 * ```
 */
export const tensorSplit: Callable<typeof TENSOR_SPLIT, Tensor[]> = callable(TENSOR_SPLIT, (x, how, dim) =>
  pieces("tensorSplit", x, how, dim),
);

function pieces(what: string, x: Tensor, how: number | readonly number[] | Tensor, dim: number): Tensor[] {
  const d = dimOf(what, x, dim);
  const size = x.shape[d];
  const borders = bordersOf(what, how instanceof Tensor ? elementsOf(what, how) : how, size);
  let start = 0;
  return [...borders, size].map((end) => {
    const piece = x.narrow(d, Math.min(start, size), Math.max(end - start, 0));
    start = end;
    return piece;
  });
}

function elementsOf(what: string, x: Tensor): number | number[] {
  if (x.dtype !== "int64") throw new DTypeError(`${what}: indices and sections are int64; got ${x.dtype}`);
  if (x.ndim > 1)
    throw new ShapeError(
      `${what}: indices have one dimension; got a tensor of shape ${formatShape(x.shape)}`,
    );
  const numbers = Array.from(x.dataSync(), Number);
  return x.ndim === 0 ? numbers[0] : numbers;
}

/** Where one piece ends and the next begins. */
function bordersOf(what: string, how: number | readonly number[], size: number): number[] {
  if (typeof how === "number") {
    if (!Number.isInteger(how) || how < 1)
      throw new ValueError(`${what}: the number of pieces is an integer from 1; got ${quote(how)}`);
    const [least, larger] = [Math.floor(size / how), size % how];
    return Array.from({ length: how - 1 }, (_, i) => (i + 1) * least + Math.min(i + 1, larger));
  }
  return how.map((index) => {
    if (!Number.isInteger(index)) throw new ValueError(`${what}: indices are integers; got ${quote(index)}`);
    return Math.min(Math.max(index < 0 ? index + size : index, 0), size);
  });
}

/** `tensorSplit` into pieces of one size, for which there is a dimension. */
function evenPieces(
  what: string,
  least: number,
  x: Tensor,
  how: number | readonly number[],
  dim: number,
): Tensor[] {
  if (x.ndim < least)
    throw new ShapeError(`${what} takes ${least} dimensions or more; got shape ${formatShape(x.shape)}`);
  if (typeof how === "number" && !(how >= 1 && Number.isInteger(x.shape[dim] / how)))
    throw new ShapeError(
      `${what}: dimension ${dim} of size ${x.shape[dim]} is not ${quote(how)} pieces of one size; tensorSplit takes any number`,
    );
  return pieces(what, x, how, dim);
}

const HSPLIT = "hsplit(input, indicesOrSections: int|ints)";

/**
 * Pieces side by side: along the second dimension, of a vector along its only one. As `tensorSplit`, but a number of pieces has to divide the
 * size.
 *
 * @throws ShapeError when the tensor has no dimension, or the number does not divide the size; ValueError when an index is no integer.
 *
 * @example
 * ```ts
 * import { hsplit } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(hsplit(arange(6).reshape([2, 3]), [1]).map((x) => x.shape));
 * // [ [ 2, 1 ], [ 2, 2 ] ]
 * ```
 */
export const hsplit: Callable<typeof HSPLIT, Tensor[]> = callable(HSPLIT, (x, how) =>
  evenPieces("hsplit", 1, x, how, x.ndim === 1 ? 0 : 1),
);

const VSPLIT = "vsplit(input, indicesOrSections: int|ints)";

/**
 * Pieces one below the other: along the first dimension of two or more. As `tensorSplit`, but a number of pieces has to divide the size.
 *
 * @throws ShapeError when there are fewer than two dimensions, or the number does not divide the size; ValueError when an index is no integer.
 *
 * @example
 * ```ts
 * import { vsplit } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(vsplit(arange(6).reshape([2, 3]), 2).map(String));
 * // [ 'tensor([[0., 1., 2.]])', 'tensor([[3., 4., 5.]])' ]
 * ```
 */
export const vsplit: Callable<typeof VSPLIT, Tensor[]> = callable(VSPLIT, (x, how) =>
  evenPieces("vsplit", 2, x, how, 0),
);

const DSPLIT = "dsplit(input, indicesOrSections: int|ints)";

/**
 * Pieces one behind the other: along the third dimension. As `tensorSplit`, but a number of pieces has to divide the size.
 *
 * @throws ShapeError when there are fewer than three dimensions, or the number does not divide the size; ValueError when an index is no
 *   integer.
 *
 * @example
 * ```ts
 * import { dsplit } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(dsplit(ones([2, 3, 4]), [1, 3]).map((x) => x.shape));
 * // [ [ 2, 3, 1 ], [ 2, 3, 2 ], [ 2, 3, 1 ] ]
 * ```
 */
export const dsplit: Callable<typeof DSPLIT, Tensor[]> = callable(DSPLIT, (x, how) =>
  evenPieces("dsplit", 3, x, how, 2),
);

const SPLIT_WITH_SIZES = "splitWithSizes(input, splitSizes: ints, dim = 0)";

/**
 * Pieces of the given sizes, which are views: `split` with an array.
 *
 * @throws ShapeError when the sizes do not add up to that of the dimension; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { splitWithSizes } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(splitWithSizes(arange(4), [1, 3]).map(String));
 * // [ 'tensor([0.])', 'tensor([1., 2., 3.])' ]
 * ```
 */
export const splitWithSizes: Callable<typeof SPLIT_WITH_SIZES, Tensor[]> = callable(
  SPLIT_WITH_SIZES,
  (x, sizes, dim) => split(x, sizes, dim),
);
