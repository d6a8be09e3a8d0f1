import {
  type Callable,
  callable,
  cat,
  leastSquares,
  type linalg,
  type NamedTuple,
  named,
  namedTuple,
  normOfMatrices,
  singularValues,
  type Tensor,
  thinSvd,
} from "@flambeau/tensor";
import { batchOf, checkMatrices } from "./checks.ts";
import { factorQR, productOfReflections } from "./host/reflections.ts";
import { onMatrices } from "./on-host.ts";

/** Of matrices `A = U diag(S) Vh`. */
export interface SVD {
  /** Orthonormal columns: `[..., m, m]`, or `[..., m, k]` with k = min(m, n). */
  readonly U: Tensor;
  /** The singular values in falling order, `[..., k]`. */
  readonly S: Tensor;
  /** Orthonormal rows: `[..., n, n]`, or `[..., k, n]`. */
  readonly Vh: Tensor;
}

const SVD = "svd(A, fullMatrices = true, *, driver?: 'gesvd'|'gesvdj'|'gesvda')";

interface Full {
  /** Whether U and Vh are square, or have as many columns and rows as there are singular values. */
  readonly fullMatrices: boolean;
  /** A choice that PyTorch has on CUDA: taken, and without effect here. */
  readonly driver: "gesvd" | "gesvdj" | "gesvda" | null;
}

/**
 * The singular value decomposition of matrices `[..., m, n]`. One-sided Jacobi rotations (Golub and Van Loan, Matrix Computations, 4th
 * ed., 8.6.3), in double precision on the CPU whatever the device. The vectors are unique up to their signs, and so are not always those
 * of LAPACK; what more columns `fullMatrices` adds has no gradient.
 *
 * @throws LinAlgError when an element is infinite or nan (of a device that cannot be read at once, the next read throws it); ShapeError
 *   when there are fewer than two dimensions; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { svd } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const A = tensor([[3, 0], [4, 5]]);
 * const { U, S, Vh } = svd(A, { fullMatrices: false });
 * console.log(String(S));
 * // tensor([6.7082, 2.2361])
 * console.log(U.mul(S).matmul(Vh).allclose(A, { atol: 1e-5 }));
 * // true
 * ```
 */
export const svd: Callable<typeof SVD, NamedTuple<SVD>, Full> = callable<typeof SVD, NamedTuple<SVD>, Full>(
  SVD,
  (A, fullMatrices) => {
    checkMatrices("svd", A);
    const [U, S, V] = thinSvd(A);
    const whole = (x: Tensor): Tensor => (fullMatrices ? completed(x) : x);
    return namedTuple({ U: whole(U), S, Vh: named(whole(V).mT, "LinalgSvd") });
  },
);

/** Orthonormal columns with others beside them, until they are as many as the rows. */
function completed(U: Tensor): Tensor {
  const [m, k] = U.shape.slice(-2);
  if (k === m) return U;
  const [others] = onMatrices([U.detach()], batchOf(U), [[[m, m - k]]], ([u], [out]) => {
    const tau = new Float64Array(k);
    factorQR(u, m, k, tau);
    const q = productOfReflections(u, m, k, tau, m);
    for (let i = 0; i < m; i++) out.set(q.subarray(i * m + k, (i + 1) * m), i * (m - k));
  });
  return named(cat([U, others], -1), "LinalgSvd");
}

/**
 * The singular values of matrices in falling order, as `svd` has them.
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "flambeau";
 *
 * console.log(String(linalg.svdvals(tensor([[3, 0], [4, 5]]))));
 * // tensor([6.7082, 2.2361])
 * ```
 */
export const svdvals: typeof singularValues = singularValues;

/** LAPACK's name of a way to solve least squares. */
export type LstsqDriver = linalg.LstsqDriver;

/** What `lstsq` gives. */
export type LstsqResult = linalg.LstsqResult;

/**
 * The least-squares solution of `A X = B`, with the residuals, the rank and the singular values.
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "flambeau";
 *
 * const { solution } = linalg.lstsq(tensor([[1, 0], [1, 1], [1, 2]]), tensor([[1], [3], [5]]));
 * console.log(String(solution.round({ decimals: 4 })));
 * // tensor([[1.],
 * //         [2.]])
 * ```
 */
export const lstsq: typeof leastSquares = leastSquares;

/**
 * A norm of matrices: Frobenius, nuclear, or one of an order.
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "flambeau";
 *
 * console.log(String(linalg.matrixNorm(tensor([[3, 0], [0, 4]]))));
 * // tensor(5.)
 * ```
 */
export const matrixNorm: typeof normOfMatrices = normOfMatrices;
