/**
 * Dense linear algebra. It runs on the CPU in double precision, whatever the tensors' device and dtype.
 *
 * @module
 */
import { DTypeError, formatShape, isFloat, ShapeError } from "@flambeau/backend";
import { tensor } from "../creation.ts";
import { lstsq as solve } from "../linalg/index.ts";
import type { Tensor } from "../tensor.ts";

/** What `lstsq` gives. */
export interface LstsqResult {
  /** `[n, k]`, or `[n]` when b is a vector. */
  readonly solution: Tensor;
  /** The sums of squared residuals, `[k]`; empty when the rank is not full or there are not more rows than columns. */
  readonly residuals: Tensor;
  /** The rank of A: an int64 scalar. */
  readonly rank: Tensor;
}

/**
 * The least-squares solution of `A X = B`: the X for which `||A X - B||` is smallest, and of several the one of least
 * norm. A is `[m, n]`, B `[m, k]` or `[m]`. By complete orthogonal decomposition, as LAPACK's gelsy. No gradient.
 *
 * @throws ShapeError when the rows differ in number; DTypeError when the dtypes do, or are no floats.
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@flambeau/tensor";
 *
 * const A = tensor([[1, 0], [1, 1], [1, 2]]);
 * const { solution } = linalg.lstsq(A, tensor([1, 3, 5]));
 * console.log(String(solution));
 * // tensor([1., 2.])
 * ```
 */
export function lstsq(a: Tensor, b: Tensor): LstsqResult {
  if (a.dtype !== b.dtype || !isFloat(a.dtype)) {
    throw new DTypeError(`lstsq takes two float tensors of one dtype; got ${a.dtype} and ${b.dtype}`);
  }
  if (a.ndim !== 2 || b.ndim < 1 || b.ndim > 2 || a.shape[0] !== b.shape[0]) {
    throw new ShapeError(
      `lstsq takes A of shape [m, n] and B of shape [m] or [m, k]; got ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  const [m, n] = a.shape;
  const k = b.ndim === 2 ? b.shape[1] : 1;
  const epsilon = a.dtype === "float64" ? Number.EPSILON : 2 ** -23;
  const result = solve(doubles(a), m, n, doubles(b), k, epsilon * Math.max(m, n));
  const options = { dtype: a.dtype, device: a.device };
  return {
    solution: tensor(result.solution, options).reshape(b.ndim === 2 ? [n, k] : [n]),
    residuals: tensor(result.residuals, options),
    rank: tensor(BigInt(result.rank), { device: a.device }),
  };
}

function doubles(x: Tensor): Float64Array {
  return x.detach().double().dataSync() as Float64Array;
}
