/** Equations of tensors, as matrices. */
import { formatShape, numel, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { checkFloat } from "./checks.ts";
import { inv } from "./inv.ts";
import { solve } from "./solve.ts";

const TENSORINV = "tensorinv(A, ind: int = 2)";

interface Ind {
  /** How many of the first dimensions belong to the rows. */
  readonly ind: number;
}

/**
 * The inverse of a tensor as an operator: with X = tensorinv(A, ind), `tensordot(X, B, ind)` is the solution of
 * `tensordot(A, X, X.ndim) = B`. The first `ind` sizes of A multiply to the same as the others, and stand behind in the result.
 *
 * @throws ValueError when `ind` is no positive integer; ShapeError when the sizes do not multiply to the same; LinAlgError when A is
 *   singular; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { tensorinv } from "@flambeau/linalg";
 * import { eye } from "@flambeau/tensor";
 *
 * console.log(tensorinv(eye(6).reshape([2, 3, 6])).shape);
 * // [ 6, 2, 3 ]
 * ```
 */
export const tensorinv: Callable<typeof TENSORINV, Tensor, Ind> = callable<typeof TENSORINV, Tensor, Ind>(
  TENSORINV,
  (A, ind) => {
    if (!Number.isInteger(ind) || ind <= 0)
      throw new ValueError(`tensorinv: ind is a positive integer; got ${quote(ind)}`);
    checkFloat("tensorinv", A);
    const [rows, columns] = [A.shape.slice(0, ind), A.shape.slice(ind)];
    if (numel(rows) !== numel(columns))
      throw new ShapeError(
        `tensorinv: the first ${ind} sizes of ${formatShape(A.shape)} multiply to ${numel(rows)}, the others to ${numel(columns)}; they have to be equal`,
      );
    return inv(A.reshape([numel(rows), numel(columns)])).reshape([...columns, ...rows]);
  },
);

const TENSORSOLVE = "tensorsolve(A, B: tensor, dims?: ints)";

interface Moved {
  /** Dimensions of A that are moved to its end first. */
  readonly dims: readonly number[] | null;
}

/**
 * The X of `tensordot(A, X, X.ndim) = B`: the first sizes of A are those of B, and the others, which multiply to the same, those of X.
 *
 * @throws ShapeError when the sizes do not fit; LinAlgError when A is singular; DTypeError when the dtypes differ or are neither float32
 *   nor float64.
 *
 * @example
 * ```ts
 * import { tensorsolve } from "@flambeau/linalg";
 * import { eye, ones } from "@flambeau/tensor";
 *
 * console.log(tensorsolve(eye(6).reshape([2, 3, 6]), ones([2, 3])).shape);
 * // [ 6 ]
 * ```
 */
export const tensorsolve: Callable<typeof TENSORSOLVE, Tensor, Moved> = callable<
  typeof TENSORSOLVE,
  Tensor,
  Moved
>(TENSORSOLVE, (A, B, dims) => {
  checkFloat("tensorsolve", A, B);
  const moved =
    dims == null
      ? A
      : A.movedim(
          dims as number[],
          dims.map((_, i) => A.ndim - dims.length + i),
        );
  const rest = moved.shape.slice(B.ndim);
  if (numel(rest) !== B.numel() || numel(moved.shape) !== B.numel() ** 2)
    throw new ShapeError(
      `tensorsolve: A of shape ${formatShape(moved.shape)} does not fit B of shape ${formatShape(B.shape)}: the sizes of A behind those of B multiply to ${numel(rest)}, and have to to ${B.numel()}`,
    );
  return solve(moved.reshape([B.numel(), numel(rest)]), B.flatten()).reshape(rest);
});
