/**
 * Elements in other places: mirrored, turned, side by side, next to their neighbours.
 *
 * @module
 */
import {
  type DType,
  DTypeError,
  formatShape,
  IndexError,
  normalizeDim,
  quote,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { ones } from "../creation.ts";
import { named } from "../recorder.ts";
import type { Tensor } from "../tensor.ts";
import { sub } from "./arithmetic.ts";
import { ne } from "./compare.ts";
import { cat } from "./join.ts";
import { nonzero } from "./nonzero.ts";
import { flip } from "./sort.ts";
import { tril, triu } from "./triangle.ts";
import { transpose } from "./views.ts";

const FLIPLR = "fliplr(input)";

/**
 * The columns (dimension 1) in reverse order.
 *
 * @throws IndexError when there are fewer than two dimensions.
 *
 * @example
 * ```ts
 * import { fliplr, tensor } from "@flambeau/tensor";
 *
 * console.log(String(fliplr(tensor([[1, 2], [3, 4]]))));
 * // tensor([[2., 1.],
 * //         [4., 3.]])
 * ```
 */
export const fliplr: Callable<typeof FLIPLR, Tensor> = callable(FLIPLR, (x) => {
  if (x.ndim < 2) throw new IndexError(`fliplr takes matrices; got shape ${formatShape(x.shape)}`);
  return flip(x, 1);
});

const FLIPUD = "flipud(input)";

/**
 * The rows (dimension 0) in reverse order.
 *
 * @throws IndexError when there is no dimension.
 *
 * @example
 * ```ts
 * import { flipud, tensor } from "@flambeau/tensor";
 *
 * console.log(String(flipud(tensor([[1, 2], [3, 4]]))));
 * // tensor([[3., 4.],
 * //         [1., 2.]])
 * ```
 */
export const flipud: Callable<typeof FLIPUD, Tensor> = callable(FLIPUD, (x) => {
  if (x.ndim < 1) throw new IndexError("flipud takes at least one dimension; got a scalar");
  return flip(x, 0);
});

const ROT90 = "rot90(input, k: int = 1, dims?)";

/**
 * The plane of two dimensions turned by 90 degrees `k` times, from the first towards the second.
 *
 * @throws ShapeError when the dimensions are not two different ones; IndexError when there is no such dimension;
 *   ValueError when `k` is no integer.
 *
 * @example
 * ```ts
 * import { rot90, tensor } from "@flambeau/tensor";
 *
 * console.log(String(rot90(tensor([[1, 2], [3, 4]]))));
 * // tensor([[2., 4.],
 * //         [1., 3.]])
 * ```
 */
export const rot90: Callable<typeof ROT90, Tensor> = callable(ROT90, (x, k, dims = [0, 1]) => {
  if (!Number.isInteger(k)) throw new ValueError(`rot90 turns an integer number of times; got ${quote(k)}`);
  const [a, b] = dims.map((d) => normalizeDim(d, x.ndim));
  if (dims.length !== 2 || a === b || x.ndim < 2)
    throw new ShapeError(
      `rot90 turns two dimensions; got ${formatShape(dims)} of shape ${formatShape(x.shape)}`,
    );
  const turns = ((k % 4) + 4) % 4;
  if (turns === 0) return named(x.clone(), "Rot90Backward0");
  if (turns === 2) return named(flip(x, [a, b]), "Rot90Backward0");
  return named(turns === 1 ? transpose(flip(x, b), a, b) : flip(transpose(x, a, b), b), "Rot90Backward0");
});

const COLUMN_STACK = "columnStack(tensors)";

/**
 * Vectors as columns, and matrices with theirs, side by side.
 *
 * @throws ShapeError when the numbers of rows differ.
 *
 * @example
 * ```ts
 * import { columnStack, tensor } from "@flambeau/tensor";
 *
 * console.log(String(columnStack([tensor([1, 2]), tensor([3, 4])])));
 * // tensor([[1., 3.],
 * //         [2., 4.]])
 * ```
 */
export const columnStack: Callable<typeof COLUMN_STACK, Tensor> = callable(COLUMN_STACK, (tensors) => {
  return cat(
    tensors.map((x) => (x.ndim > 1 ? x : x.reshape([-1, 1]))),
    1,
  );
});

const DSTACK = "dstack(tensors)";

/**
 * Tensors joined along dimension 2; vectors and matrices are planes of depth one.
 *
 * @throws ShapeError when other sizes differ.
 *
 * @example
 * ```ts
 * import { dstack, tensor } from "@flambeau/tensor";
 *
 * console.log(String(dstack([tensor([1, 2]), tensor([3, 4])])));
 * // tensor([[[1., 3.],
 * //          [2., 4.]]])
 * ```
 */
export const dstack: Callable<typeof DSTACK, Tensor> = callable(DSTACK, (tensors) => {
  return cat(
    tensors.map((x) => (x.ndim > 2 ? x : x.ndim === 2 ? x.unsqueeze(2) : x.reshape([1, -1, 1]))),
    2,
  );
});

/** Options of `diff`. */
export interface DiffOptions {
  /** Put before the tensor along the dimension first. */
  readonly prepend?: Tensor | null;
  /** Put behind it. */
  readonly append?: Tensor | null;
}

const DIFF = "diff(input, n = 1, dim = -1, prepend?: tensor, append?: tensor)";

/**
 * The differences of neighbours along a dimension, taken `n` times.
 *
 * @throws IndexError when there is no such dimension; ValueError when `n` is negative or no integer; ShapeError when `prepend` or
 *   `append` has other dimensions.
 *
 * @example
 * ```ts
 * import { diff, tensor } from "@flambeau/tensor";
 *
 * console.log(String(diff(tensor([1, 4, 9, 16]))));
 * // tensor([3., 5., 7.])
 * console.log(String(diff(tensor([1, 4, 9]), 1, 0, { prepend: tensor([0]) })));
 * // tensor([1., 3., 5.])
 * ```
 */
export const diff: Callable<typeof DIFF, Tensor> = callable(DIFF, (x, n, dim, prepend, append) => {
  if (x.ndim === 0) throw new IndexError("diff takes at least one dimension; got a scalar");
  if (!Number.isInteger(n) || n < 0) throw new ValueError(`diff: n is an integer from 0; got ${quote(n)}`);
  const d = normalizeDim(dim, x.ndim);
  if (n === 0) return x.clone();
  return differences(extended(x, d, { prepend, append }), n, d);
});

/** The tensor with what comes before and behind it. */
function extended(x: Tensor, dim: number, { prepend, append }: DiffOptions): Tensor {
  const parts = [prepend, x, append].filter((part) => part != null);
  for (const [name, part] of Object.entries({ prepend, append })) {
    if (part == null) continue;
    if (part.ndim !== x.ndim)
      throw new ShapeError(
        `diff: ${name} of shape ${formatShape(part.shape)} has other dimensions than ${formatShape(x.shape)}`,
      );
  }
  return parts.length === 1 ? x : cat(parts, dim);
}

function differences(x: Tensor, n: number, dim: number): Tensor {
  const rest = Math.max(0, x.shape[dim] - 1);
  const [from, to] = [x.narrow(dim, 0, rest), x.narrow(dim, x.shape[dim] - rest, rest)];
  const step = x.dtype === "bool" ? ne(to, from) : sub(to, from);
  return n === 1 ? step : differences(step, n - 1, dim);
}

const TRIL_INDICES = "trilIndices(row: int, col: int, offset = 0, *, dtype?, device?)";

/**
 * The positions of the lower triangle of a matrix, rows above columns: int64 `[2, count]`, or int32.
 *
 * @throws ShapeError when a size is negative or no integer; ValueError when `offset` is no integer; DTypeError when
 *   the dtype is another.
 *
 * @example
 * ```ts
 * import { trilIndices } from "@flambeau/tensor";
 *
 * console.log(String(trilIndices(2, 2)));
 * // tensor([[0, 1, 1],
 * //         [0, 0, 1]])
 * ```
 */
export const trilIndices: Callable<typeof TRIL_INDICES, Tensor> = callable(
  TRIL_INDICES,
  (rows, columns, offset, options) =>
    indicesOf("trilIndices", nonzero(tril(ones([rows, columns]), offset)), options),
);

const TRIU_INDICES = "triuIndices(row: int, col: int, offset = 0, *, dtype?, device?)";

/**
 * The positions of the upper triangle of a matrix, rows above columns: int64 `[2, count]`, or int32.
 *
 * @throws ShapeError when a size is negative or no integer; ValueError when `offset` is no integer; DTypeError when
 *   the dtype is another.
 *
 * @example
 * ```ts
 * import { triuIndices } from "@flambeau/tensor";
 *
 * console.log(String(triuIndices(2, 2)));
 * // tensor([[0, 0, 1],
 * //         [0, 1, 1]])
 * ```
 */
export const triuIndices: Callable<typeof TRIU_INDICES, Tensor> = callable(
  TRIU_INDICES,
  (rows, columns, offset, options) =>
    indicesOf("triuIndices", nonzero(triu(ones([rows, columns]), offset)), options),
);

/** Positions as two rows. */
function indicesOf(
  what: string,
  positions: Tensor,
  { dtype, device }: { readonly dtype?: DType | null; readonly device?: string | null },
): Tensor {
  if (dtype != null && dtype !== "int64" && dtype !== "int32")
    throw new DTypeError(`${what}: indices are int64 or int32; got ${dtype}`);
  return positions
    .t()
    .contiguous()
    .to({ dtype: dtype ?? "int64", device: device ?? "cpu" });
}
