/**
 * Views: other shapes of the same elements, without a copy. Writing to a view writes to its base.
 *
 * @module
 */
import {
  checkNdim,
  checkShape,
  contiguousStrides,
  formatShape,
  IndexError,
  normalizeDim,
  numel,
  quote,
  type Shape,
  ShapeError,
} from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { named } from "../recorder.ts";
import type { Tensor } from "../tensor.ts";
import { checkNdims, placesOf } from "./check-dims.ts";
import { clone } from "./copy.ts";
import { permuted, reshaped, stretched, strided } from "./layouts.ts";

/** A shape in which one size may be -1, "whatever is left", resolved for a number of elements. */
function resolveShape(what: string, shape: Shape, count: number): Shape {
  checkNdim(shape.length);
  const unknown = shape.indexOf(-1);
  if (unknown < 0) {
    if (numel(checkShape(shape)) !== count) {
      throw new ShapeError(
        `${what}: shape ${formatShape(shape)} holds ${numel(shape)} elements, the tensor has ${count}`,
      );
    }
    // The caller may go on to write to its own array.
    return shape.slice();
  }
  const known = numel(checkShape(shape.filter((_, i) => i !== unknown)));
  if (known === 0 || count % known !== 0) {
    throw new ShapeError(
      `${what}: shape ${formatShape(shape)} does not fit ${count} elements, whatever -1 stands for`,
    );
  }
  return shape.map((size, i) => (i === unknown ? count / known : size));
}

/**
 * Strides that show a tensor's elements in another shape without a copy, or null where there are none.
 * Source of the method: NumPy's attempt at a no-copy reshape; groups of old and new dimensions with equal products are
 * matched, and each old group has to be contiguous in itself.
 */
function reshapedStrides(oldShape: Shape, oldStrides: Shape, shape: Shape): number[] | null {
  if (numel(shape) === 0) return contiguousStrides(shape);
  const strides = new Array<number>(shape.length).fill(1);
  const sizes: number[] = [];
  const steps: number[] = [];
  for (let i = 0; i < oldShape.length; i++) {
    if (oldShape[i] === 1) continue;
    const last = sizes.length - 1;
    if (last >= 0 && steps[last] === oldShape[i] * oldStrides[i]) {
      sizes[last] *= oldShape[i];
      steps[last] = oldStrides[i];
    } else {
      sizes.push(oldShape[i]);
      steps.push(oldStrides[i]);
    }
  }
  // Each merged run of old dimensions is cut into new ones from its end; a new size that straddles two runs fails.
  let run = sizes.length - 1;
  let left = run >= 0 ? sizes[run] : 1;
  let step = run >= 0 ? steps[run] : 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i];
    if (size === 1) {
      strides[i] = step;
      continue;
    }
    if (left === 1 && run > 0) {
      run--;
      left = sizes[run];
      step = steps[run];
    }
    if (left % size !== 0) return null;
    strides[i] = step;
    step *= size;
    left /= size;
  }
  return strides;
}

const RESHAPE = "reshape(input, shape)";

/**
 * The same elements in row-major order in another shape; -1 stands for the size that is left over. A view where the
 * layout allows it, else a copy.
 *
 * @throws ShapeError when the number of elements differs.
 *
 * @example
 * ```ts
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(arange(6).reshape([2, -1])));
 * // tensor([[0., 1., 2.],
 * //         [3., 4., 5.]])
 * ```
 */
export const reshape: Callable<typeof RESHAPE, Tensor> = callable(RESHAPE, (x, shape) => {
  const to = resolveShape("reshape", shape, numel(x.shape));
  return reshapeTo(x, to) ?? named(reshapeTo(clone(x), to) as Tensor, "UnsafeView");
});

function reshapeTo(x: Tensor, shape: Shape): Tensor | null {
  const strides = reshapedStrides(x.shape, x.strides, shape);
  return strides === null ? null : reshaped(x, shape, strides);
}

const VIEW = "view(input, shape)";

/**
 * As `reshape`, and always a view.
 *
 * @throws ShapeError when the number of elements differs or the layout needs a copy.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2, 3, 4]).view([2, 2])));
 * // tensor([[1., 2.],
 * //         [3., 4.]])
 * ```
 */
