import {
  broadcastShapes,
  DTypeError,
  formatShape,
  isFloat,
  numel,
  type Shape,
  ShapeError,
  sameShape,
  ValueError,
} from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { commonBackend } from "../dispatch/devices.ts";
import { defineMulti } from "../dispatch/op.ts";
import { runMulti } from "../dispatch/run.ts";
import { type LeastSquares, lstsqFullRank, lstsqSvd, lstsq as solveByQR } from "../linalg/index.ts";
import { type NamedTuple, namedTuple } from "../named-tuple.ts";
import { named } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { computeOnHost, matrixAt } from "./host-matrices.ts";
import { isReadable } from "./unreadable.ts";
import { expand, squeeze, unsqueeze } from "./views.ts";

/**
 * How `lstsq` solves: `"gelsy"` by QR with column pivoting, `"gelsd"` and `"gelss"` by singular values, `"gels"` by QR, for
 * matrices of full rank.
 */
export type LstsqDriver = "gelsy" | "gelsd" | "gelss" | "gels";

/** Options of `lstsq`. */
export interface LstsqOptions {
  /**
   * What counts as zero: singular values up to `rcond` times the largest one, or, for "gelsy", columns that would raise the
   * condition above `1 / rcond`. Default: the epsilon of the dtype times the larger size of A. Negative: the epsilon, and for
   * "gelsy" nothing.
   */
  readonly rcond?: number | null;
  /** LAPACK's name of the method. Default "gelsy". */
  readonly driver?: LstsqDriver | null;
}

/** What `lstsq` gives. */
export interface LstsqResult {
  /** `[..., n, k]`, or `[..., n]` when b is a vector for each matrix. */
  readonly solution: Tensor;
  /**
   * The sums of squared residuals, `[..., k]`; empty for "gelsy", and when there are not more rows than columns or a rank is
   * not full. On a device that cannot be read at once the rank is found later: there they are nan when one is not full.
   */
  readonly residuals: Tensor;
  /** The rank of each matrix, int64: `[...]`; empty for "gels". */
  readonly rank: Tensor;
  /** Of each matrix, in falling order: `[..., min(m, n)]`; empty for "gelsy" and "gels". */
  readonly singularValues: Tensor;
}

const LSTSQ = "lstsq(A, B: tensor, rcond?: number, *, driver?: 'gels'|'gelsy'|'gelsd'|'gelss')";

/**
 * The least-squares solution of `A X = B`: the X for which `||A X - B||` is smallest, and of several the one of least norm. A is
 * `[..., m, n]`, B `[..., m, k]` or `[..., m]`; batch dimensions broadcast. As `torch.linalg.lstsq`, in double precision on the CPU
 * whatever the device. `solution` and `residuals` have gradients.
 *
 * @throws ShapeError when the rows differ in number or the batches do not broadcast; DTypeError when the dtypes differ, or are no
 *   floats; ValueError when there is no such driver or `rcond` is no number; LinAlgError when an element is infinite or nan, or
 *   "gels" finds a rank that is not full (of a device that cannot be read at once, the next read throws the last two).
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@flambeau/tensor";
 *
 * const A = tensor([[1, 0], [1, 1], [1, 2]]);
 * const b = tensor([1, 3, 5]);
 * console.log(String(linalg.lstsq(A, b).solution));
 * // tensor([1., 2.])
 * console.log(String(linalg.lstsq(A, b, { driver: "gelsd" }).singularValues));
 * // tensor([2.6762, 0.9153])
 * ```
 */
export const lstsq: Callable<typeof LSTSQ, NamedTuple<LstsqResult>> = callable(
  LSTSQ,
  (a, b, rcond, { driver }) => {
    if (Number.isNaN(rcond)) throw new ValueError("lstsq: rcond is a number; got NaN");
    const isVector = checkOperands(a, b);
    const [A, B] = broadcast(a, isVector ? unsqueeze(b, -1) : b);
    const result = solve(A, B, { rcond, driver: driver ?? "gelsy" });
    if (!isVector) return namedTuple(result);
    return namedTuple({ ...result, solution: named(squeeze(result.solution, -1), "LinalgLstsq") });
  },
);

type Given = { readonly rcond: number | undefined; readonly driver: LstsqDriver };

