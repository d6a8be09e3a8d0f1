/** Cholesky factors of symmetric positive-definite matrices, and what is solved by them. */
import { derived } from "@flambeau/autograd";
import { type Callable, callable, type NamedTuple, namedTuple, type Tensor } from "@flambeau/tensor";
import { batchOf, checkFloat, checkMatrices, checkSquare, inOneBatch } from "./checks.ts";
import { failure, notPositive } from "./errors.ts";
import { blockOf, identity, transposed } from "./host/block.ts";
import { factorCholesky } from "./host/cholesky.ts";
import { solveLower, solveUpper } from "./host/triangular.ts";
import { lowerHalf } from "./masks.ts";
import { onMatrices } from "./on-host.ts";
import { checkEquation, triangularSolution } from "./solve-triangular.ts";

interface Upper {
  /** Whether the upper triangle is read and U given, `A = U' U`, or the lower one and L, `A = L L'`. */
  readonly upper: boolean;
}

interface UpperChecked extends Upper {
  /** Throw an error where `info` would not be zero. */
  readonly checkErrors: boolean;
}

const CHOLESKY = "cholesky(A, *, upper = false)";

/**
 * The Cholesky factor of symmetric positive-definite matrices `[..., n, n]`, of which one triangle is read. Golub and Van Loan, Matrix
 * Computations, 4th ed., 4.2, in double precision on the CPU whatever the device.
 *
 * @throws LinAlgError when a matrix is not positive-definite (of a device that cannot be read at once, the next read throws it);
 *   ShapeError when a matrix is not square; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { cholesky } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(cholesky(tensor([[4, 2], [2, 5]]))));
 * // tensor([[2., 0.],
 * //         [1., 2.]])
 * ```
 */
export const cholesky: Callable<typeof CHOLESKY, Tensor, Upper> = callable<typeof CHOLESKY, Tensor, Upper>(
  CHOLESKY,
  (A, { upper }) => {
    checkSquare("cholesky", A);
    return factorOf("linalg.cholesky", "LinalgCholeskyEx", A, upper, true)[0];
  },
);

/** A Cholesky factor, and for each matrix 0 or where it was found not to be positive-definite. */
export interface CholeskyResult {
  /** `[..., n, n]`. */
  readonly L: Tensor;
  /** 0, or the order of the first leading minor that is not positive-definite: int32, a number for each matrix. */
  readonly info: Tensor;
}

const CHOLESKY_EX = "choleskyEx(A, *, upper = false, checkErrors = false)";

/**
 * As `cholesky`, with `info` in place of an error.
 *
 * @throws LinAlgError with `checkErrors`; ShapeError and DTypeError as `cholesky`.
 *
 * @example
 * ```ts
 * import { choleskyEx } from "@flambeau/linalg";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(String(choleskyEx(ones([2, 2])).info));
 * // tensor(2, dtype=int32)
 * ```
 */
export const choleskyEx: Callable<typeof CHOLESKY_EX, NamedTuple<CholeskyResult>, UpperChecked> = callable<
  typeof CHOLESKY_EX,
  NamedTuple<CholeskyResult>,
  UpperChecked
>(CHOLESKY_EX, (A, { upper, checkErrors }) => {
  checkSquare("choleskyEx", A);
  const [L, info] = factorOf("linalg.cholesky_ex", "LinalgCholeskyEx", A, upper, checkErrors);
  return namedTuple({ L, info });
});

/**
 * The factor and info of matrices. Source of the derivative: Murray, "Differentiation of the Cholesky decomposition", 2016.
 *
 * @param node - as PyTorch names it.
 */
export function factorOf(what: string, node: string, A: Tensor, upper: boolean, strict: boolean): Tensor[] {
  return derived(
    {
      name: node,
      run: ([a]) => {
        const n = a.shape[a.ndim - 1];
        const batch = batchOf(a);
        return onMatrices([a], batch, [[[n, n]], [[], "int32"]], ([x], [out, info], index) => {
          const lower = upper ? transposed(blockOf(x, n, n)) : x;
          info[0] = factorCholesky(lower, n);
          if (info[0] > 0 && strict) throw failure(what, batch, index, notPositive(info[0]));
          for (let i = 0; i < n; i++) lower.fill(0, i * n + i + 1, (i + 1) * n);
          out.set(upper ? transposed(blockOf(lower, n, n)) : lower);
        });
      },
      backward: ({ grads: [given], outputs: [factor] }) => {
        const [L, g] = upper ? [factor.mT, (given as Tensor).mT] : [factor, given as Tensor];
        const half = lowerHalf(L.mT.matmul(g));
        const middle = half.add(half.mT).mul(0.5);
        const right = triangularSolution(L, middle, { upper: false, left: false, unitriangular: false });
        return [triangularSolution(L.mT, right, { upper: true, left: true, unitriangular: false })];
      },
    },
    A,
  );
}

