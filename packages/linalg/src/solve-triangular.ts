import { derived } from "@flambeau/autograd";
import { formatShape, ShapeError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";
import { batchOf, checkFloat, checkMatrices, checkSquare, inOneBatch } from "./checks.ts";
import { blockOf, transposed } from "./host/block.ts";
import { solveLower, solveUpper } from "./host/triangular.ts";
import { onMatrices } from "./on-host.ts";

const SOLVE_TRIANGULAR = "solveTriangular(A, B: tensor, *, upper: bool, left = true, unitriangular = false)";

interface Options {
  /** Whether A is upper triangular, or lower triangular. What lies in the other triangle is not read. */
  readonly upper: boolean;
  /** Whether `A X = B` is solved, or `X A = B`. */
  readonly left: boolean;
  /** Whether the diagonal is taken for ones, and not read. */
  readonly unitriangular: boolean;
}

/**
 * The X of `A X = B`, or of `X A = B`, for triangular A `[..., n, n]`: as B, `[..., n, k]` or `[..., k, n]`; batches broadcast. By
 * substitution, in double precision on the CPU whatever the device.
 *
 * @throws ShapeError when A is not square, B is no batch of matrices, the sizes do not fit or the batches do not broadcast; DTypeError
 *   when the dtypes differ or are neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { solveTriangular } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const A = tensor([[2, 1], [0, 4]]);
 * console.log(String(solveTriangular(A, tensor([[4], [8]]), { upper: true })));
 * // tensor([[1.],
 * //         [2.]])
 * ```
 */
export const solveTriangular: Callable<typeof SOLVE_TRIANGULAR, Tensor, Options> = callable<
  typeof SOLVE_TRIANGULAR,
  Tensor,
  Options
>(SOLVE_TRIANGULAR, (A, B, options) => {
  checkSquare("solveTriangular", A);
  checkMatrices("solveTriangular", B);
  checkFloat("solveTriangular", A, B);
  checkEquation("solveTriangular", A, B, options.left);
  return triangularSolution(A, B, options);
});

/**
 * Refuses a right-hand side of another size.
 *
 * @throws ShapeError
 */
export function checkEquation(what: string, A: Tensor, B: Tensor, left: boolean): void {
  if (A.shape.at(-1) !== B.shape.at(left ? -2 : -1))
    throw new ShapeError(
      `${what}: ${left ? "A X = B" : "X A = B"} does not fit A of shape ${formatShape(A.shape)} and B of shape ${formatShape(B.shape)}`,
    );
}

/** The same of operands that are known to fit. */
export function triangularSolution(A: Tensor, B: Tensor, options: Options): Tensor {
  return substituted(...(inOneBatch("solveTriangular", [A, B], [2, 2]) as [Tensor, Tensor]), options);
}

function substituted(A: Tensor, B: Tensor, { upper, left, unitriangular }: Options): Tensor {
  const [X] = derived(
    {
      name: "LinalgSolveTriangular",
      readsInputs: true,
      run: ([a, b]) => substitute(a, b, { upper, left, unitriangular }),
      backward: ({ grads: [g], inputs: [a], outputs: [x], needs }) => {
        const gB = substituted(a.mT, g as Tensor, { upper: !upper, left, unitriangular });
        if (!needs[0]) return [null, gB];
        const gA = (left ? gB.matmul(x.mT) : x.mT.matmul(gB)).neg();
        const offset = unitriangular ? 1 : 0;
        return [upper ? gA.triu(offset) : gA.tril(-offset), gB];
      },
    },
    A,
    B,
  );
  return X;
}

function substitute(A: Tensor, B: Tensor, { upper, left, unitriangular }: Options): Tensor[] {
  const n = A.shape[A.ndim - 1];
  const [rows, columns] = B.shape.slice(-2);
  const isUpper = upper === left;
  return onMatrices([A, B], batchOf(B), [[[rows, columns]]], ([a, b], [out]) => {
    const square = blockOf(a, n, n);
    // X A = B is A' X' = B'.
    const triangle = left ? square : blockOf(transposed(square), n, n);
    const x = blockOf(left ? b : transposed(blockOf(b, rows, columns)), n, left ? columns : rows);
    (isUpper ? solveUpper : solveLower)(triangle, x, unitriangular);
    out.set(left ? x.data : transposed(x));
  });
}
