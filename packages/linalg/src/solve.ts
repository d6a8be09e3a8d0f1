import { derived } from "@flambeau/autograd";
import { formatShape, ShapeError } from "@flambeau/backend";
import { type Callable, callable, type NamedTuple, named, namedTuple, type Tensor } from "@flambeau/tensor";
import { batchOf, checkFloat, checkSquare, inOneBatch } from "./checks.ts";
import { failure, SINGULAR_SOLVE } from "./errors.ts";
import { blockOf, transposed } from "./host/block.ts";
import { factorLU, solveByLU } from "./host/lu.ts";
import { onMatrices } from "./on-host.ts";
import { checkEquation } from "./solve-triangular.ts";

const SOLVE = "solve(A, B: tensor, *, left = true)";

interface Left {
  /** Whether `A X = B` is solved, or `X A = B`. */
  readonly left: boolean;
}

/**
 * The X of `A X = B`, or of `X A = B`, for square A `[..., n, n]`. B is a batch of matrices `[..., n, k]`, or of vectors where it is
 * 1-d or its shape is that of A without the last size; batches broadcast. By LU factors with partial pivoting, in double precision
 * on the CPU whatever the device.
 *
 * @throws LinAlgError when a matrix is singular (of a device that cannot be read at once, the next read throws it); ShapeError when A
 *   is not square, the sizes do not fit or the batches do not broadcast; DTypeError when the dtypes differ or are neither float32 nor
 *   float64.
 *
 * @example
 * ```ts
 * import { solve } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(solve(tensor([[2, 1], [1, 3]]), tensor([3, 5]))));
 * // tensor([0.8000, 1.4000])
 * ```
 */
export const solve: Callable<typeof SOLVE, Tensor, Left> = callable<typeof SOLVE, Tensor, Left>(
  SOLVE,
  (A, B, { left }) => solution("linalg.solve", A, B, left, true)[0],
);

/** A solution, and for each matrix 0 or where it was found to be singular. */
export interface SolveResult {
  /** As B. */
  readonly result: Tensor;
  /** 0, or the number of the pivot, counted from 1, that is zero: int32, a number for each matrix. */
  readonly info: Tensor;
}

const SOLVE_EX = "solveEx(A, B: tensor, *, left = true, checkErrors = false)";

interface LeftChecked extends Left {
  /** Throw an error where `info` would not be zero. */
  readonly checkErrors: boolean;
}

/**
 * As `solve`, with `info` in place of an error: the result of a singular matrix is of no use.
 *
 * @throws LinAlgError with `checkErrors`; ShapeError and DTypeError as `solve`.
 *
 * @example
 * ```ts
 * import { solveEx } from "@flambeau/linalg";
 * import { ones } from "@flambeau/tensor";
 *
 * const { info } = solveEx(ones([2, 2]), ones([2, 1]));
 * console.log(String(info));
 * // tensor(2, dtype=int32)
 * ```
 */
export const solveEx: Callable<typeof SOLVE_EX, NamedTuple<SolveResult>, LeftChecked> = callable<
  typeof SOLVE_EX,
  NamedTuple<SolveResult>,
  LeftChecked
>(SOLVE_EX, (A, B, { left, checkErrors }) => {
  const [result, info] = solution("linalg.solve_ex", A, B, left, checkErrors);
  return namedTuple({ result, info });
});

function solution(what: string, A: Tensor, B: Tensor, left: boolean, strict: boolean): [Tensor, Tensor] {
  const name = what === "linalg.solve" ? "solve" : "solveEx";
  checkSquare(name, A);
  checkFloat(name, A, B);
  const isVector = isBatchOfVectors(A, B);
  if (isVector && !left)
    throw new ShapeError(
      `${name}: with { left: false } B is a batch of matrices; got ${formatShape(B.shape)}`,
    );
  const matrices = isVector ? B.unsqueeze(-1) : B;
  checkEquation(name, A, matrices, left);
  const [a, b] = inOneBatch(name, [A, matrices], [2, 2]) as [Tensor, Tensor];
  const [X, info] = solved(`torch.${what}`, a, b, left, strict);
  return [isVector ? named(X.squeeze(-1), "LinalgSolveEx") : X, info];
}

/** Whether B has one vector for each matrix. */
export function isBatchOfVectors(A: Tensor, B: Tensor): boolean {
  if (B.ndim === 1) return true;
  return A.ndim === B.ndim + 1 && B.shape.every((size, i) => size === A.shape[i]);
}

function solved(what: string, A: Tensor, B: Tensor, left: boolean, strict: boolean): [Tensor, Tensor] {
  return derived(
    {
      name: "LinalgSolveEx",
      readsInputs: true,
      run: ([a, b]) => byLU(what, a, b, left, strict),
      backward: ({ grads: [g], inputs: [a], outputs: [x], needs }) => {
        const [gB] = solved(what, a.mT, g as Tensor, left, strict);
        return [needs[0] ? (left ? gB.matmul(x.mT) : x.mT.matmul(gB)).neg() : null, gB];
      },
    },
    A,
    B,
  ) as [Tensor, Tensor];
}

function byLU(what: string, A: Tensor, B: Tensor, left: boolean, strict: boolean): Tensor[] {
  const n = A.shape[A.ndim - 1];
  const [rows, columns] = B.shape.slice(-2);
  const batch = batchOf(B);
  const results = [[[rows, columns]], [[], "int32"]] as const;
  return onMatrices([A, B], batch, results, ([a, b], [out, info], index) => {
    const pivots = new Float64Array(n);
    const lu = left ? a : transposed(blockOf(a, n, n));
    info[0] = factorLU(lu, n, n, pivots);
    if (info[0] > 0 && strict) throw failure(what, batch, index, SINGULAR_SOLVE);
    const x = left ? b : transposed(blockOf(b, rows, columns));
    solveByLU(lu, n, pivots, x, left ? columns : rows);
    out.set(left ? x : transposed(blockOf(x, n, rows)));
  });
}