const CHOLESKY_SOLVE = "choleskySolve(B: tensor, L: tensor, upper = false)";

interface Solving {
  /** `[..., n, k]`. */
  readonly B: Tensor;
  /** The factor, `[..., n, n]`. */
  readonly L: Tensor;
  /** Whether the factor is upper triangular, `A = U' U`. */
  readonly upper: boolean;
}

/**
 * The X of `A X = B`, by the Cholesky factor of A. Batches broadcast.
 *
 * @throws ShapeError when the factor is not square, the sizes do not fit or the batches do not broadcast; DTypeError when the dtypes
 *   differ or are neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { cholesky, choleskySolve } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const L = cholesky(tensor([[4, 2], [2, 5]]));
 * console.log(String(choleskySolve(tensor([[8], [8]]), L)));
 * // tensor([[1.5000],
 * //         [1.0000]])
 * ```
 */
export const choleskySolve: Callable<typeof CHOLESKY_SOLVE, Tensor, Solving> = callable<
  typeof CHOLESKY_SOLVE,
  Tensor,
  Solving
>(CHOLESKY_SOLVE, (B, L, upper) => {
  checkMatrices("choleskySolve", B);
  checkSquare("choleskySolve", L);
  checkFloat("choleskySolve", B, L);
  checkEquation("choleskySolve", L, B, true);
  const [b, l] = inOneBatch("choleskySolve", [B, L], [2, 2]) as [Tensor, Tensor];
  return solved(b, l, upper);
});

function solved(B: Tensor, L: Tensor, upper: boolean): Tensor {
  const [X] = derived(
    {
      name: "CholeskySolve",
      readsInputs: true,
      run: ([b, l]) => {
        const [n, k] = b.shape.slice(-2);
        return onMatrices([b, l], batchOf(b), [[[n, k]]], ([x, factor], [out]) => {
          out.set(x);
          solveByFactor(factor, n, upper, out, k);
        });
      },
      backward: ({ grads: [g], inputs: [, l], outputs: [x], needs }) => {
        const gB = solved(g as Tensor, l, upper);
        if (!needs[1]) return [gB, null];
        const half = gB.matmul(x.mT);
        const both = half.add(half.mT);
        return [gB, (upper ? l.matmul(both) : both.matmul(l)).neg()];
      },
    },
    B,
    L,
  );
  return X;
}

/** x <- A^-1 x. */
function solveByFactor(factor: Float64Array, n: number, upper: boolean, x: Float64Array, k: number): void {
  const given = blockOf(factor, n, n);
  const other = blockOf(transposed(given), n, n);
  const target = blockOf(x, n, k);
  solveLower(upper ? other : given, target, false);
  solveUpper(upper ? given : other, target, false);
}

const CHOLESKY_INVERSE = "choleskyInverse(L: tensor, upper = false)";

/**
 * The inverse of A, by its Cholesky factor `[..., n, n]`.
 *
 * @throws ShapeError when the factor is not square; DTypeError when the dtype is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { cholesky, choleskyInverse } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const L = cholesky(tensor([[4, 0], [0, 5]]));
 * console.log(String(choleskyInverse(L)));
 * // tensor([[0.2500, 0.0000],
 * //         [0.0000, 0.2000]])
 * ```
 */
export const choleskyInverse: Callable<typeof CHOLESKY_INVERSE, Tensor, Omit<Solving, "B">> = callable<
  typeof CHOLESKY_INVERSE,
  Tensor,
  Omit<Solving, "B">
>(CHOLESKY_INVERSE, (L, upper) => {
  checkSquare("choleskyInverse", L);
  const [inverse] = derived(
    {
      name: "CholeskyInverse",
      readsInputs: true,
      run: ([l]) => {
        const n = l.shape[l.ndim - 1];
        return onMatrices([l], batchOf(l), [[[n, n]]], ([factor], [out]) => {
          out.set(identity(n));
          solveByFactor(factor, n, upper, out, n);
        });
      },
      backward: ({ grads: [g], inputs: [l], outputs: [y] }) => {
        const both = (g as Tensor).add((g as Tensor).mT);
        const inner = y.matmul(both.matmul(y));
        return [(upper ? l.matmul(inner) : inner.matmul(l)).neg()];
      },
    },
    L,
  );
  return inverse;
});
