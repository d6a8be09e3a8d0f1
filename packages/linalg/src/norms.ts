/** Norms of vectors and matrices, and distances. */
import {
  formatShape,
  IndexError,
  normalizeDim,
  numel,
  quote,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import {
  type Callable,
  callable,
  named,
  normOfMatrices,
  type Tensor,
  norm as vectorsNorm,
  where,
} from "@flambeau/tensor";

const VECTOR_NORM = "vectorNorm(x: tensor, ord: number = 2, dim?: int|ints, keepdim = false, *, dtype?)";

interface VectorNorm {
  /** The vectors. */
  readonly x: Tensor;
  /** The order p of `sum(|x|^p)^(1/p)`; Infinity and -Infinity for the largest and smallest size, 0 counts what is not zero. */
  readonly ord: number;
}

/**
 * The norm of order `ord` of the vectors along dimensions, of all elements by default: `sum(|x|^ord)^(1/ord)`, the largest or smallest
 * size for Infinity and -Infinity, the number of elements that are not zero for 0.
 *
 * @throws DTypeError when the dtype is no float; IndexError when there is no such dimension, or the largest or smallest of no elements
 *   is wanted.
 *
 * @example
 * ```ts
 * import { vectorNorm } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(vectorNorm(tensor([[3, 4], [6, 8]]), { dim: 1 })));
 * // tensor([ 5., 10.])
 * ```
 */
export const vectorNorm: Callable<typeof VECTOR_NORM, Tensor, VectorNorm> = callable<
  typeof VECTOR_NORM,
  Tensor,
  VectorNorm
>(VECTOR_NORM, (x, ord, dim, keepdim, { dtype }) => alongDims("vectorNorm", x, ord, dim, keepdim, dtype));

function alongDims(
  what: string,
  x: Tensor,
  ord: number,
  dim: number | readonly number[] | undefined,
  keepdim: boolean,
  dtype: Tensor["dtype"] | undefined,
): Tensor {
  const dims = dim === undefined || (typeof dim !== "number" && dim.length === 0) ? undefined : dim;
  if (ord < 0 || ord === Infinity) {
    const list = typeof dims === "number" ? [dims] : (dims ?? x.shape.map((_, i) => i));
    if (x.numel() === 0 && numel(list.map((d) => x.shape.at(d) as number)) === 0)
      throw new IndexError(
        `${what}: the norm of order ${ord} of no elements; got shape ${formatShape(x.shape)}`,
      );
  }
  return named(vectorsNorm(x, ord, dims, keepdim, dtype), "LinalgVectorNorm");
}

const NORM = "norm(A, ord?: number|'fro'|'nuc', dim?: int|ints, keepdim = false, *, dtype?)";

interface Norm {
  /** The order: of vectors any number; of matrices `"fro"`, `"nuc"`, 1, -1, 2, -2, Infinity or -Infinity. Default: of vectors, 2. */
  readonly ord: number | "fro" | "nuc" | null;
}

/**
 * A norm of vectors or of matrices. Without `ord` the 2-norm of all elements, or of those along `dim`. With it, one dimension is that of
 * vectors (`vectorNorm`) and two are those of matrices (`matrixNorm`); without `dim` the tensor is a vector or a matrix.
 *
 * @throws ShapeError when the dimensions are neither one nor two; ValueError when matrices have no such norm; DTypeError when the dtype is
 *   no float; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { norm } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const A = tensor([[3, 0], [4, 5]]);
 * console.log(String(norm(A, 2)), String(norm(A, 2, 1)));
 * // tensor(6.7082) tensor([3.0000, 6.4031])
 * ```
 */
export const norm: Callable<typeof NORM, Tensor, Norm> = callable<typeof NORM, Tensor, Norm>(
  NORM,
  (A, ord, dim, keepdim, { dtype }) => {
    if (ord === undefined || ord === null) return alongDims("norm", A, 2, dim, keepdim, dtype);
    const dims = typeof dim === "number" ? [dim] : (dim ?? A.shape.map((_, i) => i));
    if (dims.length !== 1 && dims.length !== 2)
      throw new ShapeError(
        `norm: with an order it is of vectors or matrices, along one dimension or two; got ${dim === undefined ? `shape ${formatShape(A.shape)}` : `dim ${formatShape(dims)}`}`,
      );
    if (dims.length === 2) return normOfMatrices(A, ord, dims, keepdim, { dtype });
    if (typeof ord === "string")
      throw new ValueError(`norm: ${quote(ord)} is the norm of a matrix; got one dimension`);
    return alongDims("norm", A, ord, dims, keepdim, dtype);
  },
);

const DIST = "dist(input, other: tensor, p = 2)";

/**
 * The norm of order `p` of the difference of two tensors, which broadcast.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError when the difference is no float.
 *
 * @example
 * ```ts
 * import { dist } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(dist(tensor([1, 2]), tensor([4, 6]))));
 * // tensor(5.)
 * ```
 */
export const dist: Callable<typeof DIST, Tensor> = callable(DIST, (x, y, p) =>
  named(vectorsNorm(x.sub(y), p), "Dist"),
);

const RENORM = "renorm(input, p: number, dim: int, maxnorm: number)";

interface Renorm {
  /** The order of the norm. */
  readonly p: number;
  /** The dimension whose slices are measured. */
  readonly dim: number;
  /** What norms are to be at most. */
  readonly maxnorm: number;
}

/**
 * The slices along a dimension, of which those with a larger norm than `maxnorm` are scaled down to it.
 *
 * @throws ShapeError when there are fewer than two dimensions; ValueError when p is not positive or maxnorm is negative; DTypeError when
 *   the dtype is no float; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { renorm } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(renorm(tensor([[3, 4], [0.6, 0.8]]), 2, 0, 1)));
 * // tensor([[0.6000, 0.8000],
 * //         [0.6000, 0.8000]])
 * ```
 */
export const renorm: Callable<typeof RENORM, Tensor, Renorm> = callable<typeof RENORM, Tensor, Renorm>(
  RENORM,
  (x, p, dim, maxnorm) => {
    if (x.ndim < 2)
      throw new ShapeError(`renorm takes two dimensions or more; got shape ${formatShape(x.shape)}`);
    if (!(p > 0) || !(maxnorm >= 0))
      throw new ValueError(`renorm: p is positive and maxnorm not negative; got ${p} and ${maxnorm}`);
    const own = normalizeDim(dim, x.ndim);
    const others = x.shape.map((_, i) => i).filter((i) => i !== own);
    const norms = vectorsNorm(x, p, others, true);
    // So that what is scaled ends below the bound, not above it: PyTorch's constant.
    const factor = where(norms.detach().gt(maxnorm), norms.add(1e-7).reciprocal().mul(maxnorm), 1);
    return named(x.mul(factor), "Renorm");
  },
);
