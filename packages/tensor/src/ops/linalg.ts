/**
 * Dense linear algebra. It runs on the CPU in double precision, whatever the tensors' device and dtype: elements of other
 * devices go there and back by themselves, in the order of everything else.
 *
 * @module
 */
import { DTypeError, formatShape, isFloat, ShapeError, type TypedArray } from "@flambeau/backend";
import { commonBackend } from "../elementwise.ts";
import { type LeastSquares, lstsq as solve } from "../linalg/index.ts";
import { Tensor } from "../tensor.ts";
import { tensor } from "../values.ts";
import { isReadable } from "./unreadable.ts";

/** What `lstsq` gives. */
export interface LstsqResult {
  /** `[n, k]`, or `[n]` when b is a vector. */
  readonly solution: Tensor;
  /**
   * The sums of squared residuals, `[k]`; empty when there are not more rows than columns, or the rank is not full. On a
   * device that cannot be read at once the rank is found later: there they are nan when it is not full.
   */
  readonly residuals: Tensor;
  /** The rank of A: an int64 scalar. */
  readonly rank: Tensor;
}

/**
 * The least-squares solution of `A X = B`: the X for which `||A X - B||` is smallest, and of several the one of least
 * norm. A is `[m, n]`, B `[m, k]` or `[m]`. By complete orthogonal decomposition, as LAPACK's gelsy. No gradient.
 *
 * @throws ShapeError when the rows differ in number; DTypeError when the dtypes do, or are no floats; ValueError when an
 *   element is infinite or nan (of a device that cannot be read at once, the next read tells).
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
  const run = (x: TypedArray, y: TypedArray): LeastSquares =>
    solve(
      Float64Array.from(x as Float64Array),
      m,
      n,
      Float64Array.from(y as Float64Array),
      k,
      epsilon * Math.max(m, n),
    );
  const backend = commonBackend("lstsq", [a, b]);
  const shape = b.ndim === 2 ? [n, k] : [n];
  if (isReadable(backend)) {
    const result = run(a.dataSync(), b.dataSync());
    const options = { dtype: a.dtype, device: a.device };
    return {
      solution: tensor(result.solution, options).reshape(shape),
      residuals: tensor(result.residuals, options),
      rank: tensor(BigInt(result.rank), { device: a.device }),
    };
  }
  const solution = Tensor.empty(backend, shape, a.dtype);
  const residuals = Tensor.empty(backend, [m > n ? k : 0], a.dtype);
  const rank = Tensor.empty(backend, [], "int64");
  backend.onHost([a, b], [solution, residuals, rank], ([x, y]) => {
    const result = run(x, y);
    const squares =
      result.residuals.length === 0 ? new Float32Array(residuals.numel()).fill(Number.NaN) : result.residuals;
    return [
      Float32Array.from(result.solution),
      Float32Array.from(squares),
      BigInt64Array.of(BigInt(result.rank)),
    ];
  });
  return { solution, residuals, rank };
}
