/** Determinants and their logarithms. */
import { derived } from "@flambeau/autograd";
import {
  type Callable,
  callable,
  type NamedTuple,
  named,
  namedTuple,
  type Tensor,
  where,
  zerosLike,
} from "@flambeau/tensor";
import { batchOf, checkSquare } from "./checks.ts";
import { cofactorMatrix } from "./cofactors.ts";
import { determinant, factorLU, signOfPivots } from "./host/lu.ts";
import { invEx } from "./inv.ts";
import { onMatrices } from "./on-host.ts";

const DET = "det(A)";

/**
 * The determinants of square matrices `[..., n, n]`, by LU factors, in double precision on the CPU whatever the device. The gradients
 * of singular matrices exist too, to the second order.
 *
 * @throws ShapeError when a matrix is not square; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { det } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(det(tensor([[1, 2], [3, 4]]))));
 * // tensor(-2.)
 * ```
 */
export const det: Callable<typeof DET, Tensor> = callable(DET, (A) => {
  checkSquare("det", A);
  const [out] = derived(
    {
      name: "LinalgDet",
      readsInputs: true,
      run: ([given]) =>
        onMatrices([given], batchOf(given), [[[]]], ([a], [value]) => {
          const n = Math.sqrt(a.length);
          value[0] = determinant(a, n, new Float64Array(n));
        }),
      backward: ({ grads: [g], inputs: [a] }) => [
        cofactorMatrix(a).mul((g as Tensor).unsqueeze(-1).unsqueeze(-1)),
      ],
    },
    A,
  );
  return out;
});

/** A determinant, of which the logarithm does not overflow. */
export interface Slogdet {
  /** 1, -1, or 0 for a singular matrix: `[...]`. */
  readonly sign: Tensor;
  /** The logarithm of the absolute value, -Infinity for a singular matrix: `[...]`. */
  readonly logabsdet: Tensor;
}

const SLOGDET = "slogdet(A)";

/**
 * The sign of the determinants of square matrices `[..., n, n]`, and the logarithm of their absolute values.
 *
 * @throws ShapeError when a matrix is not square; DTypeError when the dtype is neither float32 nor float64. The gradient of a singular matrix
 *   is infinite or nan.
 *
 * @example
 * ```ts
 * import { slogdet } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [sign, logabsdet] = slogdet(tensor([[0, 2], [1, 0]]));
 * console.log(sign.itemSync(), String(logabsdet));
 * // -1 tensor(0.6931)
 * ```
 */
export const slogdet: Callable<typeof SLOGDET, NamedTuple<Slogdet>> = callable(SLOGDET, (A) => {
  checkSquare("slogdet", A);
  const [sign, logabsdet] = logarithm(A);
  return namedTuple({ sign, logabsdet });
});

function logarithm(A: Tensor): Tensor[] {
  return derived(
    {
      name: "LinalgSlogdet",
      readsInputs: true,
      run: ([given]) =>
        onMatrices([given], batchOf(given), [[[]], [[]]], ([a], [sign, log]) => {
          const n = Math.sqrt(a.length);
          const pivots = new Float64Array(n);
          factorLU(a, n, n, pivots);
          sign[0] = signOfPivots(pivots);
          for (let i = 0; i < n; i++) {
            const pivot = a[i * n + i];
            sign[0] *= Math.sign(pivot);
            log[0] += Math.log(Math.abs(pivot));
          }
        }),
      // The sign is constant wherever it has a derivative.
      backward: ({ grads: [, g], inputs: [a] }) => [
        g == null ? zerosLike(a) : invEx(a).inverse.mT.mul(g.unsqueeze(-1).unsqueeze(-1)),
      ],
    },
    A,
  );
}

const LOGDET = "logdet(A)";

/**
 * The logarithms of the determinants of square matrices `[..., n, n]`: -Infinity where one is zero, nan where it is negative.
 *
 * @throws ShapeError when a matrix is not square; DTypeError when the dtype is neither float32 nor float64. The gradient of a singular matrix
 *   is infinite or nan.
 *
 * @example
 * ```ts
 * import { logdet } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(logdet(tensor([[2, 0], [0, 3]]))));
 * // tensor(1.7918)
 * ```
 */
export const logdet: Callable<typeof LOGDET, Tensor> = callable(LOGDET, (A) => {
  checkSquare("logdet", A);
  const [sign, log] = logarithm(A);
  return named(where(sign.detach().eq(-1), Number.NaN, log), "Where");
});
