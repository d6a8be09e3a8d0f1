import { type Callable, callable, type NamedTuple, named, namedTuple, type Tensor } from "@flambeau/tensor";
import { checkFloat, checkMatrices, checkSquare, inOneBatch } from "./checks.ts";
import { checkEquation, triangularSolution } from "./solve-triangular.ts";

/** A solution, and the matrix that it was found with. */
export interface TriangularSolve {
  /** `[..., n, k]`. */
  readonly solution: Tensor;
  /** A copy of A, broadcast to the batch. */
  readonly clonedCoefficient: Tensor;
}

const TRIANGULAR_SOLVE =
  "triangularSolve(b: tensor, A, upper = true, transpose = false, unitriangular = false)";

interface Options {
  /** The right-hand sides, `[..., n, k]`. */
  readonly b: Tensor;
  /** Whether A is upper triangular, or lower triangular. */
  readonly upper: boolean;
  /** Whether the transposed A is meant. */
  readonly transpose: boolean;
  /** Whether the diagonal is taken for ones, and not read. */
  readonly unitriangular: boolean;
}

/**
 * The X of `A X = b` for triangular A: `solveTriangular` in torch's older form, with a copy of A.
 *
 * @throws ShapeError when A is not square, the sizes do not fit or the batches do not broadcast; DTypeError when the dtypes differ or
 *   are neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { triangularSolve } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { solution } = triangularSolve(tensor([[4], [8]]), tensor([[2, 1], [0, 4]]));
 * console.log(String(solution));
 * // tensor([[1.],
 * //         [2.]])
 * ```
 */
export const triangularSolve: Callable<
  typeof TRIANGULAR_SOLVE,
  NamedTuple<TriangularSolve>,
  Options
> = callable<typeof TRIANGULAR_SOLVE, NamedTuple<TriangularSolve>, Options>(
  TRIANGULAR_SOLVE,
  (b, given, upper, transpose, unitriangular) => {
    checkSquare("triangularSolve", given);
    checkMatrices("triangularSolve", b);
    checkFloat("triangularSolve", given, b);
    checkEquation("triangularSolve", given, b, true);
    const [A, B] = inOneBatch("triangularSolve", [given, b], [2, 2]) as [Tensor, Tensor];
    const X = triangularSolution(transpose ? A.mT : A, B, {
      upper: upper !== transpose,
      left: true,
      unitriangular,
    });
    return namedTuple({ solution: named(X, "TriangularSolve"), clonedCoefficient: A.clone() });
  },
);