export const view: Callable<typeof VIEW, Tensor> = callable(VIEW, (x, shape) => {
  const to = resolveShape("view", shape, numel(x.shape));
  const out = reshapeTo(x, to);
  if (out !== null) return named(out, "View");
  throw new ShapeError(
    `view: a tensor of shape ${formatShape(x.shape)} and strides ${formatShape(x.strides)} has no view of shape ${formatShape(to)}; use reshape, which copies`,
  );
});

const VIEW_AS = "viewAs(input, other: tensor)";

/**
 * As `reshape` to the shape of `other`.
 *
 * @throws ShapeError as `view`.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2, 3, 4]).viewAs(zeros([2, 2]))));
 * // tensor([[1., 2.],
 * //         [3., 4.]])
 * ```
 */
export const viewAs: Callable<typeof VIEW_AS, Tensor> = callable(VIEW_AS, (x, other) => {
  return view(x, other.shape);
});

const PERMUTE = "permute(input, dims)";

/**
 * The dimensions in another order: `dims[i]` is the old dimension that becomes dimension i.
 *
 * @throws ShapeError when `dims` does not name every dimension once.
 *
 * @example
 * ```ts
 * import { zeros } from "@flambeau/tensor";
 *
 * console.log(zeros([2, 3, 4]).permute([2, 0, 1]).shape);
 * // [ 4, 2, 3 ]
 * ```
 */
export const permute: Callable<typeof PERMUTE, Tensor> = callable(PERMUTE, (x, dims) => {
  const order = dims.map((d) => normalizeDim(d, x.ndim));
  if (order.length !== x.ndim || new Set(order).size !== order.length) {
    throw new ShapeError(`permute: ${formatShape(dims)} does not name each of the ${x.ndim} dimensions once`);
  }
  return permuted(x, order);
});

const TRANSPOSE = "transpose(input, dim0: int, dim1: int)";

/**
 * Two dimensions exchanged.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4]]).transpose(0, 1)));
 * // tensor([[1., 3.],
 * //         [2., 4.]])
 * ```
 */
export const transpose: Callable<typeof TRANSPOSE, Tensor> = callable(TRANSPOSE, (x, dim0, dim1) => {
  const order = Array.from(x.shape, (_, i) => i);
  const a = normalizeDim(dim0, x.ndim);
  const b = normalizeDim(dim1, x.ndim);
  if (order.length > 0) [order[a], order[b]] = [order[b], order[a]];
  return named(permuted(x, order), "Transpose");
});

const T = "t(input)";

/**
 * A matrix with rows and columns exchanged; vectors and scalars as they are.
 *
 * @throws ShapeError for more than two dimensions.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4]]).t()));
 * // tensor([[1., 3.],
 * //         [2., 4.]])
 * ```
 */
export const t: Callable<typeof T, Tensor> = callable(T, (x) => {
  checkNdims("t takes tensors of up to 2 dimensions", x, 0, 2);
  const order = x.ndim < 2 ? Array.from(x.shape, (_, i) => i) : [1, 0];
  return named(permuted(x, order), "T");
});

const MOVEDIM = "movedim(input, source: int|ints, destination: int|ints)";

/**
 * Dimensions moved to other places, the others in their order: one, or as many as an array names.
 *
 * @throws IndexError when there is no such dimension; ShapeError when two arrays differ in length, or one names a dimension
 *   twice.
 *
 * @example
 * ```ts
 * import { zeros } from "@flambeau/tensor";
 *
 * console.log(zeros([2, 3, 4]).movedim(0, 2).shape);
 * // [ 3, 4, 2 ]
 * console.log(zeros([2, 3, 4]).movedim([0, 1], [2, 0]).shape);
 * // [ 3, 4, 2 ]
 * ```
 */
