/**
 * Views of a part of a tensor along a dimension, without a copy. Writing to a view writes to its base.
 *
 * @module
 */
import { checkSizes, DTypeError, formatShape, IndexError, quote, ShapeError } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { defineMulti } from "../dispatch/op.ts";
import { runMulti } from "../dispatch/run.ts";
import { named } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { ownDim } from "./check-dims.ts";
import { checkIndex, positionOf } from "./check-index.ts";
import { itemSync } from "./reading.ts";
import { sliceDim } from "./slice.ts";
import { needsElements } from "./unreadable.ts";
import { squeeze } from "./views.ts";

const NARROW = "narrow(input, dim, start: int|tensor, length: int)";

/**
 * `length` elements of dimension `dim` from `start` on, which may be an integer tensor without dimensions; a negative start
 * counts from the end.
 *
 * @throws IndexError when they reach beyond the dimension; DTypeError when `start` is another tensor; DeviceError when it is one
 *   that cannot be read at once.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2, 3, 4]).narrow(0, 1, 2)));
 * // tensor([2., 3.])
 * ```
 */
export const narrow: Callable<typeof NARROW, Tensor> = callable(NARROW, (x, dim, start, length) => {
  const d = ownDim("narrow", x, dim);
  const first = start instanceof Tensor ? startOf(start) : start;
  const from = first < 0 ? first + x.shape[d] : first;
  const whole = Number.isInteger(from) && Number.isInteger(length);
  if (!whole || from < 0 || length < 0 || from + length > x.shape[d]) {
    throw new IndexError(
      `narrow: ${quote(length)} elements from ${quote(first)} reach beyond dimension ${dim} of size ${x.shape[d]}`,
    );
  }
  return sliceDim(x, d, from, length);
});

function startOf(start: Tensor): number {
  checkIndex("narrow", start);
  if (start.ndim > 0)
    throw new DTypeError(`narrow: a start has no dimensions; got shape ${formatShape(start.shape)}`);
  needsElements(
    "narrow",
    start,
    "where the part begins is an element of a tensor",
    "x.narrow(dim, await start.item(), length)",
  );
  return itemSync(start);
}

const SELECT = "select(input, dim, index: int)";

/**
 * Element `index` of dimension `dim`, which goes away.
 *
 * @throws IndexError when the index is out of range.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4]]).select(1, -1)));
 * // tensor([2., 4.])
 * ```
 */
export const select: Callable<typeof SELECT, Tensor> = callable(SELECT, (x, dim, index) => {
  const d = ownDim("select", x, dim);
  return named(squeeze(sliceDim(x, d, positionOf(index, d, x.shape[d]), 1), d), "Select");
});

const unbindOp = defineMulti("unbind", ([x], { dim }) => {
  const shape = x.shape.filter((_, i) => i !== dim);
  const strides = x.strides.filter((_, i) => i !== dim);
  return Array.from({ length: x.shape[dim] }, (_, i) =>
    x.withLayout(shape, strides, x.offset + i * x.strides[dim]),
  );
});

const UNBIND = "unbind(input, dim = 0)";

/**
 * The slices along a dimension, which goes away.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const [a, b] = tensor([[1, 2], [3, 4]]).unbind();
 * console.log(String(a), String(b));
 * // tensor([1., 2.]) tensor([3., 4.])
 * ```
 */
export const unbind: Callable<typeof UNBIND, Tensor[]> = callable(UNBIND, (x, dim) => {
  return runMulti<"unbind", Tensor[]>(unbindOp, [x], { dim: ownDim("unbind", x, dim) });
});

const splitOp = defineMulti("split", ([x], { dim, sizes }) => {
  let start = 0;
  return sizes.map((n) => {
    start += n;
    const shape = x.shape.map((whole, i) => (i === dim ? n : whole));
    return x.withLayout(shape, x.strides, x.offset + (start - n) * x.strides[dim]);
  });
});

const SPLIT = "split(input, splitSizeOrSections: int|ints, dim = 0)";

/**
 * Pieces of dimension `dim`: of `size` elements each (the last may be smaller), or of the given sizes.
 *
 * @throws ShapeError when given sizes do not add up.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const parts = tensor([1, 2, 3]).split(2);
 * console.log(parts.map(String));
 * // [ 'tensor([1., 2.])', 'tensor([3.])' ]
 * ```
 */
export const split: Callable<typeof SPLIT, Tensor[]> = callable(SPLIT, (x, size, dim) => {
  const d = ownDim("split", x, dim);
  const total = x.shape[d];
  let sizes: readonly number[];
  if (typeof size === "number") {
    if (!Number.isInteger(size) || size < 0 || (size === 0 && total > 0))
      throw new ShapeError(`split: a piece has at least 1 element; got ${quote(size)}`);
    sizes = Array.from({ length: total === 0 ? 1 : Math.ceil(total / size) }, (_, i) =>
      Math.min(size, total - i * size),
    );
  } else {
    sizes = checkSizes(size);
    if (sizes.reduce((a, b) => a + b, 0) !== total) {
      throw new ShapeError(
        `split: sizes ${formatShape(sizes)} do not add up to ${total}, the size of dimension ${dim}`,
      );
    }
  }
  const pieces = runMulti<"split", Tensor[]>(splitOp, [x], { dim: d, sizes });
  if (typeof size !== "number" && pieces.length > 0) named(pieces[0], "SplitWithSizes");
  return pieces;
});

const CHUNK = "chunk(input, chunks: int, dim = 0)";

/**
 * At most `chunks` pieces of dimension `dim`, of equal size but for the last.
 *
 * @throws ShapeError when `chunks` is no integer from 1; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const parts = tensor([1, 2, 3, 4]).chunk(2);
 * console.log(parts.map(String));
 * // [ 'tensor([1., 2.])', 'tensor([3., 4.])' ]
 * ```
 */
export const chunk: Callable<typeof CHUNK, Tensor[]> = callable(CHUNK, (x, chunks, dim) => {
  if (!Number.isInteger(chunks) || chunks <= 0)
    throw new ShapeError(`chunk: at least 1 chunk is needed; got ${quote(chunks)}`);
  const d = ownDim("chunk", x, dim);
  // Of nothing there are as many pieces as were asked for.
  if (x.shape[d] === 0) return split(x, new Array<number>(chunks).fill(0), d);
  return split(x, Math.ceil(x.shape[d] / chunks), d);
});
