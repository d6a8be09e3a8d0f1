/** Products of Householder reflections, as QR factors are stored. */
import { derived } from "@flambeau/autograd";
import { formatShape, ShapeError } from "@flambeau/backend";
import { type Callable, callable, type NamedTuple, named, namedTuple, type Tensor } from "@flambeau/tensor";
import { batchOf, checkFloat, checkMatrices } from "./checks.ts";
import { blockOf, setTransposed, transposed } from "./host/block.ts";
import { applyReflections, factorQR, productOfReflections } from "./host/reflections.ts";
import { eyeLike } from "./masks.ts";
import { notDerived } from "./not-derived.ts";
import { onMatrices } from "./on-host.ts";

const HOUSEHOLDER_PRODUCT = "householderProduct(A, tau: tensor)";

/** The scale of each reflection: `[..., k]`. */
interface Tau {
  /** The scale of each reflection, `[..., k]`. */
  readonly tau: Tensor;
}

/**
 * The first n columns of `H1 H2 ... Hk` with `Hi = I - tau[i] v v'`: v has zeros above row i, a one there, and below what lies below
 * the diagonal in column i of A `[..., m, n]`. With what `geqrf` gives this is Q.
 *
 * @throws ShapeError when A has less rows than columns, or tau does not fit; DTypeError when the dtypes differ or are neither float32
 *   nor float64.
 *
 * @example
 * ```ts
 * import { householderProduct } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(householderProduct(tensor([[1], [1]]), tensor([1]))));
 * // tensor([[ 0.],
 * //         [-1.]])
 * ```
 */
export const householderProduct: Callable<typeof HOUSEHOLDER_PRODUCT, Tensor, Tau> = callable<
  typeof HOUSEHOLDER_PRODUCT,
  Tensor,
  Tau
>(HOUSEHOLDER_PRODUCT, (A, tau) => {
  checkReflections("householderProduct", A, tau);
  if ((A.shape.at(-2) as number) < (A.shape.at(-1) as number))
    throw new ShapeError(
      `householderProduct takes A [..., m, n] with m >= n; got shape ${formatShape(A.shape)}`,
    );
  if (A.requiresGrad || tau.requiresGrad) {
    const [m, n] = A.shape.slice(-2);
    const start = eyeLike(A, m, n).expand([...batchOf(A), m, n]);
    return named(reflected(A, tau, start, false), "LinalgHouseholderProduct");
  }
  const [m, n] = A.shape.slice(-2);
  return onMatrices([A, tau], batchOf(A), [[[m, n]]], ([a, t], [out]) => {
    out.set(productOfReflections(a, m, n, t, n));
  })[0];
});

function checkReflections(what: string, A: Tensor, tau: Tensor): void {
  checkMatrices(what, A);
  checkFloat(what, A, tau);
  const [m, n] = A.shape.slice(-2);
  const k = tau.shape[tau.ndim - 1];
  if (tau.ndim !== A.ndim - 1 || k > Math.min(m, n) || String(tau.shape.slice(0, -1)) !== String(batchOf(A)))
    throw new ShapeError(
      `${what} takes A [..., m, n] and tau [..., k] with k <= min(m, n); got shapes ${formatShape(A.shape)} and ${formatShape(tau.shape)}`,
    );
}

/** Q x or Q' x by recorded ops, a reflection at a time. */
function reflected(A: Tensor, tau: Tensor, x: Tensor, isTransposed: boolean): Tensor {
  const [m, n] = A.shape.slice(-2);
  const k = tau.shape[tau.ndim - 1];
  const vectors = A.tril(-1).add(eyeLike(A, m, n));
  let out = x;
  for (let step = 0; step < k; step++) {
    const i = isTransposed ? step : k - 1 - step;
    const v = vectors.narrow(-1, i, 1);
    const scale = tau.narrow(-1, i, 1).unsqueeze(-1);
    out = out.sub(v.mul(scale).matmul(v.mT.matmul(out)));
  }
  return out;
}

