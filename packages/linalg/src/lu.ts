/** LU factors of batches of matrices, and what is solved by them. */
import { derived } from "@flambeau/autograd";
import { formatShape, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, type NamedTuple, named, namedTuple, type Tensor } from "@flambeau/tensor";
import { batchOf, checkFloat, checkMatrices, inOneBatch } from "./checks.ts";
import { failure } from "./errors.ts";
import { factorLU } from "./host/lu.ts";
import { luGradient } from "./lu-gradient.ts";
import { checkPivots, type LU, permutationOf, trianglesOf } from "./lu-unpack.ts";
import { onMatrices } from "./on-host.ts";
import { checkEquation, triangularSolution } from "./solve-triangular.ts";

interface Pivoting {
  /** Whether rows are exchanged, so that the largest element of a column is divided by: always. */
  readonly pivot: boolean;
}

interface PivotingChecked extends Pivoting {
  /** Throw an error where `info` would not be zero. */
  readonly checkErrors: boolean;
}

/** LU factors in one matrix. */
export interface LUFactor {
  /** U in the upper triangle, L below it without its ones: `[..., m, n]`. */
  readonly LU: Tensor;
  /** With which row each was exchanged, counted from 1: int32, `[..., min(m, n)]`. */
  readonly pivots: Tensor;
}

/** The same, and for each matrix 0 or where a pivot is zero. */
export interface LUFactorEx extends LUFactor {
  /** 0, or the number of the pivot, counted from 1, that is zero: int32, a number for each matrix. */
  readonly info: Tensor;
}

const LU_FACTOR = "luFactor(A, *, pivot = true)";

/**
 * The LU factors of matrices `[..., m, n]` in the form that `luSolve` and `luUnpack` take. Partial pivoting, Toledo's recursive
 * elimination (SIAM J. Matrix Anal. Appl. 18, 1997), in double precision on the CPU whatever the device.
 *
 * @throws LinAlgError when a pivot is zero (of a device that cannot be read at once, the next read throws it); ValueError without pivoting,
 *   as PyTorch on the CPU; ShapeError when there are fewer than two dimensions; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { luFactor, luSolve } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { LU, pivots } = luFactor(tensor([[2, 1], [1, 3]]));
 * console.log(String(luSolve(LU, pivots, tensor([[3], [5]]))));
 * // tensor([[0.8000],
 * //         [1.4000]])
 * ```
 */
export const luFactor: Callable<typeof LU_FACTOR, NamedTuple<LUFactor>, Pivoting> = callable<
  typeof LU_FACTOR,
  NamedTuple<LUFactor>,
  Pivoting
>(LU_FACTOR, (A, { pivot }) => {
  checkMatrices("luFactor", A);
  checkPivoting("luFactor", pivot);
  const [LU, pivots] = factored("torch.linalg.lu_factor", A, true);
  return namedTuple({ LU, pivots });
});

const LU_FACTOR_EX = "luFactorEx(A, *, pivot = true, checkErrors = false)";

/**
 * As `luFactor`, with `info` in place of an error.
 *
 * @throws LinAlgError with `checkErrors`; ValueError, ShapeError and DTypeError as `luFactor`.
 *
 * @example
 * ```ts
 * import { luFactorEx } from "@flambeau/linalg";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(String(luFactorEx(ones([2, 2])).info));
 * // tensor(2, dtype=int32)
 * ```
 */
export const luFactorEx: Callable<typeof LU_FACTOR_EX, NamedTuple<LUFactorEx>, PivotingChecked> = callable<
  typeof LU_FACTOR_EX,
  NamedTuple<LUFactorEx>,
  PivotingChecked
>(LU_FACTOR_EX, (A, { pivot, checkErrors }) => {
  checkMatrices("luFactorEx", A);
  checkPivoting("luFactorEx", pivot);
  const [LU, pivots, info] = factored("torch.linalg.lu_factor_ex", A, checkErrors);
  return namedTuple({ LU, pivots, info });
});

/** @throws ValueError where rows are not to be exchanged. */
function checkPivoting(what: string, pivot: boolean): void {
  if (!pivot)
    throw new ValueError(
      `${what}: LU without pivoting is not implemented on the CPU, where all of linalg is computed; leave out { pivot: false }`,
    );
}

const zeroPivot = (i: number): string =>
  `U[${i},${i}] is zero and using it on lu_solve would result in a division by zero. If you still want to perform the factorization, consider calling linalg.lu(A, pivot) or linalg.lu_factor_ex(A, pivot)`;

/** LU, pivots and info of matrices. */
export function factored(what: string, A: Tensor, strict: boolean): Tensor[] {
  return derived(
    {
      name: "LinalgLuFactorEx",
      run: ([a]) => factorsOf(what, a, strict),
      backward: ({ grads: [g], outputs: [data, pivots] }) => {
        const [m, n] = data.shape.slice(-2);
        const k = Math.min(m, n);
        const [L, U] = trianglesOf(data);
        const gL = (g as Tensor).narrow(-1, 0, k);
        const gU = (g as Tensor).narrow(-2, 0, k);
        return [luGradient(gL, gU, permutationOf(what, data.detach(), pivots), L, U)];
      },
    },
    A,
  );
}

