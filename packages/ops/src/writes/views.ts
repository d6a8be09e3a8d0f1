/** Copies of a tensor with one of its views written over: what a view and an assignment are in place. */
import { IndexError, normalizeDim, quote, ValueError } from "@flambeau/backend";
import {
  arange,
  asStrided,
  type Callable,
  callable,
  named,
  scatter,
  sliceDim,
  type Tensor,
} from "@flambeau/tensor";
import { checkShape } from "./checks.ts";

/** A copy of `x` with `src` in the place of a view of it. */
function written(what: string, x: Tensor, src: Tensor, viewOf: (x: Tensor) => Tensor): Tensor {
  checkShape(what, src, viewOf(x.detach()));
  const out = x.clone();
  viewOf(out).copy_(src);
  return named(out, what[0].toUpperCase() + what.slice(1));
}

const SELECT_SCATTER = "selectScatter(input, src, dim, index: int)";

/**
 * A copy with `src` as the slice `index` of a dimension.
 *
 * @param index - which slice; negative ones count from the end.
 * @throws IndexError when there is no such dimension or slice; ShapeError when `src` has another shape than the slice.
 *
 * @example
 * ```ts
 * import { selectScatter } from "@flambeau/ops";
 * import { ones, zeros } from "@flambeau/tensor";
 *
 * console.log(String(selectScatter(zeros([2, 2]), ones([2]), 0, 1)));
 * // tensor([[0., 0.],
 * //         [1., 1.]])
 * ```
 */
export const selectScatter: Callable<typeof SELECT_SCATTER, Tensor> = callable(
  SELECT_SCATTER,
  (x, src, dim, index) => written("selectScatter", x, src, (y) => y.select(dim, index)),
);

const SLICE_SCATTER = "sliceScatter(input, src, dim = 0, start?: int, end?: int, step: int = 1)";

/**
 * A copy with `src` in the place of a slice of a dimension, as `x[start:end:step]` has it in Python.
 *
 * @param start - where the slice starts; negative ones count from the end. Left out, at the first element.
 * @param end - where it ends, the element itself not included. Left out, behind the last.
 * @param step - how far apart its elements lie.
 * @throws IndexError when there is no such dimension; ValueError when `step` is no positive integer, or another is no integer;
 *   ShapeError when `src` has another shape than the slice.
 *
 * @example
 * ```ts
 * import { sliceScatter } from "@flambeau/ops";
 * import { ones, zeros } from "@flambeau/tensor";
 *
 * console.log(String(sliceScatter(zeros([5]), ones([2]), { start: 1, step: 2, end: -1 })));
 * // tensor([0., 1., 0., 1., 0.])
 * ```
 */
export const sliceScatter: Callable<typeof SLICE_SCATTER, Tensor> = callable(
  SLICE_SCATTER,
  (x, src, dim, start, end, step) => {
    if (x.ndim === 0) throw new IndexError("sliceScatter: a scalar has no dimensions to choose from");
    const d = normalizeDim(dim, x.ndim);
    const bad = [start ?? 0, end ?? 0, step].find((n) => !Number.isInteger(n));
    if (bad !== undefined || step < 1)
      throw new ValueError(`sliceScatter takes integers, and a step from 1; got ${quote(bad ?? step)}`);
    const size = x.shape[d];
    const within = (n: number): number => Math.min(Math.max(n < 0 ? n + size : n, 0), size);
    const from = within(start ?? 0);
    const count = Math.max(0, Math.ceil((within(end ?? size) - from) / step));
    return written("sliceScatter", x, src, (y) => sliceDim(y, d, from, count, step));
  },
);

const DIAGONAL_SCATTER = "diagonalScatter(input, src, offset = 0, dim1 = 0, dim2 = 1)";

/**
 * A copy with `src` as a diagonal, which `diagonal` gives: its elements are in the last dimension.
 *
 * @throws IndexError when there is no such dimension; ShapeError when `src` has another shape than the diagonal.
 *
 * @example
 * ```ts
 * import { diagonalScatter } from "@flambeau/ops";
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(diagonalScatter(zeros([2, 3]), tensor([1, 2]), { offset: 1 })));
 * // tensor([[0., 1., 0.],
 * //         [0., 0., 2.]])
 * ```
 */
export const diagonalScatter: Callable<typeof DIAGONAL_SCATTER, Tensor> = callable(
  DIAGONAL_SCATTER,
  (x, src, offset, dim1, dim2) => written("diagonalScatter", x, src, (y) => y.diagonal(offset, dim1, dim2)),
);

const AS_STRIDED_SCATTER = "asStridedScatter(input, src, size, stride: ints, storageOffset?: int)";

/**
 * A copy with `src` where a view of any sizes and strides lies: element `i, j, ...` of it goes to position
 * `storageOffset + i * stride[0] + j * stride[1] + ...` of the elements in row-major order. Where several go to one, the last
 * stays, and as in PyTorch each of them has its gradient.
 *
 * @throws ShapeError when `src` has another shape than `size`; IndexError when the view reaches beyond the tensor.
 *
 * @example
 * ```ts
 * import { asStridedScatter } from "@flambeau/ops";
 * import { ones, zeros } from "@flambeau/tensor";
 *
 * console.log(String(asStridedScatter(zeros([3, 3]), ones([2]), [2], [4], 1)));
 * // tensor([[0., 1., 0.],
 * //         [0., 0., 1.],
 * //         [0., 0., 0.]])
 * ```
 */
export const asStridedScatter: Callable<typeof AS_STRIDED_SCATTER, Tensor> = callable(
  AS_STRIDED_SCATTER,
  (x, src, size, stride, storageOffset = 0) => {
    const count = x.numel();
    const numbers = arange(BigInt(count), { device: x.device });
    const places = asStrided(numbers, size, stride, storageOffset);
    checkShape("asStridedScatter", src, places);
    const flat = x.reshape([-1]);
    const out = scatter(flat, 0, places.reshape([-1]), src.to(x.dtype).reshape([-1]));
    return named(out.reshape(x.shape), "AsStridedScatter");
  },
);
