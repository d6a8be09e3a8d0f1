import {
  type Callable,
  callable,
  normOfMatrices,
  singularValues,
  type Tensor,
  where,
} from "@flambeau/tensor";
import { checkMatrices, checkSquare } from "./checks.ts";
import { invEx } from "./inv.ts";

const COND = "cond(A, p?: number|'fro'|'nuc')";

interface Order {
  /** The norm: `"fro"`, `"nuc"`, 1, -1, 2 (default), -2, Infinity or -Infinity. */
  readonly p: number | "fro" | "nuc" | null;
}

/**
 * The condition number of matrices: the norm of A times that of its inverse; for the orders 2 and -2, which need no inverse and take
 * matrices of any shape, the ratio of the largest and the smallest singular value. Infinite for singular matrices.
 *
 * @throws ShapeError when a matrix is not square and its inverse is needed; ValueError when there is no such norm; DTypeError
 *   when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { cond } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(cond(tensor([[4, 0], [0, 2]]))));
 * // tensor(2.)
 * ```
 */
export const cond: Callable<typeof COND, Tensor, Order> = callable<typeof COND, Tensor, Order>(
  COND,
  (A, p) => {
    checkMatrices("cond", A);
    const order = p ?? 2;
    const isBySingularValues = order === 2 || order === -2;
    if (!isBySingularValues) checkSquare("cond", A);
    if (A.numel() === 0) return A.sum([-2, -1]).detach();
    if (isBySingularValues || order === "nuc") {
      const S = singularValues(A);
      if (order === "nuc") return S.sum(-1).mul(S.reciprocal().sum(-1));
      const [largest, smallest] = [S.select(-1, 0), S.select(-1, S.shape[S.ndim - 1] - 1)];
      return order === 2 ? largest.div(smallest) : smallest.div(largest);
    }
    const { inverse, info } = invEx(A);
    const singular = info.gt(0);
    const product = normOfMatrices(A, order).mul(normOfMatrices(inverse, order));
    return where(singular, Infinity, product);
  },
);
