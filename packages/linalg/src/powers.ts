/** Powers and the exponential of square matrices. */
import { derived } from "@flambeau/autograd";
import { quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, cat, type Tensor, zerosLike } from "@flambeau/tensor";
import { batchOf, checkSquare } from "./checks.ts";
import { exponential } from "./host/exponential.ts";
import { inv } from "./inv.ts";
import { eyeLike } from "./masks.ts";
import { onMatrices } from "./on-host.ts";

const MATRIX_POWER = "matrixPower(A, n)";

/**
 * The n-th power of square matrices `[..., n, n]`, by repeated squaring; of the inverse where n is negative.
 *
 * @throws ValueError when n is no integer; LinAlgError when it is negative and a matrix singular; ShapeError when a matrix is not square;
 *   DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { matrixPower } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(matrixPower(tensor([[1, 1], [0, 1]]), 5)));
 * // tensor([[1., 5.],
 * //         [0., 1.]])
 * ```
 */
export const matrixPower: Callable<typeof MATRIX_POWER, Tensor> = callable(MATRIX_POWER, (A, n) => {
  if (!Number.isInteger(n)) throw new ValueError(`matrixPower: n is an integer; got ${quote(n)}`);
  checkSquare("matrixPower", A);
  if (n === 0) {
    const one = eyeLike(A, A.shape[A.ndim - 1]);
    // A is in the graph still, with a gradient of zeros.
    return A.maskedFill(one.eq(one), 0).add(one);
  }
  let square = n < 0 ? inv(A) : A;
  let result: Tensor | null = null;
  for (let left = Math.abs(n); ; square = square.matmul(square)) {
    if (left % 2 === 1) result = result === null ? square : result.matmul(square);
    left = Math.floor(left / 2);
    if (left === 0) break;
  }
  return result === A ? A.clone() : (result as Tensor);
});

const MATRIX_EXP = "matrixExp(A)";

/**
 * The exponential of square matrices `[..., n, n]`: scaling and squaring with Pade approximants (Higham, SIAM J. Matrix Anal. Appl. 26,
 * 2005), in double precision on the CPU whatever the device. The derivative is a block of the exponential of [[A', G], [0, A']] (Najfeld
 * and Havel, Adv. Appl. Math. 16, 1995).
 *
 * @throws ShapeError when a matrix is not square; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { matrixExp } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(matrixExp(tensor([[0, 1], [0, 0]]))));
 * // tensor([[1., 1.],
 * //         [0., 1.]])
 * ```
 */
export const matrixExp: Callable<typeof MATRIX_EXP, Tensor> = callable(MATRIX_EXP, (A) => {
  checkSquare("matrixExp", A);
  return exponentialOf(A);
});

function exponentialOf(A: Tensor): Tensor {
  const [out] = derived(
    {
      name: "LinalgMatrixExp",
      readsInputs: true,
      run: ([given]) => {
        const n = given.shape[given.ndim - 1];
        return onMatrices([given], batchOf(given), [[[n, n]]], ([a], [y]) => y.set(exponential(a, n)));
      },
      backward: ({ grads: [g], inputs: [a] }) => {
        const n = a.shape[a.ndim - 1];
        const upper = cat([a.mT, g as Tensor], -1);
        const lower = cat([zerosLike(a.detach()), a.mT], -1);
        return [
          exponentialOf(cat([upper, lower], -2))
            .narrow(-2, 0, n)
            .narrow(-1, n, n),
        ];
      },
    },
    A,
  );
  return out;
}
