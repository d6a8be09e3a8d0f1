/**
 * Slices of a tensor picked and written by a vector of positions along one dimension.
 *
 * @module
 */
import { formatShape, normalizeDim, ShapeError, sameShape } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { named } from "../recorder.ts";
import { type Scalar, Tensor } from "../tensor.ts";
import { mul } from "./arithmetic.ts";
import { checkNdims } from "./check-dims.ts";
import { checkIndex, wrapped } from "./check-index.ts";
import { gather, scatter, scatter_, scatterAdd, scatterAdd_ } from "./gather.ts";

/** The index of `dim` alone, stretched over the other dimensions of `like`. */
function along(what: string, like: Tensor, dim: number, index: Tensor): Tensor {
  checkIndex(what, index);
  checkNdims(`${what} takes a vector as its index`, index, 0, 1);
  const column = like.shape.map((_, i) => (i === dim ? -1 : 1));
  const shape = like.shape.map((size, i) => (i === dim ? index.numel() : size));
  return index
    .detach()
    .reshape(index.numel() === 0 ? column.map((s) => Math.max(s, 0)) : column)
    .expand(shape);
}

const INDEX_SELECT = "indexSelect(input, dim, index)";

/**
 * The slices `index[0]`, `index[1]`, ... of a dimension. A scalar counts as a vector of one element, of which one index
 * chooses it.
 *
 * @throws IndexError when an index is out of range; ShapeError when a scalar has more or less than one.
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
export const indexSelect: Callable<typeof INDEX_SELECT, Tensor> = callable(INDEX_SELECT, (x, dim, index) => {
  const d = normalizeDim(dim, x.ndim);
  if (x.ndim === 0 && checkIndex("indexSelect", index).numel() !== 1)
    throw new ShapeError(`indexSelect: of a scalar one index chooses; got ${index.numel()}`);
  return named(gather(x, d, along("indexSelect", x, d, index)), "IndexSelect");
});

/** As many slices as positions, and of the tensor's own sizes: a rest of either would be left out in silence. */
function checkSlices(what: string, x: Tensor, dim: number, index: Tensor, source: Tensor): void {
  const wanted = x.shape.map((size, i) => (i === dim ? index.numel() : size));
  if (source instanceof Tensor && !sameShape(source.shape, wanted) && x.ndim + source.ndim > 1) {
    throw new ShapeError(
      `${what}: ${index.numel()} positions in dimension ${dim} take a source of shape ${formatShape(wanted)}; got ${formatShape(source.shape)}`,
    );
  }
}

/** Options of `indexAdd`. */
export interface IndexAddOptions {
  /** What the source is multiplied by first. Default 1. */
  readonly alpha?: Scalar;
}

function scaled(source: Tensor, { alpha = 1 }: IndexAddOptions): Tensor {
  return alpha === 1 ? source : mul(source, alpha);
}

const INDEX_ADD_INPLACE = "indexAdd_(input, dim, index, source, *, alpha: scalar = 1)";

/**
 * Adds the slices of `source` (times `alpha`) to the slices `index[0]`, `index[1]`, ... of a dimension, in place.
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
export const indexAdd_: Callable<typeof INDEX_ADD_INPLACE, Tensor> = callable(
  INDEX_ADD_INPLACE,
  (x, dim, index, source, options) => {
    const d = normalizeDim(dim, x.ndim);
    const positions = along("indexAdd_", x, d, index);
    checkSlices("indexAdd_", x, d, index, source);
    return scatterAdd_(x, d, positions, scaled(source, options));
  },
);

const INDEX_ADD = "indexAdd(input, dim, index, source, *, alpha: scalar = 1)";

/**
 * A copy with the slices of `source` (times `alpha`) added to the slices `index[0]`, `index[1]`, ... of a dimension.
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
export const indexAdd: Callable<typeof INDEX_ADD, Tensor> = callable(
  INDEX_ADD,
  (x, dim, index, source, options) => {
    const d = normalizeDim(dim, x.ndim);
    const positions = along("indexAdd", x, d, index);
    checkSlices("indexAdd", x, d, index, source);
    return named(scatterAdd(x, d, positions, scaled(source, options)), "IndexAdd");
  },
);

/** What each of the positions gets: a number, or an element. */
function filling(what: string, x: Tensor, positions: Tensor, value: Tensor | Scalar): Tensor | Scalar {
  if (!(value instanceof Tensor)) return value;
  if (value.ndim > 0)
    throw new ShapeError(`${what} takes one value; got a tensor of shape ${formatShape(value.shape)}`);
  return value.to(x.dtype).expand(positions.shape);
}

const INDEX_FILL = "indexFill(input, dim, index, value: operand)";

/**
 * A copy with one value in the slices `index[0]`, `index[1]`, ... of a dimension; negative ones count from the end.
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
export const indexFill: Callable<typeof INDEX_FILL, Tensor> = callable(INDEX_FILL, (x, dim, index, value) => {
  const d = normalizeDim(dim, x.ndim);
  const positions = along("indexFill", x, d, wrapped(checkIndex("indexFill", index), x.shape[d] ?? 1));
  const out = scatter(x, d, positions, filling("indexFill", x, positions, value));
  return named(out, `IndexFillBackward${value instanceof Tensor ? 1 : 0}`);
});

const INDEX_FILL_INPLACE = "indexFill_(input, dim, index, value: operand)";

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
export const indexFill_: Callable<typeof INDEX_FILL_INPLACE, Tensor> = callable(
  INDEX_FILL_INPLACE,
  (x, dim, index, value) => {
    const d = normalizeDim(dim, x.ndim);
    const positions = along("indexFill_", x, d, wrapped(checkIndex("indexFill_", index), x.shape[d] ?? 1));
    return scatter_(x, d, positions, filling("indexFill_", x, positions, value));
  },
);

const INDEX_COPY = "indexCopy(input, dim, index, source)";

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
export const indexCopy: Callable<typeof INDEX_COPY, Tensor> = callable(
  INDEX_COPY,
  (x, dim, index, source) => {
    const d = normalizeDim(dim, x.ndim);
    const positions = along("indexCopy", x, d, index);
    checkSlices("indexCopy", x, d, index, source);
    return named(scatter(x, d, positions, source), "IndexCopy");
  },
);

const INDEX_COPY_INPLACE = "indexCopy_(input, dim, index, source)";

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
export const indexCopy_: Callable<typeof INDEX_COPY_INPLACE, Tensor> = callable(
  INDEX_COPY_INPLACE,
  (x, dim, index, source) => {
    const d = normalizeDim(dim, x.ndim);
    const positions = along("indexCopy_", x, d, index);
    checkSlices("indexCopy_", x, d, index, source);
    return scatter_(x, d, positions, source);
  },
);
