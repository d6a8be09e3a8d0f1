/** Windows that slide along a dimension. */
import { formatShape, normalizeDim, quote, ShapeError, ValueError } from "@flambeau/backend";
import { asStrided, type Callable, callable, named, type Tensor } from "@flambeau/tensor";

const UNFOLD = "unfold(input, dimension: int, size: int, step: int)";

/**
 * All windows of `size` elements along a dimension, `step` apart: the dimension has their number then, and a last one is added that has their
 * elements. It is a view, in which windows that overlap share elements: a write to one of them is seen in the others. A copy to write to is
 * made by `unfoldCopy`. (`F.unfold` has the windows of planes, as columns.)
 *
 * @param dimension - the dimension; negative ones count from the end. A scalar has one of size 1 here.
 * @param size - how many elements a window has: an integer from 0 to the dimension's size.
 * @param step - how far the next window is: an integer from 1.
 * @throws IndexError when there is no such dimension; ShapeError when a window is larger than it; ValueError when the size or the step is no
 *   such integer.
 *
 * @example
 * ```ts
 * import { unfold } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(unfold(arange(5), 0, 3, 1)));
 * // tensor([[0., 1., 2.],
 * //         [1., 2., 3.],
 * //         [2., 3., 4.]])
 * ```
 */
export const unfold: Callable<typeof UNFOLD, Tensor> = callable(UNFOLD, (x, dim, size, step) => {
  const d = normalizeDim(dim, Math.max(x.ndim, 1));
  if (!Number.isInteger(size) || size < 0)
    throw new ValueError(`unfold: a window's size is an integer from 0; got ${quote(size)}`);
  if (!Number.isInteger(step) || step < 1)
    throw new ValueError(`unfold: the step is an integer from 1; got ${quote(step)}`);
  const [along, stride] = x.ndim === 0 ? [1, 1] : [x.shape[d], x.strides[d]];
  if (size > along)
    throw new ShapeError(
      `unfold: windows of ${size} are larger than dimension ${dim} of shape ${formatShape(x.shape)}`,
    );
  const [shape, strides] = [x.shape.slice(), x.strides.slice()];
  if (x.ndim > 0) {
    shape[d] = Math.floor((along - size) / step) + 1;
    strides[d] = stride * step;
  }
  return named(asStrided(x, [...shape, size], [...strides, stride], x.offset), "Unfold");
});