export const movedim: Callable<typeof MOVEDIM, Tensor> = callable(MOVEDIM, (x, source, destination) => {
  const from = placesOf(x, source);
  const to = placesOf(x, destination);
  if (from.length !== to.length) {
    throw new ShapeError(
      `movedim: ${quote(source)} names ${from.length} dimensions, ${quote(destination)} ${to.length} places`,
    );
  }
  const others = Array.from(x.shape, (_, i) => i).filter((i) => !from.includes(i));
  const order = Array.from(x.shape, (_, i) => (to.includes(i) ? from[to.indexOf(i)] : others.shift()));
  return permuted(x, order as number[]);
});

const SQUEEZE = "squeeze(input, dim?: int|ints)";

/**
 * Dimensions of size one removed: all of them, or those named (which stay where they are larger).
 *
 * @throws IndexError when a named dimension does not exist.
 *
 * @example
 * ```ts
 * import { zeros } from "@flambeau/tensor";
 *
 * console.log(zeros([1, 3, 1]).squeeze().shape);
 * // [ 3 ]
 * console.log(zeros([1, 3, 1]).squeeze(0).shape);
 * // [ 3, 1 ]
 * ```
 */
export const squeeze: Callable<typeof SQUEEZE, Tensor> = callable(SQUEEZE, (x, dim) => {
  const given = typeof dim === "number" ? [dim] : dim;
  const among = given === undefined ? null : given.map((d) => normalizeDim(d, x.ndim));
  const keep = Array.from(x.shape, (_, i) => i).filter(
    (i) => x.shape[i] !== 1 || (among !== null && !among.includes(i)),
  );
  const shape = keep.map((i) => x.shape[i]);
  const strides = keep.map((i) => x.strides[i]);
  return named(reshaped(x, shape, strides), `SqueezeBackward${among === null ? 0 : 1}`);
});

const UNSQUEEZE = "unsqueeze(input, dim)";

/**
 * A dimension of size one inserted before dimension `dim`.
 *
 * @throws IndexError when `dim` is not within -ndim - 1 and ndim; ShapeError when there are 64 dimensions already.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2]).unsqueeze(1)));
 * // tensor([[1.],
 * //         [2.]])
 * ```
 */
export const unsqueeze: Callable<typeof UNSQUEEZE, Tensor> = callable(UNSQUEEZE, (x, dim) => {
  const at = normalizeDim(dim, x.ndim + 1);
  checkNdim(x.ndim + 1);
  const shape = x.shape.slice();
  const strides = x.strides.slice();
  strides.splice(at, 0, at < x.ndim ? x.shape[at] * x.strides[at] : 1);
  shape.splice(at, 0, 1);
  return named(reshaped(x, shape, strides), "Unsqueeze");
});

const EXPAND = "expand(input, size)";

/**
 * Dimensions of size one stretched to a larger shape without a copy; -1 keeps a size.
 *
 * @throws ShapeError when another dimension would change.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1], [2]]).expand([-1, 3])));
 * // tensor([[1., 1., 1.],
 * //         [2., 2., 2.]])
 * ```
 */
export const expand: Callable<typeof EXPAND, Tensor> = callable(EXPAND, (x, shape) => {
  checkNdim(shape.length);
  const lead = shape.length - x.ndim;
  const to = shape.map((size, i) => (size === -1 && i >= lead ? x.shape[i - lead] : size));
  const fits = lead >= 0 && x.shape.every((size, i) => size === to[lead + i] || size === 1);
  if (!fits || to.some((size) => !Number.isInteger(size) || size < 0)) {
    throw new ShapeError(
      `expand: a tensor of shape ${formatShape(x.shape)} does not stretch to ${formatShape(shape)}`,
    );
  }
  return stretched(x, to);
});

const EXPAND_AS = "expandAs(input, other: tensor)";

/**
 * As `expand` to the shape of `other`.
 *
 * @throws ShapeError as `expand`.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2]).expandAs(zeros([2, 2]))));
 * // tensor([[1., 2.],
 * //         [1., 2.]])
 * ```
 */
export const expandAs: Callable<typeof EXPAND_AS, Tensor> = callable(EXPAND_AS, (x, other) => {
  return expand(x, other.shape);
});

const BROADCAST_TO = "broadcastTo(input, size)";

