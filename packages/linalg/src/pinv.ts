/** Pseudoinverses and ranks: what singular values above a tolerance make. */
import { derived } from "@flambeau/autograd";
import {
  type Callable,
  callable,
  named,
  type Operand,
  singularValues,
  Tensor,
  tensor,
  thinSvd,
  where,
  zeros,
} from "@flambeau/tensor";
import { batchOf, checkFloat, checkMatrices, checkSquare } from "./checks.ts";
import { eigh, eigvalsh } from "./eigh.ts";

const PINV = "pinv(A, rcond?: operand, hermitian = false, *, atol?: operand, rtol?: operand)";

interface Tolerances {
  /** The older name of `rtol`. */
  readonly rcond: Operand | null;
  /** Whether the matrices are symmetric, of which the lower triangle is read: faster, by eigenvalues. */
  readonly hermitian: boolean;
  /** Singular values up to this count as zero; a number, or one for each matrix. Default 0. */
  readonly atol: Operand | null;
  /** Singular values up to so many times the largest count as zero. Default: the epsilon of the dtype times max(m, n), or 0 with `atol`. */
  readonly rtol: Operand | null;
}

/**
 * The pseudoinverse of Moore and Penrose of matrices `[..., m, n]`: `[..., n, m]`. By singular values, or by eigenvalues where
 * `hermitian` (Golub and Van Loan, Matrix Computations, 4th ed., 5.5.2).
 *
 * @throws LinAlgError when an element is infinite or nan (of a device that cannot be read at once, the next read throws it); ShapeError
 *   when there are fewer than two dimensions; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { pinv } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(pinv(tensor([[2, 0], [0, 0], [0, 4]]))));
 * // tensor([[0.5000, 0.0000, 0.0000],
 * //         [0.0000, 0.0000, 0.2500]])
 * ```
 */
export const pinv: Callable<typeof PINV, Tensor, Tolerances> = callable<typeof PINV, Tensor, Tolerances>(
  PINV,
  (A, rcond, hermitian, { atol, rtol }) => {
    if (hermitian) checkSquare("pinv", A);
    else checkMatrices("pinv", A);
    return pseudoinverse(A, hermitian, atol, rtol ?? rcond);
  },
);

const PINVERSE = "pinverse(input, rcond: operand = 1e-15)";

/**
 * The pseudoinverse, as `pinv` with another default of the tolerance.
 *
 * @throws LinAlgError, ShapeError and DTypeError as `pinv`.
 *
 * @example
 * ```ts
 * import { pinverse } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(pinverse(tensor([[2, 0], [0, 4]]))));
 * // tensor([[0.5000, 0.0000],
 * //         [0.0000, 0.2500]])
 * ```
 */
export const pinverse: Callable<typeof PINVERSE, Tensor, { readonly rcond: Operand }> = callable<
  typeof PINVERSE,
  Tensor,
  {
    /** Singular values up to so many times the largest count as zero. */
    readonly rcond: Operand;
  }
>(PINVERSE, (A, rcond) => {
  checkMatrices("pinverse", A);
  return pseudoinverse(A, false, undefined, rcond);
});

function pseudoinverse(
  A: Tensor,
  hermitian: boolean,
  atol: Operand | null | undefined,
  rtol: Operand | null | undefined,
): Tensor {
  const [m, n] = A.shape.slice(-2);
  if (A.numel() === 0)
    return named(
      A.mT.mul(0).add(zeros([...batchOf(A), n, m], { dtype: A.dtype, device: A.device })),
      "LinalgPinv",
    );
  const [out] = derived(
    {
      name: "LinalgPinv",
      readsInputs: true,
      run: ([a]) => {
        const [left, values, right] = hermitian ? byEigenvalues(a) : thinSvd(a);
        const sizes = values.abs();
        const isLarge = sizes.gt(toleranceOf(a, sizes, atol, rtol).unsqueeze(-1));
        const inverted = where(isLarge, where(isLarge, values, 1).reciprocal(), 0);
        return [right.mul(inverted.unsqueeze(-2)).matmul(left.mT)];
      },
      backward: ({ grads: [g], inputs: [a], outputs: [y] }) => [pinvGradient(g as Tensor, a, y)],
    },
    A,
  );
  return out;
}

function byEigenvalues(A: Tensor): readonly [Tensor, Tensor, Tensor] {
  const { eigenvalues, eigenvectors } = eigh(A);
  return [eigenvectors, eigenvalues, eigenvectors];
}

/** Golub and Pereyra, SIAM J. Numer. Anal. 10, 1973, 4: of matrices of constant rank. */
function pinvGradient(g: Tensor, A: Tensor, Y: Tensor): Tensor {
  const [m, n] = A.shape.slice(-2);
  const gT = g.mT;
  if (m <= n) {
    const K = gT.matmul(Y);
    const KY = K.matmul(Y.mT);
    return KY.sub(Y.matmul(K).mT)
      .sub(A.matmul(Y).matmul(KY))
      .add(Y.mT.matmul(Y).matmul(gT.sub(K.matmul(A))));
  }
  const K = Y.matmul(gT);
  const YK = Y.mT.matmul(K);
  return gT.sub(A.matmul(K)).matmul(Y).matmul(Y.mT).sub(K.matmul(Y).mT).add(YK).sub(YK.matmul(Y).matmul(A));
}

/** What counts as zero, for each matrix: max(atol, rtol times the largest). */
function toleranceOf(
  A: Tensor,
  sizes: Tensor,
  atol: Operand | null | undefined,
  rtol: Operand | null | undefined,
): Tensor {
  const largest = sizes.amax(-1);
  const epsilon = A.dtype === "float64" ? Number.EPSILON : 2 ** -23;
  const usual = epsilon * Math.max(...A.shape.slice(-2));
  const of = (x: Operand): Tensor =>
    x instanceof Tensor ? x.to(A.dtype) : tensor(Number(x), { dtype: A.dtype, device: A.device });
  const absolute = of(atol ?? 0);
  const relative = rtol == null ? where(absolute.gt(0), 0, of(usual)) : of(rtol);
  return absolute.maximum(relative.mul(largest));
}

const MATRIX_RANK = "matrixRank(A, tol?: operand, hermitian = false, *, atol?: operand, rtol?: operand)";

interface RankTolerances extends Tolerances {
  /** The older name of `atol`, with which `rtol` is 0. */
  readonly tol: Operand | null;
}

/**
 * The ranks of matrices `[..., m, n]`: how many singular values are above the tolerance, `max(atol, rtol * largest)`. int64.
 *
 * @throws LinAlgError when an element is infinite or nan (of a device that cannot be read at once, the next read throws it); ShapeError
 *   when there are fewer than two dimensions; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { matrixRank } from "@flambeau/linalg";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(String(matrixRank(ones([3, 3]))));
 * // tensor(1)
 * ```
 */
export const matrixRank: Callable<typeof MATRIX_RANK, Tensor, RankTolerances> = callable<
  typeof MATRIX_RANK,
  Tensor,
  RankTolerances
>(MATRIX_RANK, (given, tol, hermitian, { atol, rtol }) => {
  const A = given.detach();
  if (hermitian) checkSquare("matrixRank", A);
  else checkMatrices("matrixRank", A);
  checkFloat("matrixRank", A);
  if (A.numel() === 0) return zeros(batchOf(A), { dtype: "int64", device: A.device });
  const sizes = hermitian ? eigvalsh(A).abs() : singularValues(A);
  const bound = toleranceOf(A, sizes, atol ?? tol, rtol ?? (tol == null ? null : 0));
  return sizes.gt(bound.unsqueeze(-1)).sum(-1);
});
