/**
 * Decompositions in the form that torch itself has them, where that is another one than torch.linalg's.
 *
 * @module
 */
import { ShapeError } from "@flambeau/backend";
import * as linalg from "@flambeau/linalg";
import {
  type Callable,
  callable,
  type NamedTuple,
  named,
  namedTuple,
  type Tensor,
  zeros,
} from "@flambeau/tensor";

const CHOLESKY = "cholesky(input, upper = false)";

/** Which triangle. */
interface Upper {
  /** Whether the upper triangle is read and U given, `A = U' U`, or the lower one and L, `A = L L'`. */
  readonly upper: boolean;
}

/**
 * `linalg.cholesky`, with `upper` by position.
 *
 * @throws LinAlgError when a matrix is not positive-definite; ShapeError when it is not square; DTypeError when the dtype is neither
 *   float32 nor float64.
 *
 * @example
 * ```ts
 * import { cholesky, tensor } from "flambeau";
 *
 * console.log(String(cholesky(tensor([[4, 2], [2, 5]]), true)));
 * // tensor([[2., 1.],
 * //         [0., 2.]])
 * ```
 */
export const cholesky: Callable<typeof CHOLESKY, Tensor, Upper> = callable<typeof CHOLESKY, Tensor, Upper>(
  CHOLESKY,
  (A, upper) => named(linalg.cholesky(A, { upper }), "Cholesky"),
);

const QR = "qr(input, some = true)";

interface Some {
  /** Whether only what belongs to singular values, or to rows of R that are not zero, is given. */
  readonly some: boolean;
}

/**
 * `linalg.qr`, reduced, or complete where `some` is false.
 *
 * @throws ShapeError when there are fewer than two dimensions; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { ones, qr } from "flambeau";
 *
 * console.log(qr(ones([3, 2]), false).Q.shape);
 * // [ 3, 3 ]
 * ```
 */
export const qr: Callable<typeof QR, NamedTuple<linalg.QR>, Some> = callable<
  typeof QR,
  NamedTuple<linalg.QR>,
  Some
>(QR, (A, some) => linalg.qr(A, some ? "reduced" : "complete"));

/** Of matrices `A = U diag(S) V'`. */
export interface SVD {
  /** Orthonormal columns: `[..., m, k]` with k = min(m, n), or `[..., m, m]`. */
  readonly U: Tensor;
  /** The singular values in falling order, `[..., k]`. */
  readonly S: Tensor;
  /** Orthonormal columns: `[..., n, k]`, or `[..., n, n]`. */
  readonly V: Tensor;
}

const SVD = "svd(input, some = true, computeUv = true)";

interface SomeOrNone extends Some {
  /** Whether U and V are computed; they are zeros otherwise. */
  readonly computeUv: boolean;
}

/**
 * The singular value decomposition with V, where `linalg.svd` gives the transposed one.
 *
 * @throws ValueError when an element is infinite or nan; ShapeError when there are fewer than two dimensions; DTypeError when the dtype is
 *   neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { svd, tensor } from "flambeau";
 *
 * const A = tensor([[3, 0], [4, 5]]);
 * const { U, S, V } = svd(A);
 * console.log(U.mul(S).matmul(V.mT).allclose(A, { atol: 1e-5 }));
 * // true
 * ```
 */
export const svd: Callable<typeof SVD, NamedTuple<SVD>, SomeOrNone> = callable<
  typeof SVD,
  NamedTuple<SVD>,
  SomeOrNone
>(SVD, (A, some, computeUv) => {
  if (computeUv) {
    const { U, S, Vh } = linalg.svd(A, !some);
    return namedTuple({ U, S, V: Vh.mT });
  }
  const S = linalg.svdvals(A);
  const square = (size: number): Tensor =>
    zeros([...A.shape.slice(0, -2), size, size], { dtype: A.dtype, device: A.device });
  const [m, n] = A.shape.slice(-2);
  return namedTuple({ U: square(m), S, V: square(n) });
});