function factorsOf(what: string, A: Tensor, strict: boolean): Tensor[] {
  const [m, n] = A.shape.slice(-2);
  const batch = batchOf(A);
  const results = [[[m, n]], [[Math.min(m, n)], "int32"], [[], "int32"]] as const;
  return onMatrices([A], batch, results, ([a], [out, pivots, info], index) => {
    info[0] = factorLU(a, m, n, pivots);
    if (info[0] > 0 && strict) throw failure(what, batch, index, zeroPivot(info[0]));
    pivots.forEach((row, i) => {
      pivots[i] = row + 1;
    });
    out.set(a);
  });
}

const LU_FACTORS = "lu(A, *, pivot = true)";

/**
 * The factors of `A = P L U` of matrices `[..., m, n]`: a permutation, a lower triangle with ones on its diagonal, an upper triangle.
 *
 * @throws ValueError without pivoting, as PyTorch on the CPU; ShapeError when there are fewer than two dimensions; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { lu } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [P, L, U] = lu(tensor([[0, 2], [4, 2]]));
 * console.log(String(U));
 * // tensor([[4., 2.],
 * //         [0., 2.]])
 * ```
 */
export const lu: Callable<typeof LU_FACTORS, NamedTuple<LU>, Pivoting> = callable<
  typeof LU_FACTORS,
  NamedTuple<LU>,
  Pivoting
>(LU_FACTORS, (A, { pivot }) => {
  checkMatrices("lu", A);
  checkPivoting("lu", pivot);
  const [P, L, U] = derived(
    {
      name: "LinalgLu",
      constant: [0],
      run: ([a]) => {
        const [data, pivots] = factorsOf("", a, false);
        return [permutationOf("lu", data, pivots), ...trianglesOf(data)];
      },
      backward: ({ grads: [, gL, gU], outputs: [p, l, u] }) => [luGradient(gL, gU, p, l, u)],
    },
    A,
  );
  return namedTuple({ P, L, U });
});

const LU_SOLVE = "luSolve(LU: tensor, pivots: tensor, B: tensor, *, left = true, adjoint = false)";

interface Solving extends LUFactor {
  readonly B: Tensor;
  /** Whether `A X = B` is solved, or `X A = B`. */
  readonly left: boolean;
  /** Whether the transposed A is meant. */
  readonly adjoint: boolean;
}

/**
 * The X of `A X = B`, or of `X A = B`, by the factors of A that `luFactor` gives. B is `[..., n, k]`, or `[..., k, n]`; batches
 * broadcast.
 *
 * @throws ShapeError when the sizes do not fit or the batches do not broadcast; ValueError when a pivot is out of range (of a device
 *   that cannot be read at once, the next read throws it); DTypeError when the dtypes differ or are neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { luFactor, luSolve } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [LU, pivots] = luFactor(tensor([[0, 2], [4, 2]]));
 * console.log(String(luSolve(LU, pivots, tensor([[2], [6]]))));
 * // tensor([[1.],
 * //         [1.]])
 * ```
 */
export const luSolve: Callable<typeof LU_SOLVE, Tensor, Solving> = callable<typeof LU_SOLVE, Tensor, Solving>(
  LU_SOLVE,
  (data, pivots, B, { left, adjoint }) => {
    checkMatrices("luSolve", B);
    checkFloat("luSolve", data, B);
    checkPivots("luSolve", data, pivots);
    if (data.shape.at(-1) !== data.shape.at(-2))
      throw new ShapeError(
        `luSolve takes the factors of square matrices; got shape ${formatShape(data.shape)}`,
      );
    checkEquation("luSolve", data, B, left);
    const [factors, rows, right] = inOneBatch("luSolve", [data, pivots, B], [2, 1, 2]);
    // X A = B is A' X' = B'.
    const X = byFactors(factors, rows, left ? right : right.mT, left === adjoint);
    return named(left ? X : X.mT, "LinalgLuSolve");
  },
);

/** Of A X = B, or of A' X = B. */
function byFactors(data: Tensor, pivots: Tensor, B: Tensor, isTransposed: boolean): Tensor {
  const P = permutationOf("luSolve", data.detach(), pivots);
  const ofL = { upper: false, left: true, unitriangular: true };
  const ofU = { upper: true, left: true, unitriangular: false };
  if (!isTransposed) return triangularSolution(data, triangularSolution(data, P.mT.matmul(B), ofL), ofU);
  const inner = triangularSolution(data.mT, B, { ...ofU, upper: false });
  return P.matmul(triangularSolution(data.mT, inner, { ...ofL, upper: true }));
}