/**
 * As `expand`: the name NumPy and PyTorch also give it.
 *
 * @throws ShapeError as `expand`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2]).broadcastTo([2, 2])));
 * // tensor([[1., 2.],
 * //         [1., 2.]])
 * ```
 */
export const broadcastTo: Callable<typeof BROADCAST_TO, Tensor> = callable(BROADCAST_TO, (x, shape) => {
  return expand(x, shape);
});

const FLATTEN = "flatten(input, startDim = 0, endDim = -1)";

/**
 * Dimensions `startDim` to `endDim` (inclusive) made one.
 *
 * @throws IndexError when a dimension does not exist; ShapeError when they are in the wrong order.
 *
 * @example
 * ```ts
 * import { zeros } from "@flambeau/tensor";
 *
 * console.log(zeros([2, 3, 4]).flatten().shape);
 * // [ 24 ]
 * console.log(zeros([2, 3, 4]).flatten(1).shape);
 * // [ 2, 12 ]
 * ```
 */
export const flatten: Callable<typeof FLATTEN, Tensor> = callable(FLATTEN, (x, startDim, endDim) => {
  const start = normalizeDim(startDim, x.ndim);
  const end = normalizeDim(endDim, x.ndim);
  if (x.ndim === 0) return reshape(x, [1]);
  if (start > end) throw new ShapeError(`flatten: dimension ${startDim} lies behind ${endDim}`);
  if (start === end) return x;
  const merged = numel(x.shape.slice(start, end + 1));
  return reshape(x, [...x.shape.slice(0, start), merged, ...x.shape.slice(end + 1)]);
});

const RAVEL = "ravel(input)";

/**
 * All elements in one dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4]]).ravel()));
 * // tensor([1., 2., 3., 4.])
 * ```
 */
export const ravel: Callable<typeof RAVEL, Tensor> = callable(RAVEL, (x) => {
  return x.ndim === 1 ? x : named(reshape(x, [-1]), "View");
});

const UNFLATTEN = "unflatten(input, dim, sizes: ints)";

/**
 * One dimension made several, whose sizes multiply to it; -1 stands for the one that is left over.
 *
 * @throws ShapeError when they do not.
 *
 * @example
 * ```ts
 * import { zeros } from "@flambeau/tensor";
 *
 * console.log(zeros([2, 12]).unflatten(1, [3, -1]).shape);
 * // [ 2, 3, 4 ]
 * ```
 */
export const unflatten: Callable<typeof UNFLATTEN, Tensor> = callable(UNFLATTEN, (x, dim, sizes) => {
  const d = normalizeDim(dim, x.ndim);
  const inner = resolveShape("unflatten", sizes, x.shape[d]);
  return named(reshape(x, [...x.shape.slice(0, d), ...inner, ...x.shape.slice(d + 1)]), "View");
});

const AS_STRIDED = "asStrided(input, size, stride: ints, storageOffset?: int)";

/**
 * A view with any strides, in elements of the storage. For experts: nothing keeps elements from overlapping.
 *
 * @throws IndexError when it would reach outside the storage.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2, 3, 4]).asStrided([3, 2], [1, 1])));
 * // tensor([[1., 2.],
 * //         [2., 3.],
 * //         [3., 4.]])
 * ```
 */
export const asStrided: Callable<typeof AS_STRIDED, Tensor> = callable(
  AS_STRIDED,
  (x, shape, strides, offset = x.offset) => {
    checkShape(shape);
    checkShape(strides);
    // Nothing of an empty view lies anywhere.
    let last = numel(shape) > 0 ? offset : -1;
    if (numel(shape) > 0) for (let i = 0; i < shape.length; i++) last += (shape[i] - 1) * strides[i];
    if (
      strides.length !== shape.length ||
      strides.some((s) => s < 0) ||
      offset < 0 ||
      last >= x.storage.length
    ) {
      throw new IndexError(
        `asStrided: shape ${formatShape(shape)} with strides ${formatShape(strides)} from ${offset} reaches outside a storage of ${x.storage.length} elements`,
      );
    }
    // The caller may go on to write to its own arrays.
    return strided(x, shape.slice(), strides.slice(), offset);
  },
);
