import { derived } from "@flambeau/autograd";
import { type Callable, callable, type NamedTuple, namedTuple, type Tensor } from "@flambeau/tensor";
import { batchOf, checkSquare } from "./checks.ts";
import { failure, singularInverse } from "./errors.ts";
import { identity } from "./host/block.ts";
import { factorLU, solveByLU } from "./host/lu.ts";
import { onMatrices } from "./on-host.ts";

const INV = "inv(A)";

/**
 * The inverse of square matrices `[..., n, n]`, by LU factors with partial pivoting, in double precision on the CPU whatever the
 * device. `solve(A, B)` is faster and more accurate than `inv(A).matmul(B)`.
 *
 * @throws LinAlgError when a matrix is singular (of a device that cannot be read at once, the next read throws it); ShapeError when a
 *   matrix is not square; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { inv } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(inv(tensor([[2, 0], [0, 4]]))));
 * // tensor([[0.5000, 0.0000],
 * //         [0.0000, 0.2500]])
 * ```
 */
export const inv: Callable<typeof INV, Tensor> = callable(
  INV,
  (A) => inverted("linalg.inv", "inv", A, true)[0],
);

/** An inverse, and for each matrix 0 or where it was found to be singular. */
export interface InvResult {
  /** `[..., n, n]`. */
  readonly inverse: Tensor;
  /** 0, or the number of the pivot, counted from 1, that is zero: int32, a number for each matrix. */
  readonly info: Tensor;
}

const INV_EX = "invEx(A, *, checkErrors = false)";

interface Checked {
  /** Throw an error where `info` would not be zero. */
  readonly checkErrors: boolean;
}

/**
 * As `inv`, with `info` in place of an error: what is found for a singular matrix is of no use.
 *
 * @throws LinAlgError with `checkErrors`; ShapeError and DTypeError as `inv`.
 *
 * @example
 * ```ts
 * import { invEx } from "@flambeau/linalg";
 * import { ones } from "@flambeau/tensor";
 *
 * const [, info] = invEx(ones([2, 2]));
 * console.log(String(info));
 * // tensor(2, dtype=int32)
 * ```
 */
export const invEx: Callable<typeof INV_EX, NamedTuple<InvResult>, Checked> = callable<
  typeof INV_EX,
  NamedTuple<InvResult>,
  Checked
>(INV_EX, (A, { checkErrors }) => {
  const [inverse, info] = inverted("linalg.inv_ex", "invEx", A, checkErrors);
  return namedTuple({ inverse, info });
});

function inverted(what: string, name: string, A: Tensor, strict: boolean): Tensor[] {
  checkSquare(name, A);
  return derived(
    {
      name: "LinalgInvEx",
      run: ([a]) => {
        const n = a.shape[a.ndim - 1];
        const batch = batchOf(a);
        return onMatrices([a], batch, [[[n, n]], [[], "int32"]], ([x], [out, info], index) => {
          const pivots = new Float64Array(n);
          info[0] = factorLU(x, n, n, pivots);
          if (info[0] > 0 && strict) throw failure(what, batch, index, singularInverse(info[0]));
          out.set(identity(n));
          solveByLU(x, n, pivots, out, n);
        });
      },
      backward: ({ grads: [g], outputs: [y] }) => [y.mT.matmul((g as Tensor).matmul(y.mT)).neg()],
    },
    A,
  );
}
