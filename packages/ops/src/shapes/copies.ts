/** What views show, in memory of its own: PyTorch's functions with `copy` at the end, of parts of a tensor. */
import { quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, sliceDim, type Tensor } from "@flambeau/tensor";
import { dimOf } from "./dims.ts";
import { splitWithSizes } from "./split.ts";
import { unfold } from "./unfold.ts";

const clones = (views: readonly Tensor[]): Tensor[] => views.map((x) => x.clone());

const NARROW_COPY = "narrowCopy(input, dim, start: int, length: int)";

/**
 * As `narrow`, in memory of its own.
 *
 * @throws IndexError when the elements reach beyond the dimension.
 *
 * @example
 * ```ts
 * import { narrowCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(narrowCopy(arange(5), 0, 1, 3)));
 * // tensor([1., 2., 3.])
 * ```
 */
export const narrowCopy: Callable<typeof NARROW_COPY, Tensor> = callable(
  NARROW_COPY,
  (x, dim, start, length) => x.narrow(dim, start, length).clone(),
);

const SELECT_COPY = "selectCopy(input, dim, index: int)";

/**
 * As `select`, in memory of its own.
 *
 * @param index - which element of the dimension; negative ones count from the end.
 * @throws IndexError when the index is out of range.
 *
 * @example
 * ```ts
 * import { selectCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(selectCopy(arange(4).reshape([2, 2]), 1, 0)));
 * // tensor([0., 2.])
 * ```
 */
export const selectCopy: Callable<typeof SELECT_COPY, Tensor> = callable(SELECT_COPY, (x, dim, index) =>
  x.select(dim, index).clone(),
);

const SLICE_COPY = "sliceCopy(input, dim = 0, start?: int, end?: int, step: int = 1)";

/**
 * The elements of a dimension from `start` up to `end`, without it, in steps: what Python writes as `x[start:end:step]`, in memory of its own.
 *
 * @param start - where it starts; negative ones count from the end, and null is the beginning.
 * @param end - where it ends; negative ones count from the end, and null is the end.
 * @throws IndexError when there is no such dimension; ValueError when a bound is no integer, or the step none from 1.
 *
 * @example
 * ```ts
 * import { sliceCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(sliceCopy(arange(6), 0, 1, -1, 2)));
 * // tensor([1., 3.])
 * ```
 */
export const sliceCopy: Callable<typeof SLICE_COPY, Tensor> = callable(
  SLICE_COPY,
  (x, dim, start, end, step) => {
    const d = dimOf("sliceCopy", x, dim);
    if (!Number.isInteger(step) || step < 1)
      throw new ValueError(`sliceCopy: the step is an integer from 1; got ${quote(step)}`);
    for (const at of [start ?? 0, end ?? 0]) {
      if (!Number.isInteger(at)) throw new ValueError(`sliceCopy: bounds are integers; got ${quote(at)}`);
    }
    const size = x.shape[d];
    const place = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
    const from = place(start ?? 0);
    const count = Math.ceil(Math.max(place(end ?? size) - from, 0) / step);
    return sliceDim(x, d, from, count, step).clone();
  },
);

const SPLIT_COPY = "splitCopy(input, splitSize: int, dim = 0)";

/**
 * As `split` with a size, in memory of its own.
 *
 * @param splitSize - how many elements a piece has; the last may have fewer.
 * @throws ShapeError when the size is no integer from 1; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { splitCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(splitCopy(arange(3), 2).map(String));
 * // [ 'tensor([0., 1.])', 'tensor([2.])' ]
 * ```
 */
export const splitCopy: Callable<typeof SPLIT_COPY, Tensor[]> = callable(SPLIT_COPY, (x, size, dim) =>
  clones(x.split(size, dim)),
);

const SPLIT_WITH_SIZES_COPY = "splitWithSizesCopy(input, splitSizes: ints, dim = 0)";

/**
 * As `splitWithSizes`, in memory of its own.
 *
 * @throws ShapeError when the sizes do not add up to that of the dimension; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { splitWithSizesCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(splitWithSizesCopy(arange(3), [1, 2]).map(String));
 * // [ 'tensor([0.])', 'tensor([1., 2.])' ]
 * ```
 */
export const splitWithSizesCopy: Callable<typeof SPLIT_WITH_SIZES_COPY, Tensor[]> = callable(
  SPLIT_WITH_SIZES_COPY,
  (x, sizes, dim) => clones(splitWithSizes(x, sizes, dim)),
);

const UNBIND_COPY = "unbindCopy(input, dim = 0)";

/**
 * As `unbind`, in memory of its own.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { unbindCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(unbindCopy(arange(4).reshape([2, 2])).map(String));
 * // [ 'tensor([0., 1.])', 'tensor([2., 3.])' ]
 * ```
 */
export const unbindCopy: Callable<typeof UNBIND_COPY, Tensor[]> = callable(UNBIND_COPY, (x, dim) =>
  clones(x.unbind(dim)),
);

const UNFOLD_COPY = "unfoldCopy(input, dimension: int, size: int, step: int)";

/**
 * As `unfold`, in memory of its own: windows that overlap share no elements.
 *
 * @param dimension - the dimension; negative ones count from the end.
 * @param size - how many elements a window has.
 * @param step - how far the next window is: an integer from 1.
 * @throws IndexError, ShapeError and ValueError as `unfold`.
 *
 * @example
 * ```ts
 * import { unfoldCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(unfoldCopy(arange(4), 0, 2, 2)));
 * // tensor([[0., 1.],
 * //         [2., 3.]])
 * ```
 */
export const unfoldCopy: Callable<typeof UNFOLD_COPY, Tensor> = callable(
  UNFOLD_COPY,
  (x, dimension, size, step) => unfold(x, dimension, size, step).clone(),
);

const DIAGONAL_COPY = "diagonalCopy(input, offset = 0, dim1: int = 0, dim2 = 1)";

/**
 * As `diagonal`, in memory of its own.
 *
 * @throws IndexError when there is no such dimension; ShapeError when the dimensions are the same; ValueError when the offset is no integer.
 *
 * @example
 * ```ts
 * import { diagonalCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(diagonalCopy(arange(4).reshape([2, 2]))));
 * // tensor([0., 3.])
 * ```
 */
export const diagonalCopy: Callable<typeof DIAGONAL_COPY, Tensor> = callable(
  DIAGONAL_COPY,
  (x, offset, dim1, dim2) => x.diagonal(offset, dim1, dim2).clone(),
);
