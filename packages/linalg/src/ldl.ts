/** Factors of symmetric indefinite matrices. */
import { derived } from "@flambeau/autograd";
import { formatShape, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, type NamedTuple, namedTuple, type Tensor } from "@flambeau/tensor";
import { batchOf, checkFloat, checkMatrices, checkSquare, inOneBatch } from "./checks.ts";
import { failure } from "./errors.ts";
import { factorLDL, solveByLDL } from "./host/ldl.ts";
import { notDerived } from "./not-derived.ts";
import { onMatrices } from "./on-host.ts";
import { checkEquation } from "./solve-triangular.ts";

/** The factors of `A = L D L'` in one matrix. */
export interface LDLFactor {
  /** D in the diagonal and, where a block of it has two rows, beside; L below, without its ones: `[..., n, n]`. */
  readonly LD: Tensor;
  /** With which row each was exchanged, counted from 1; negative for both rows of a block of two: int32, `[..., n]`. */
  readonly pivots: Tensor;
}

/** The same, and for each matrix 0 or where D is zero. */
export interface LDLFactorEx extends LDLFactor {
  /** 0, or the number of the block of D, counted from 1, that is zero: int32, a number for each matrix. */
  readonly info: Tensor;
}

interface Hermitian {
  /** Whether complex matrices are Hermitian, or symmetric: of real ones the same. */
  readonly hermitian: boolean;
}

interface HermitianChecked extends Hermitian {
  /** Throw an error where `info` would not be zero. */
  readonly checkErrors: boolean;
}

const LDL_FACTOR = "ldlFactor(A, *, hermitian = false)";

/**
 * The factors `A = L D L'` of symmetric matrices `[..., n, n]`, of which the lower triangle is read: L is lower triangular with exchanged
 * rows, D has blocks of one and two rows. The pivoting of Bunch and Kaufman (Golub and Van Loan, Matrix Computations, 4th ed., 4.4), laid
 * out as LAPACK's sytrf. No derivative, as in PyTorch.
 *
 * @throws LinAlgError when D is singular (of a device that cannot be read at once, the next read throws it); ShapeError when a matrix is
 *   not square; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { ldlFactor, ldlSolve } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { LD, pivots } = ldlFactor(tensor([[0, 1], [1, 0]]));
 * console.log(String(ldlSolve(LD, pivots, tensor([[2], [3]]))));
 * // tensor([[3.],
 * //         [2.]])
 * ```
 */
export const ldlFactor: Callable<typeof LDL_FACTOR, NamedTuple<LDLFactor>, Hermitian> = callable<
  typeof LDL_FACTOR,
  NamedTuple<LDLFactor>,
  Hermitian
>(LDL_FACTOR, (A) => {
  const [LD, pivots] = factored("ldlFactor", "linalg.ldl_factor", A, true);
  return namedTuple({ LD, pivots });
});

const LDL_FACTOR_EX = "ldlFactorEx(A, *, hermitian = false, checkErrors = false)";

/**
 * As `ldlFactor`, with `info` in place of an error.
 *
 * @throws LinAlgError with `checkErrors`; ShapeError and DTypeError as `ldlFactor`.
 *
 * @example
 * ```ts
 * import { ldlFactorEx } from "@flambeau/linalg";
 * import { zeros } from "@flambeau/tensor";
 *
 * console.log(String(ldlFactorEx(zeros([2, 2])).info));
 * // tensor(1, dtype=int32)
 * ```
 */
export const ldlFactorEx: Callable<
  typeof LDL_FACTOR_EX,
  NamedTuple<LDLFactorEx>,
  HermitianChecked
> = callable<typeof LDL_FACTOR_EX, NamedTuple<LDLFactorEx>, HermitianChecked>(
  LDL_FACTOR_EX,
  (A, { checkErrors }) => {
    const [LD, pivots, info] = factored("ldlFactorEx", "linalg.ldl_factor_ex", A, checkErrors);
    return namedTuple({ LD, pivots, info });
  },
);