/** LU factors in one matrix, as torch.lu gives them. */
export interface LUData {
  /** U in the upper triangle, L below it without its ones: `[..., m, n]`. */
  readonly LU: Tensor;
  /** With which row each was exchanged, counted from 1: int32, `[..., min(m, n)]`. */
  readonly pivots: Tensor;
}

/** The same and, if wanted, for each matrix 0 or where a pivot is zero. */
export interface LUDataWithInfos extends LUData, Iterable<Tensor> {
  /** With `getInfos`: 0, or the number of the pivot, counted from 1, that is zero: int32, a number for each matrix. */
  readonly infos?: Tensor;
}

const LU = "lu(A, pivot = true, getInfos = false)";

interface Infos {
  /** Whether rows are exchanged, so that the largest element of a column is divided by. */
  readonly pivot: boolean;
  /** Whether `infos` is given. */
  readonly getInfos: boolean;
}

/**
 * LU factors in the form that `luSolve` and `luUnpack` take: `linalg.luFactorEx`. No error where a matrix is singular.
 *
 * @throws ValueError without pivoting, as PyTorch on the CPU; ShapeError when there are fewer than two dimensions; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { lu, luUnpack, tensor } from "flambeau";
 *
 * const { LU, pivots } = lu(tensor([[0, 2], [4, 2]]));
 * const [P, L, U] = luUnpack(LU, pivots);
 * console.log(String(U));
 * // tensor([[4., 2.],
 * //         [0., 2.]])
 * ```
 */
export const lu: Callable<typeof LU, LUDataWithInfos, Infos> = callable<typeof LU, LUDataWithInfos, Infos>(
  LU,
  (A, pivot, getInfos) => {
    const { LU: data, pivots, info } = linalg.luFactorEx(A, { pivot });
    return getInfos ? namedTuple({ LU: data, pivots, infos: info }) : namedTuple({ LU: data, pivots });
  },
);

const LU_SOLVE = "luSolve(b: tensor, LU_data: tensor, LU_pivots: tensor)";

interface Solving {
  /** The right-hand sides, `[..., n, k]`. */
  readonly b: Tensor;
  /** L and U in one matrix, as `lu` gives them. */
  readonly LU_data: Tensor;
  /** With which row each was exchanged. */
  readonly LU_pivots: Tensor;
}

/**
 * The X of `A X = b`, by the factors of A: `linalg.luSolve` in the older order.
 *
 * @throws ShapeError when the sizes do not fit or the batches do not broadcast; DTypeError when the dtypes differ or are neither float32
 *   nor float64.
 *
 * @example
 * ```ts
 * import { lu, luSolve, tensor } from "flambeau";
 *
 * const { LU, pivots } = lu(tensor([[2, 1], [1, 3]]));
 * console.log(String(luSolve(tensor([[3], [5]]), LU, pivots)));
 * // tensor([[0.8000],
 * //         [1.4000]])
 * ```
 */
export const luSolve: Callable<typeof LU_SOLVE, Tensor, Solving> = callable<typeof LU_SOLVE, Tensor, Solving>(
  LU_SOLVE,
  (b, data, pivots) => linalg.luSolve(data, pivots, b),
);

const CROSS = "cross(input, other: tensor, dim?: int)";

/**
 * The cross product of vectors of size 3 along a dimension, by default the first of that size; the others broadcast.
 *
 * @throws ShapeError when no dimension has size 3, the sizes along it are not 3, or the shapes do not broadcast; DTypeError when the dtypes
 *   differ.
 *
 * @example
 * ```ts
 * import { cross, tensor } from "flambeau";
 *
 * console.log(String(cross(tensor([1, 0, 0]), tensor([0, 1, 0]))));
 * // tensor([0., 0., 1.])
 * ```
 */
export const cross: Callable<typeof CROSS, Tensor> = callable(CROSS, (a, b, dim) => {
  const along = dim ?? a.shape.indexOf(3);
  if (dim === undefined && along < 0)
    throw new ShapeError(`cross: no dimension of input has size 3; its shape is [${a.shape.join(", ")}]`);
  return linalg.cross(a, b, { dim: along });
});
