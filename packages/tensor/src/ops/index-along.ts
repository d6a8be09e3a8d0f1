/**
 * Slices of a tensor picked and written by a vector of positions along one dimension.
 *
 * @module
 */
import { formatShape, IndexError, normalizeDim, ShapeError } from "@flambeau/backend";
import { type Scalar, Tensor } from "../tensor.ts";
import { checkIndex } from "./check-index.ts";
import { gather, scatter, scatter_, scatterAdd, scatterAdd_ } from "./gather.ts";

/** The index of `dim` alone, stretched over the other dimensions of `like`. */
function along(what: string, like: Tensor, dim: number, index: Tensor): Tensor {
  checkIndex(what, index);
  if (index.ndim > 1)
    throw new ShapeError(`${what} takes a vector as its index; got shape ${formatShape(index.shape)}`);
  const column = like.shape.map((_, i) => (i === dim ? -1 : 1));
  const shape = like.shape.map((size, i) => (i === dim ? index.numel() : size));
  return index
    .detach()
    .reshape(index.numel() === 0 ? column.map((s) => Math.max(s, 0)) : column)
    .expand(shape);
}

/**
 * The slices `index[0]`, `index[1]`, ... of a dimension.
 *
 * @throws IndexError when an index is out of range.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4]]).indexSelect(1, tensor([1n, 0n]))));
 * // tensor([[2., 1.],
 * //         [4., 3.]])
 * ```
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  if (x.ndim === 0) throw new IndexError("indexSelect: a scalar has no dimensions to choose from");
  const d = normalizeDim(dim, x.ndim);
  return gather(x, d, along("indexSelect", x, d, index));
}

/**
 * Adds the slices of `source` to the slices `index[0]`, `index[1]`, ... of a dimension, in place.
 *
 * @throws IndexError, ShapeError, DTypeError as `gather`; nothing is written then.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * const x = zeros([2, 2]);
 * x.indexAdd_(0, tensor([1n, 1n]), tensor([[1, 2], [3, 4]]));
 * console.log(String(x));
 * // tensor([[0., 0.],
 * //         [4., 6.]])
 * ```
 */
export function indexAdd_(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const d = normalizeDim(dim, x.ndim);
  return scatterAdd_(x, d, along("indexAdd_", x, d, index), source);
}

/**
 * A copy with the slices of `source` added to the slices `index[0]`, `index[1]`, ... of a dimension.
 *
 * @throws IndexError, ShapeError, DTypeError as `gather`.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 2]).indexAdd(0, tensor([1n, 1n]), tensor([[1, 2], [3, 4]]))));
 * // tensor([[0., 0.],
 * //         [4., 6.]])
 * ```
 */
export function indexAdd(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const d = normalizeDim(dim, x.ndim);
  return scatterAdd(x, d, along("indexAdd", x, d, index), source);
}

/** What each of the positions gets: a number, or an element. */
function filling(what: string, x: Tensor, positions: Tensor, value: Tensor | Scalar): Tensor | Scalar {
  if (!(value instanceof Tensor)) return value;
  if (value.ndim > 0)
    throw new ShapeError(`${what} takes one value; got a tensor of shape ${formatShape(value.shape)}`);
  return value.to(x.dtype).expand(positions.shape);
}

/**
 * A copy with one value in the slices `index[0]`, `index[1]`, ... of a dimension.
 *
 * @throws IndexError when an index is out of range; ShapeError when the value is a tensor with dimensions.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 3]).indexFill(1, tensor([0n, 2n]), 7)));
 * // tensor([[7., 0., 7.],
 * //         [7., 0., 7.]])
 * ```
 */
export function indexFill(x: Tensor, dim: number, index: Tensor, value: Tensor | Scalar): Tensor {
  const d = normalizeDim(dim, x.ndim);
  const positions = along("indexFill", x, d, index);
  return scatter(x, d, positions, filling("indexFill", x, positions, value));
}

/**
 * `indexFill` in place.
 *
 * @throws IndexError, ShapeError as `indexFill`; nothing is written then.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 3]).indexFill_(1, tensor([1n]), 7)));
 * // tensor([[0., 7., 0.],
 * //         [0., 7., 0.]])
 * ```
 */
export function indexFill_(x: Tensor, dim: number, index: Tensor, value: Tensor | Scalar): Tensor {
  const d = normalizeDim(dim, x.ndim);
  const positions = along("indexFill_", x, d, index);
  return scatter_(x, d, positions, filling("indexFill_", x, positions, value));
}

/**
 * A copy with the slices of `source` in the places `index[0]`, `index[1]`, ... of a dimension.
 *
 * @throws IndexError, ShapeError, DTypeError as `scatter`.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 2]).indexCopy(0, tensor([1n]), tensor([[1, 2]]))));
 * // tensor([[0., 0.],
 * //         [1., 2.]])
 * ```
 */
export function indexCopy(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const d = normalizeDim(dim, x.ndim);
  return scatter(x, d, along("indexCopy", x, d, index), source);
}

/**
 * `indexCopy` in place.
 *
 * @throws IndexError, ShapeError, DTypeError as `scatter`; nothing is written then.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 2]).indexCopy_(0, tensor([1n]), tensor([[1, 2]]))));
 * // tensor([[0., 0.],
 * //         [1., 2.]])
 * ```
 */
export function indexCopy_(x: Tensor, dim: number, index: Tensor, source: Tensor): Tensor {
  const d = normalizeDim(dim, x.ndim);
  return scatter_(x, d, along("indexCopy_", x, d, index), source);
}