function factored(name: string, what: string, A: Tensor, strict: boolean): Tensor[] {
  checkSquare(name, A);
  const n = A.shape[A.ndim - 1];
  const batch = batchOf(A);
  return derived(
    {
      name: "LinalgLdlFactorEx",
      run: ([given]) => {
        const results = [[[n, n]], [[n], "int32"], [[], "int32"]] as const;
        return onMatrices([given], batch, results, ([a], [out, pivots, info], index) => {
          info[0] = factorLDL(a, n, pivots);
          if (info[0] > 0 && strict)
            throw failure(
              what,
              batch,
              index,
              `D[${info[0]},${info[0]}] is zero: the input matrix is singular.`,
            );
          for (let i = 0; i < n; i++) a.fill(0, i * n + i + 1, (i + 1) * n);
          out.set(a);
        });
      },
      backward: notDerived(name),
    },
    A,
  );
}

const LDL_SOLVE = "ldlSolve(LD: tensor, pivots: tensor, B: tensor, *, hermitian = false)";

interface Solving extends LDLFactor, Hermitian {
  /** `[..., n, k]`. */
  readonly B: Tensor;
}

/**
 * The X of `A X = B`, by the factors of A that `ldlFactor` gives. B is `[..., n, k]`; batches broadcast. No derivative, as in PyTorch.
 *
 * @throws ShapeError when the sizes do not fit or the batches do not broadcast; ValueError when a pivot is out of range (of a device
 *   that cannot be read at once, the next read throws it); DTypeError when the dtypes differ or are neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { ldlFactor, ldlSolve } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [LD, pivots] = ldlFactor(tensor([[4, 2], [2, -3]]));
 * console.log(String(ldlSolve(LD, pivots, tensor([[8], [0]]))));
 * // tensor([[1.5000],
 * //         [1.0000]])
 * ```
 */
export const ldlSolve: Callable<typeof LDL_SOLVE, Tensor, Solving> = callable<
  typeof LDL_SOLVE,
  Tensor,
  Solving
>(LDL_SOLVE, (LD, pivots, B) => {
  checkSquare("ldlSolve", LD);
  checkMatrices("ldlSolve", B);
  checkFloat("ldlSolve", LD, B);
  if (pivots.dtype !== "int32" || String(pivots.shape) !== String(LD.shape.slice(0, -1)))
    throw new ShapeError(
      `ldlSolve takes pivots [..., n] of int32; got ${pivots.dtype} of shape ${formatShape(pivots.shape)} for LD of shape ${formatShape(LD.shape)}`,
    );
  checkEquation("ldlSolve", LD, B, true);
  const inputs = inOneBatch("ldlSolve", [LD, pivots, B], [2, 1, 2]);
  const [X] = derived(
    {
      name: "LinalgLdlSolve",
      run: ([factors, exchanged, right]) => {
        const [n, k] = right.shape.slice(-2);
        return onMatrices([factors, exchanged, right], batchOf(right), [[[n, k]]], ([a, p, b], [out]) => {
          checkBlocks(p, n);
          solveByLDL(a, n, p, b, k);
          out.set(b);
        });
      },
      backward: notDerived("ldlSolve"),
    },
    ...inputs,
  );
  return X;
});

/**
 * Refuses pivots that do not go with blocks of one and two rows.
 *
 * @throws ValueError
 */
function checkBlocks(pivots: Float64Array, n: number): void {
  for (let k = 0; k < n; k++) {
    const pivot = pivots[k];
    if (pivot === 0 || Math.abs(pivot) > n)
      throw new ValueError(`ldlSolve: pivots are rows, from 1 to ${n}, or negative; there is a ${pivot}`);
    if (pivot > 0) continue;
    if (pivots[++k] !== pivot)
      throw new ValueError(`ldlSolve: negative pivots come in equal pairs; ${pivot} stands alone`);
  }
}
