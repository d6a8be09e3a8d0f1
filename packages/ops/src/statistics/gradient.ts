/** Derivatives of values at points, by finite differences. */
import { formatShape, normalizeDims, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, cat, type Scalar, Tensor } from "@flambeau/tensor";

const GRADIENT =
  "gradient(input, *, spacing?: scalar|numbers|tensor|tensors, dim?: int|ints, edgeOrder: int = 1)";

/** How far apart points are, or where they are. */
type Spacing = Scalar | Tensor;

/**
 * The derivatives along dimensions of values at points, one tensor for each, by differences of second order within and of
 * `edgeOrder` at the edges. A dimension's points are a number apart, or at coordinates that a vector gives.
 *
 * @param spacing - how far apart points are, for all dimensions or one each, or a vector of coordinates for each. Default 1.
 * @param dim - along which dimensions. Left out, all.
 * @param edgeOrder - the order of the differences at the edges: 1 or 2.
 * @returns a tensor of the input's shape for each dimension; integers give the default float.
 * @throws ShapeError when a dimension has not more elements than the order, or coordinates do not fit; ValueError when there are not as
 *   many spacings as dimensions, or there is no such order; IndexError when there is no such dimension.
 *
 * Source of the differences: NumPy's `gradient` (B. Fornberg, Mathematics of Computation 51, 1988).
 *
 * @example
 * ```ts
 * import { gradient } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [slope] = gradient(tensor([1, 4, 9, 16]));
 * console.log(String(slope));
 * // tensor([3., 4., 6., 7.])
 * const [uneven] = gradient(tensor([1, 4, 16]), { spacing: [tensor([1, 2, 4])], edgeOrder: 2 });
 * console.log(String(uneven));
 * // tensor([2., 4., 8.])
 * ```
 */
export const gradient: Callable<typeof GRADIENT, Tensor[]> = callable(
  GRADIENT,
  (x, { spacing = 1, dim, edgeOrder }) => {
    if (edgeOrder !== 1 && edgeOrder !== 2)
      throw new ValueError(`gradient: edgeOrder is 1 or 2; got ${edgeOrder}`);
    const all = Array.from(x.shape, (_, i) => i);
    const dims = dim === undefined ? all : Array.isArray(dim) && dim.length === 0 ? [] : inOrder(dim, x.ndim);
    const spacings = spacingsOf(spacing, dims.length);
    return dims.map((d, i) => along(x, d, spacings[i], edgeOrder));
  },
);

/** Dimensions counted from the front, none twice, in the order in which they are given. */
function inOrder(dim: number | readonly number[], ndim: number): number[] {
  normalizeDims(dim, ndim);
  return [dim].flat().map((d) => (d < 0 ? d + ndim : d));
}

function spacingsOf(spacing: Spacing | readonly Spacing[], count: number): readonly Spacing[] {
  if (!Array.isArray(spacing)) return new Array<Spacing>(count).fill(spacing as Spacing);
  if (spacing.length !== count)
    throw new ValueError(`gradient: ${spacing.length} spacings do not go with ${count} dimensions`);
  for (const one of spacing) {
    if (one instanceof Tensor && one.ndim !== 1)
      throw new ShapeError(`gradient: coordinates are a vector; got shape ${formatShape(one.shape)}`);
  }
  return spacing;
}

function along(x: Tensor, dim: number, spacing: Spacing, order: 1 | 2): Tensor {
  const size = x.shape[dim];
  if (size <= order)
    throw new ShapeError(
      `gradient: dimension ${dim} of shape ${formatShape(x.shape)} has to have more than ${order} elements`,
    );
  const isUneven = spacing instanceof Tensor && spacing.ndim === 1;
  if (isUneven && spacing.shape[0] !== size)
    throw new ShapeError(`gradient: ${spacing.shape[0]} coordinates do not go with ${size} elements`);
  const at = (start: number, count: number): Tensor => x.narrow(dim, start < 0 ? start + size : start, count);
  const parts = isUneven
    ? uneven(at, stepsAlong(spacing, dim, x.ndim), order, size, dim)
    : even(at, spacing as Spacing, order, size);
  return cat(parts, dim);
}

/** The distances of neighbouring coordinates, along a dimension of so many. */
function stepsAlong(coordinates: Tensor, dim: number, ndim: number): Tensor {
  const steps = coordinates
    .narrow(0, 1, coordinates.shape[0] - 1)
    .sub(coordinates.narrow(0, 0, coordinates.shape[0] - 1));
  return steps.reshape(Array.from({ length: ndim }, (_, i) => (i === dim ? -1 : 1)));
}

/** So many elements from a place on, which counts from the end if negative. */
type At = (start: number, count: number) => Tensor;

function even(at: At, h: Spacing, order: 1 | 2, size: number): Tensor[] {
  const within = at(2, size - 2).sub(at(0, size - 2));
  const first =
    order === 1 ? at(1, 1).sub(at(0, 1)) : at(1, 1).mul(2).sub(at(0, 1).mul(1.5)).sub(at(2, 1).mul(0.5));
  const last =
    order === 1 ? at(-1, 1).sub(at(-2, 1)) : at(-1, 1).mul(1.5).sub(at(-2, 1).mul(2)).add(at(-3, 1).mul(0.5));
  return [first.div(h), within.div(2).div(h), last.div(h)];
}

function uneven(at: At, steps: Tensor, order: 1 | 2, size: number, dim: number): Tensor[] {
  const step = (start: number, count = 1): Tensor =>
    steps.narrow(dim, start < 0 ? start + size - 1 : start, count);
  const within = size > 2 ? [slope(at, 0, size - 2, step(0, size - 2), step(1, size - 2), 1)] : [];
  const first = order === 1 ? at(1, 1).sub(at(0, 1)).div(step(0)) : slope(at, 0, 1, step(0), step(1), 0);
  const last = order === 1 ? at(-1, 1).sub(at(-2, 1)).div(step(-1)) : slope(at, -3, 1, step(-2), step(-1), 2);
  return [first, ...within, last];
}

/** The derivative of the parabola through three neighbours, at the first, second or third of them. */
function slope(
  at: At,
  start: number,
  count: number,
  before: Tensor,
  after: Tensor,
  where: 0 | 1 | 2,
): Tensor {
  const whole = before.add(after);
  const low = at(start + 1, count)
    .sub(at(start, count))
    .div(before);
  const high = at(start + 2, count)
    .sub(at(start + 1, count))
    .div(after);
  const bend = high.sub(low).div(whole);
  if (where === 0) return low.sub(bend.mul(before));
  return where === 1 ? low.add(bend.mul(before)) : high.add(bend.mul(after));
}