/** Whether B is a vector for each matrix. */
function checkOperands(a: Tensor, b: Tensor): boolean {
  commonBackend("lstsq", [a, b]);
  if (a.dtype !== b.dtype || !isFloat(a.dtype))
    throw new DTypeError(`lstsq takes two float tensors of one dtype; got ${a.dtype} and ${b.dtype}`);
  const isVector = a.ndim === b.ndim + 1;
  const rows = isVector ? b.shape.at(-1) : b.shape.at(-2);
  if (a.ndim < 2 || b.ndim < 1 || (!isVector && a.ndim !== b.ndim) || rows !== a.shape.at(-2)) {
    throw new ShapeError(
      `lstsq takes A of shape [..., m, n] and B of shape [..., m] or [..., m, k]; got ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  return isVector;
}

function broadcast(a: Tensor, b: Tensor): [Tensor, Tensor] {
  const batch = broadcastBatch(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const to = (x: Tensor): Tensor => {
    const shape = [...batch, ...x.shape.slice(-2)];
    return sameShape(shape, x.shape) ? x : expand(x, shape);
  };
  return [to(a), to(b)];
}

function broadcastBatch(a: Shape, b: Shape): Shape {
  try {
    return broadcastShapes(a, b);
  } catch (error) {
    throw error instanceof ShapeError ? new ShapeError(`lstsq: batches: ${error.message}`) : error;
  }
}

const lstsqOp = defineMulti(
  "lstsq",
  ([a, b], { driver }) => {
    const batch = a.shape.slice(0, -2);
    const [m, n] = a.shape.slice(-2);
    const k = b.shape[b.ndim - 1];
    const bySvd = driver === "gelsd" || driver === "gelss";
    const make = (shape: Shape, dtype = a.dtype): Tensor => Tensor.empty(a.storage.backend, shape, dtype);
    return [
      make([...batch, n, k]),
      make(m > n && driver !== "gelsy" ? [...batch, k] : [0]),
      make(driver === "gels" ? [0] : batch, "int64"),
      make(bySvd ? [...batch, Math.min(m, n)] : [0]),
    ];
  },
  ([a, b], given, outputs) => {
    const [m, n] = a.shape.slice(-2);
    const k = b.shape[b.ndim - 1];
    const count = numel(a.shape.slice(0, -2));
    const run = methodOf(a, given);
    computeOnHost([a, b], outputs, ([x, y], [found, rest, ranks, values]) => {
      let isFull = true;
      for (let i = 0; i < count; i++) {
        const result = run(matrixAt(x, i, m * n), m, n, matrixAt(y, i, m * k), k);
        found.set(result.solution, i * n * k);
        if (ranks.length > 0) ranks[i] = result.rank;
        if (result.singularValues !== undefined) values.set(result.singularValues, i * Math.min(m, n));
        if (result.rank < n) isFull = false;
        else if (rest.length > 0) rest.set(result.residuals, i * k);
      }
      if (!isFull) rest.fill(Number.NaN);
    });
  },
);

/** The same of matrices with the same batch dimensions. */
function solve(a: Tensor, b: Tensor, { driver, rcond }: Given): LstsqResult {
  const again = (A: Tensor, B: Tensor): Tensor => solve(A, B, { driver, rcond }).solution;
  const [m, n] = a.shape.slice(-2);
  const hasResiduals = m > n && driver !== "gelsy" && numel(b.shape) > 0;
  const attrs = { solve: again, driver, rcond };
  const outputs = runMulti(lstsqOp, [a, b], attrs, hasResiduals ? 2 : 1);
  const [solution, residuals, rank, singularValues] = outputs;
  // "gels" has thrown where a rank is not full.
  const isLeftOut =
    driver !== "gels" &&
    residuals.numel() > 0 &&
    isReadable(a.storage.backend) &&
    (rank.dataSync() as BigInt64Array).some((found) => found < n);
  const none = (): Tensor => Tensor.empty(a.storage.backend, [0], a.dtype);
  return { solution, residuals: isLeftOut ? none() : residuals, rank, singularValues };
}

/** How one of the matrices is solved. */
function methodOf(
  a: Tensor,
  { rcond, driver }: Given,
): (a: Float64Array, m: number, n: number, b: Float64Array, k: number) => LeastSquares {
  if (driver === "gels") return lstsqFullRank;
  const epsilon = a.dtype === "float64" ? Number.EPSILON : 2 ** -23;
  const [m, n] = a.shape.slice(-2);
  const isQR = driver === "gelsy";
  const bound = rcond === undefined ? epsilon * Math.max(m, n) : rcond < 0 && !isQR ? epsilon : rcond;
  const method = isQR ? solveByQR : lstsqSvd;
  return (A, rows, columns, B, k) => method(A, rows, columns, B, k, bound);
}