/** Householder reflections and the triangle that they leave. */
export interface Geqrf {
  /** R in the upper triangle, the reflections below it: `[..., m, n]`. */
  readonly a: Tensor;
  /** The scale of each reflection: `[..., min(m, n)]`. */
  readonly tau: Tensor;
}

const GEQRF = "geqrf(input)";

/**
 * QR factors of matrices `[..., m, n]` as LAPACK's geqrf stores them. `qr` gives them as matrices.
 *
 * @throws ShapeError when there are fewer than two dimensions; DTypeError when the dtype is neither float32 nor float64; AutogradError
 *   in `backward`, of which there is none, as in PyTorch.
 *
 * @example
 * ```ts
 * import { geqrf, householderProduct } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const { a, tau } = geqrf(tensor([[3], [4]]));
 * console.log(String(householderProduct(a, tau)));
 * // tensor([[-0.6000],
 * //         [-0.8000]])
 * ```
 */
export const geqrf: Callable<typeof GEQRF, NamedTuple<Geqrf>> = callable(GEQRF, (x) => {
  checkMatrices("geqrf", x);
  const [m, n] = x.shape.slice(-2);
  const [a, tau] = derived(
    {
      name: "Geqrf",
      run: ([given]) =>
        onMatrices([given], batchOf(given), [[[m, n]], [[Math.min(m, n)]]], ([from], [out, t]) => {
          factorQR(from, m, n, t);
          out.set(from);
        }),
      backward: notDerived("geqrf"),
    },
    x,
  );
  return namedTuple({ a, tau });
});

const ORMQR = "ormqr(input, tau: tensor, other: tensor, left = true, transpose = false)";

interface Multiplying extends Tau {
  /** What is multiplied: `[..., m, n]`. */
  readonly other: Tensor;
  /** Whether Q stands on the left, `Q other`, or on the right, `other Q`. */
  readonly left: boolean;
  /** Whether the transposed Q is meant. */
  readonly transpose: boolean;
}

/**
 * The product of `other` with Q, all of its columns, as `geqrf` stores it.
 *
 * @throws ShapeError when the sizes do not fit; DTypeError when the dtypes differ or are neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { geqrf, ormqr } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[3], [4]]);
 * const { a, tau } = geqrf(x);
 * console.log(String(ormqr(a, tau, x, { transpose: true }).select(0, 0)));
 * // tensor([-5.])
 * ```
 */
export const ormqr: Callable<typeof ORMQR, Tensor, Multiplying> = callable<typeof ORMQR, Tensor, Multiplying>(
  ORMQR,
  (A, tau, other, left, transpose) => {
    checkReflections("ormqr", A, tau);
    checkMatrices("ormqr", other);
    checkFloat("ormqr", A, other);
    const [m, n] = A.shape.slice(-2);
    const [rows, columns] = other.shape.slice(-2);
    if ((left ? rows : columns) !== m || String(batchOf(other)) !== String(batchOf(A)))
      throw new ShapeError(
        `ormqr: Q of ${m} rows does not fit other of shape ${formatShape(other.shape)} and input of shape ${formatShape(A.shape)}`,
      );
    if (A.requiresGrad || tau.requiresGrad || other.requiresGrad) {
      const x = left ? other : other.mT;
      const product = reflected(A, tau, x, left === transpose);
      return left ? product : product.mT;
    }
    return onMatrices([A, tau, other], batchOf(A), [[[rows, columns]]], ([a, t, x], [out]) => {
      // other Q is the transposed Q' other'.
      const target = left ? x : transposed(blockOf(x, rows, columns));
      applyReflections(a, m, n, t, target, left ? columns : rows, left === transpose);
      if (left) out.set(target);
      else setTransposed(blockOf(out, rows, columns), target);
    })[0];
  },
);
