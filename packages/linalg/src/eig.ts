import { derived } from "@flambeau/autograd";
import {
  type Callable,
  callable,
  type NamedTuple,
  namedTuple,
  type Tensor,
  where,
  zerosLike,
} from "@flambeau/tensor";
import { batchOf, checkSquare } from "./checks.ts";
import { failure } from "./errors.ts";
import { eigenOf } from "./host/eigen.ts";
import { diagonalOf, eyeLike, onDiagonal } from "./masks.ts";
import { onMatrices } from "./on-host.ts";
import { solve } from "./solve.ts";

/** Of matrices `A V = V diag(L)`. */
export interface Eig {
  /** `[..., n]`. */
  readonly eigenvalues: Tensor;
  /** Columns of length 1, `[..., n, n]`. */
  readonly eigenvectors: Tensor;
}

const EIG = "eig(A)";

/**
 * Eigenvalues and eigenvectors of square matrices `[..., n, n]`, all of whose eigenvalues are real. PyTorch's result is always complex;
 * complex numbers are not among the dtypes here, and a matrix with complex eigenvalues is refused. Balancing, Hessenberg form and Francis'
 * double steps (Golub and Van Loan, Matrix Computations, 4th ed., 7.5), in double precision on the CPU whatever the device. Where there are
 * fewer eigenvectors than eigenvalues, some are parallel to rounding, as LAPACK's; rounding may make a complex pair of equal eigenvalues.
 *
 * @throws LinAlgError when an eigenvalue is complex, an element is infinite or nan (of a device that cannot be read at
 *   once, the next read throws both); ShapeError when a matrix is not square; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { eig } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [values] = eig(tensor([[2, 1], [0, 3]]));
 * console.log(String(values));
 * // tensor([2., 3.])
 * ```
 */
export const eig: Callable<typeof EIG, NamedTuple<Eig>> = callable(EIG, (A) => {
  const [eigenvalues, eigenvectors] = eigen("eig", A);
  return namedTuple({ eigenvalues, eigenvectors });
});

const EIGVALS = "eigvals(A)";

/**
 * The eigenvalues of square matrices `[..., n, n]`, where all are real. See `eig`.
 *
 * @throws LinAlgError, ShapeError and DTypeError as `eig`.
 *
 * @example
 * ```ts
 * import { eigvals } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(eigvals(tensor([[1, 2], [2, 1]]))));
 * // tensor([ 3., -1.])
 * ```
 */
export const eigvals: Callable<typeof EIGVALS, Tensor> = callable(EIGVALS, (A) => eigen("eigvals", A)[0]);

function eigen(what: string, A: Tensor): Tensor[] {
  checkSquare(what, A);
  const n = A.shape[A.ndim - 1];
  const batch = batchOf(A);
  return derived(
    {
      name: "LinalgEig",
      run: ([given]) =>
        onMatrices([given], batch, [[[n]], [[n, n]]], ([a], [values, vectors], index) => {
          const found = eigenOf(a, n);
          if (found === null)
            throw failure(
              `linalg.${what}`,
              batch,
              index,
              "The eigenvalues are complex numbers, which no dtype here holds; those of symmetric matrices are real (eigh).",
            );
          values.set(found.values);
          vectors.set(found.vectors);
        }),
      backward: ({ grads: [gL, gV], outputs: [L, V] }) => [eigGradient(gL, gV, L, V)],
    },
    A,
  );
}

/**
 * V'^-1 (diag(gL) + (V' gV - V' V diag(V' gV)) / (L_j - L_i)) V': Boeddeker, Hanebrink, Drude, Heymann and Haeb-Umbach, "On the
 * computation of complex-valued gradients with application to statistically optimum beamforming", 2017, for vectors of length 1.
 */
function eigGradient(gL: Tensor | null, gV: Tensor | null, L: Tensor, V: Tensor): Tensor {
  let inner = onDiagonal(gL ?? zerosLike(L));
  if (gV !== null) {
    const product = V.mT.matmul(gV);
    const along = V.mT.matmul(V.mul(diagonalOf(product).unsqueeze(-2)));
    const diagonal = eyeLike(L, L.shape[L.ndim - 1]).ne(0);
    const gaps = where(diagonal, 1, L.unsqueeze(-2).sub(L.unsqueeze(-1)));
    inner = inner.add(where(diagonal, 0, product.sub(along).div(gaps)));
  }
  return solve(V.mT, inner.matmul(V.mT));
}
