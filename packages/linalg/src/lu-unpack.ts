import { formatShape, numel, ShapeError, ValueError } from "@flambeau/backend";
import {
  type Callable,
  callable,
  type NamedTuple,
  named,
  namedTuple,
  type Tensor,
  zeros,
} from "@flambeau/tensor";
import { batchOf, checkFloat } from "./checks.ts";
import { eyeLike } from "./masks.ts";
import { onMatrices } from "./on-host.ts";

/** The factors of `A = P L U`. */
export interface LU {
  /** The permutation, `[..., m, m]`. */
  readonly P: Tensor;
  /** Lower triangular with ones on its diagonal, `[..., m, k]` with k = min(m, n). */
  readonly L: Tensor;
  /** Upper triangular, `[..., k, n]`. */
  readonly U: Tensor;
}

const LU_UNPACK = "luUnpack(LU_data: tensor, LU_pivots: tensor, unpackData = true, unpackPivots = true)";

interface Unpacking {
  /** L and U in one matrix, `[..., m, n]`, as `luFactor` gives them. */
  readonly LU_data: Tensor;
  /** With which row each was exchanged, counted from 1: int32, `[..., k]`. */
  readonly LU_pivots: Tensor;
  /** Whether L and U are made; they are empty otherwise. */
  readonly unpackData: boolean;
  /** Whether P is made; it is empty otherwise. */
  readonly unpackPivots: boolean;
}

/**
 * The factors P, L and U, `A = P L U`, of what `luFactor` gives.
 *
 * @throws ShapeError when the pivots do not fit or are not int32; ValueError when one is out of range (of a device that cannot be read at
 *   once, the next read throws it); DTypeError when LU_data is neither float32 nor float64.
 *
 * @example
 * ```ts
 * import { luFactor, luUnpack } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const A = tensor([[1, 2], [3, 4]]);
 * const { LU, pivots } = luFactor(A);
 * const { P, L, U } = luUnpack(LU, pivots);
 * console.log(String(P.matmul(L).matmul(U)));
 * // tensor([[1., 2.],
 * //         [3., 4.]])
 * ```
 */
export const luUnpack: Callable<typeof LU_UNPACK, NamedTuple<LU>, Unpacking> = callable<
  typeof LU_UNPACK,
  NamedTuple<LU>,
  Unpacking
>(LU_UNPACK, (data, pivots, unpackData, unpackPivots) => {
  checkPivots("luUnpack", data, pivots);
  const empty = (): Tensor => zeros([0], { dtype: data.dtype, device: data.device });
  const [L, U] = unpackData ? trianglesOf(data) : [empty(), empty()];
  return namedTuple({ P: unpackPivots ? permutationOf("luUnpack", data, pivots) : empty(), L, U });
});

/**
 * Refuses factors and pivots that do not belong together.
 *
 * @throws ShapeError, DTypeError
 */
export function checkPivots(what: string, data: Tensor, pivots: Tensor): void {
  checkFloat(what, data);
  const [m, n] = data.shape.slice(-2);
  const expected = [...batchOf(data), Math.min(m, n)];
  if (data.ndim < 2 || pivots.dtype !== "int32" || String(pivots.shape) !== String(expected))
    throw new ShapeError(
      `${what} takes factors [..., m, n] and pivots [..., min(m, n)] of int32; got shapes ${formatShape(data.shape)} and ${formatShape(pivots.shape)}, the pivots ${pivots.dtype}`,
    );
}

/** L and U of factors in one matrix. */
export function trianglesOf(data: Tensor): [L: Tensor, U: Tensor] {
  const [m, n] = data.shape.slice(-2);
  const k = Math.min(m, n);
  const lower = n > k ? data.narrow(-1, 0, k) : data;
  const upper = m > k ? data.narrow(-2, 0, k) : data;
  const L = lower.tril(-1).add(eyeLike(data, m, k));
  return [named(L, "LuUnpack"), named(upper.triu(), "LuUnpack")];
}

/**
 * The permutation that exchanges make, `[..., m, m]` in the dtype of `data`.
 *
 * @throws ValueError when a pivot is no row.
 */
export function permutationOf(what: string, data: Tensor, pivots: Tensor): Tensor {
  const m = data.shape[data.ndim - 2];
  const batch = batchOf(data);
  if (numel(pivots.shape) === 0)
    return eyeLike(data, m)
      .expand([...batch, m, m])
      .contiguous();
  const [P] = onMatrices([pivots], batch, [[[m, m], data.dtype]], ([given], [out]) => {
    const wrong = given.find((pivot) => pivot < 1 || pivot > m);
    if (wrong !== undefined)
      throw new ValueError(`${what}: pivots are rows, from 1 to ${m}; there is a ${wrong}`);
    const rows = Array.from({ length: m }, (_, i) => i);
    given.forEach((pivot, i) => {
      [rows[i], rows[pivot - 1]] = [rows[pivot - 1], rows[i]];
    });
    rows.forEach((from, i) => {
      out[from * m + i] = 1;
    });
  });
  return P;
}
