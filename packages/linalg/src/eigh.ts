import { derived } from "@flambeau/autograd";
import { quote, ValueError } from "@flambeau/backend";
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
import { eigenOfSymmetric } from "./host/symmetric.ts";
import { eyeLike, onDiagonal } from "./masks.ts";
import { onMatrices } from "./on-host.ts";

/** Of matrices `A = V diag(L) V'`. */
export interface Eigh {
  /** In rising order, `[..., n]`. */
  readonly eigenvalues: Tensor;
  /** Orthonormal columns, `[..., n, n]`. */
  readonly eigenvectors: Tensor;
}

const EIGH = "eigh(A, UPLO: string = 'L')";

interface Triangle {
  /** Which triangle is read: `"L"`, the lower one, or `"U"`. */
  readonly UPLO: "L" | "U" | "l" | "u";
}

/**
 * Eigenvalues and eigenvectors of symmetric matrices `[..., n, n]`, of which one triangle is read. Tridiagonal form and implicit QL
 * steps (Golub and Van Loan, Matrix Computations, 4th ed., 8.3) with LAPACK's signs, in double precision on the CPU whatever the
 * device. Gradients of eigenvectors exist where the eigenvalues differ, and are nan where two are equal.
 *
 * @throws ValueError when UPLO is neither; LinAlgError when an element is infinite or nan (of a device that cannot be read at once, the next read
 *   throws it); ShapeError when a matrix is not square; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { eigh } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { eigenvalues, eigenvectors } = eigh(tensor([[2, 0], [0, 1]]));
 * console.log(String(eigenvalues));
 * // tensor([1., 2.])
 * ```
 */
export const eigh: Callable<typeof EIGH, NamedTuple<Eigh>, Triangle> = callable<
  typeof EIGH,
  NamedTuple<Eigh>,
  Triangle
>(EIGH, (A, UPLO) => {
  const [eigenvalues, eigenvectors] = eigen("eigh", A, UPLO);
  return namedTuple({ eigenvalues, eigenvectors });
});

const EIGVALSH = "eigvalsh(A, UPLO: string = 'L')";

/**
 * The eigenvalues of symmetric matrices `[..., n, n]`, of which one triangle is read, in rising order. As `eigh`, with gradients where
 * eigenvalues are equal too.
 *
 * @throws ValueError, ShapeError and DTypeError as `eigh`.
 *
 * @example
 * ```ts
 * import { eigvalsh } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(eigvalsh(tensor([[2, 1], [1, 2]]))));
 * // tensor([1., 3.])
 * ```
 */
export const eigvalsh: Callable<typeof EIGVALSH, Tensor, Triangle> = callable<
  typeof EIGVALSH,
  Tensor,
  Triangle
>(EIGVALSH, (A, UPLO) => eigen("eigvalsh", A, UPLO)[0]);

function eigen(what: string, A: Tensor, UPLO: string): Tensor[] {
  const triangle = UPLO.toUpperCase();
  if (triangle !== "L" && triangle !== "U")
    throw new ValueError(`${what}: UPLO is "L" or "U"; got ${quote(UPLO)}`);
  checkSquare(what, A);
  const n = A.shape[A.ndim - 1];
  return derived(
    {
      name: "LinalgEigh",
      run: ([given]) =>
        onMatrices([given], batchOf(given), [[[n]], [[n, n]]], ([a], [values, vectors]) => {
          for (let i = 0; i < n; i++) {
            for (let j = 0; j < i; j++) {
              if (triangle === "L") a[j * n + i] = a[i * n + j];
              else a[i * n + j] = a[j * n + i];
            }
          }
          const found = eigenOfSymmetric(a, n);
          values.set(found.values);
          vectors.set(found.vectors);
        }),
      backward: ({ grads: [gL, gV], outputs: [L, V] }) => [eighGradient(gL, gV, L, V)],
    },
    A,
  );
}

/**
 * V (diag(gL) + skew(V' gV) / (L_j - L_i)) V': Giles, "An extended collection of matrix derivative results for forward and reverse mode
 * algorithmic differentiation", 2008, 3.1.
 */
function eighGradient(gL: Tensor | null, gV: Tensor | null, L: Tensor, V: Tensor): Tensor {
  if (gV === null) return V.mul((gL as Tensor).unsqueeze(-2)).matmul(V.mT);
  const inner = V.mT.matmul(gV);
  const diagonal = eyeLike(L, L.shape[L.ndim - 1]).ne(0);
  const gaps = where(diagonal, 1, L.unsqueeze(-2).sub(L.unsqueeze(-1)));
  const turned = inner.sub(inner.mT).mul(0.5).div(gaps);
  return V.matmul(turned.add(onDiagonal(gL ?? zerosLike(L))).matmul(V.mT));
}
