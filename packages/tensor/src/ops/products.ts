/**
 * Products of tensors besides those of matrices: inner, outer and over chosen dimensions, and distances.
 *
 * @module
 */
import {
  ArgumentError,
  formatShape,
  normalizeDim,
  numel,
  quote,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { named } from "../recorder.ts";
import type { Tensor } from "../tensor.ts";
import { mul, sub } from "./arithmetic.ts";
import { matmul } from "./matmul.ts";
import { norm } from "./statistics.ts";
import { permute, reshape } from "./views.ts";

const TENSORDOT = "tensordot(a: tensor, b: tensor, dims: any = 2)";

/** How many dimensions to contract, or which of either tensor. */
type Contracted = { readonly dims?: number | readonly [readonly number[], readonly number[]] };

/**
 * Sums of products over dimensions of `a` and as many of `b`: its last and `b`'s first ones if `dims` is a number
 * (default 2), or those that two arrays name.
 *
 * @throws ShapeError when the sizes differ; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { arange, tensordot } from "@flambeau/tensor";
 *
 * const a = arange(6).reshape([2, 3]);
 * console.log(String(tensordot(a, a)));
 * // tensor(55.)
 * console.log(String(tensordot(a, a, [[0], [0]])));
 * // tensor([[ 9., 12., 15.],
 * //         [12., 17., 22.],
 * //         [15., 22., 29.]])
 * ```
 */
export const tensordot: Callable<typeof TENSORDOT, Tensor, Contracted> = callable<
  typeof TENSORDOT,
  Tensor,
  Contracted
>(TENSORDOT, (a, b, dims) => {
  const isList = (x: unknown): boolean => Array.isArray(x) && x.every((d) => typeof d === "number");
  if (typeof dims !== "number" && !(Array.isArray(dims) && dims.length === 2 && dims.every(isList)))
    throw new ArgumentError(`tensordot: dims is a number or two arrays of dimensions; got ${quote(dims)}`);
  const range = (count: number, from: number): number[] => Array.from({ length: count }, (_, i) => from + i);
  const [ofA, ofB] = typeof dims === "number" ? [range(dims, a.ndim - dims), range(dims, 0)] : dims;
  const inA = ofA.map((d) => normalizeDim(d, a.ndim));
  const inB = ofB.map((d) => normalizeDim(d, b.ndim));
  const sizes = inA.map((d) => a.shape[d]);
  if (inA.length !== inB.length || sizes.some((size, i) => size !== b.shape[inB[i]])) {
    throw new ShapeError(
      `tensordot: dimensions ${formatShape(inA)} of shape ${formatShape(a.shape)} do not go with ${formatShape(inB)} of ${formatShape(b.shape)}`,
    );
  }
  const rows = range(a.ndim, 0).filter((d) => !inA.includes(d));
  const columns = range(b.ndim, 0).filter((d) => !inB.includes(d));
  const left = rows.map((d) => a.shape[d]);
  const right = columns.map((d) => b.shape[d]);
  const product = matmul(
    reshape(permute(a, [...rows, ...inA]), [numel(left), numel(sizes)]),
    reshape(permute(b, [...inB, ...columns]), [numel(sizes), numel(right)]),
  );
  return reshape(product, [...left, ...right]);
});

const INNER = "inner(input, other: tensor)";

/**
 * Sums of products over the last dimensions of both; a scalar multiplies.
 *
 * @throws ShapeError when the last sizes differ.
 *
 * @example
 * ```ts
 * import { inner, tensor } from "@flambeau/tensor";
 *
 * console.log(String(inner(tensor([1, 2, 3]), tensor([0, 2, 1]))));
 * // tensor(7.)
 * ```
 */
export const inner: Callable<typeof INNER, Tensor> = callable(INNER, (a, b) => {
  return a.ndim === 0 || b.ndim === 0 ? mul(a, b) : tensordot(a, b, [[-1], [-1]]);
});

const KRON = "kron(input, other: tensor)";

/**
 * The Kronecker product: every element of `input` times all of `other`, block beside block.
 *
 * @example
 * ```ts
 * import { kron, tensor } from "@flambeau/tensor";
 *
 * console.log(String(kron(tensor([1, 10]), tensor([1, 2, 3]))));
 * // tensor([ 1.,  2.,  3., 10., 20., 30.])
 * ```
 */
export const kron: Callable<typeof KRON, Tensor> = callable(KRON, (a, b) => {
  const ndim = Math.max(a.ndim, b.ndim);
  const padded = (x: Tensor): number[] => [...new Array<number>(ndim - x.ndim).fill(1), ...x.shape];
  const [p, q] = [padded(a), padded(b)];
  const blocks = mul(
    reshape(
      a,
      p.flatMap((size) => [size, 1]),
    ),
    reshape(
      b,
      q.flatMap((size) => [1, size]),
    ),
  );
  const out = reshape(
    blocks,
    p.map((size, i) => size * q[i]),
  );
  return named(out, "UnsafeView");
});

const CDIST = "cdist(x1, x2, p: number = 2, computeMode?: string)";

/** Without underscores and capitals, so that PyTorch's spelling counts too. */
const MODES = ["usemmforeucliddistifnecessary", "usemmforeucliddist", "donotusemmforeucliddist"];

/**
 * The distances of each row of `x1` `[..., n, k]` from each of `x2` `[..., m, k]`, as the norm `p` has them: `[..., n, m]`.
 *
 * @param computeMode - one of PyTorch's three, as "useMmForEuclidDist": whether distances are computed by products of matrices, which they
 *   are not, whichever it is.
 * @throws ShapeError when the rows differ in length, or leading dimensions do not broadcast; DTypeError for integers;
 *   ValueError when `p` is negative, or there is no such mode.
 *
 * @example
 * ```ts
 * import { cdist, tensor } from "@flambeau/tensor";
 *
 * console.log(String(cdist(tensor([[0, 0]]), tensor([[3, 4], [0, 1]]))));
 * // tensor([[5., 1.]])
 * ```
 */
export const cdist: Callable<typeof CDIST, Tensor> = callable(CDIST, (a, b, p, computeMode) => {
  if (computeMode != null && !MODES.includes(computeMode.replaceAll("_", "").toLowerCase()))
    throw new ValueError(
      `cdist: computeMode is "useMmForEuclidDistIfNecessary", "useMmForEuclidDist" or "donotUseMmForEuclidDist"; got ${quote(computeMode)}`,
    );
  if (a.ndim < 2 || b.ndim < 2 || a.shape[a.ndim - 1] !== b.shape[b.ndim - 1]) {
    throw new ShapeError(
      `cdist takes rows of one length; got shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  }
  if (!(p >= 0)) throw new ValueError(`cdist: p is not negative; got ${quote(p)}`);
  return named(norm(sub(a.unsqueeze(-2), b.unsqueeze(-3)), p, -1), "Cdist");
});
