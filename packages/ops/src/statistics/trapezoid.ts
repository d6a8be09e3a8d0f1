/** Integrals by the trapezoidal rule. */
import { DTypeError, formatShape, IndexError, normalizeDim, ShapeError } from "@flambeau/backend";
import {
  type Callable,
  callable,
  cumsum,
  type Overloaded,
  overloaded,
  sum,
  type Tensor,
} from "@flambeau/tensor";

/** The dimension to integrate along. */
function dimOf(what: string, y: Tensor, dim: number): number {
  if (y.ndim === 0) throw new IndexError(`${what}: a scalar has no dimensions to choose from`);
  if (y.dtype === "bool")
    throw new DTypeError(`${what} takes numbers, not a bool tensor; convert it with .to()`);
  return normalizeDim(dim, y.ndim);
}

/** All but the last along a dimension, and all but the first. */
function neighbours(x: Tensor, dim: number): readonly [left: Tensor, right: Tensor] {
  const count = Math.max(0, x.shape[dim] - 1);
  return [x.narrow(dim, 0, count), x.narrow(dim, Math.min(1, x.shape[dim]), count)];
}

/** The widths between the points `x`: along the dimension, and one if it is not among those of `x`. */
function widthsOf(what: string, y: Tensor, x: Tensor, dim: number): Tensor {
  const given =
    x.ndim === 1
      ? x.reshape(y.shape.map((_, i) => (i === dim ? -1 : 1)))
      : x.reshape([...new Array<number>(Math.max(0, y.ndim - x.ndim)).fill(1), ...x.shape]);
  if (x.ndim === 1 && x.shape[0] !== y.shape[dim])
    throw new ShapeError(
      `${what}: ${x.shape[0]} points do not go with ${y.shape[dim]} values along dimension ${dim} of shape ${formatShape(y.shape)}`,
    );
  const [left, right] = neighbours(given, dim);
  return right.sub(left);
}

/** The sums of neighbouring values, times the widths between them. */
function areas(y: Tensor, width: Tensor | number, dim: number): Tensor {
  const [left, right] = neighbours(y, dim);
  return left.add(right).mul(width);
}

const TRAPEZOID = "trapezoid(y: tensor, x: tensor, *, dim = -1)";
const TRAPEZOID_DX = "trapezoid(y: tensor, *, dx: number = 1, dim = -1)";

/**
 * The integral along a dimension of values at points `x`, or `dx` apart, by the trapezoidal rule. One value, or none, has the
 * integral 0.
 *
 * @param y - the values.
 * @param x - where they are: a vector along the dimension, or a tensor that broadcasts.
 * @param dx - how far apart they are.
 * @throws IndexError when there is no such dimension; ShapeError when the points do not fit; DTypeError for bool.
 *
 * @example
 * ```ts
 * import { trapezoid } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(trapezoid(tensor([1, 2, 3]))));
 * // tensor(4.)
 * console.log(String(trapezoid(tensor([1, 2, 3]), tensor([0, 1, 3]))));
 * // tensor(6.5000)
 * ```
 */
export const trapezoid: Overloaded<
  [Callable<typeof TRAPEZOID, Tensor>, Callable<typeof TRAPEZOID_DX, Tensor>]
> = overloaded(
  callable(TRAPEZOID, (y, x, { dim }) => {
    const d = dimOf("trapezoid", y, dim);
    return sum(areas(y, widthsOf("trapezoid", y, x, d), d), d).div(2);
  }),
  callable(TRAPEZOID_DX, (y, { dx, dim }) => {
    const d = dimOf("trapezoid", y, dim);
    return sum(areas(y, dx, d), d).div(2);
  }),
);
export { trapezoid as trapz };

const CUMULATIVE_TRAPEZOID = "cumulativeTrapezoid(y: tensor, x: tensor, *, dim = -1)";
const CUMULATIVE_TRAPEZOID_DX = "cumulativeTrapezoid(y: tensor, *, dx: number = 1, dim = -1)";

/**
 * The integrals along a dimension up to each of the values but the first; see `trapezoid`.
 *
 * @param y - the values.
 * @param x - where they are: a vector along the dimension, or a tensor that broadcasts.
 * @param dx - how far apart they are.
 * @throws as `trapezoid`.
 *
 * @example
 * ```ts
 * import { cumulativeTrapezoid } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(cumulativeTrapezoid(tensor([1, 2, 3]))));
 * // tensor([1.5000, 4.0000])
 * ```
 */
export const cumulativeTrapezoid: Overloaded<
  [Callable<typeof CUMULATIVE_TRAPEZOID, Tensor>, Callable<typeof CUMULATIVE_TRAPEZOID_DX, Tensor>]
> = overloaded(
  callable(CUMULATIVE_TRAPEZOID, (y, x, { dim }) => {
    const d = dimOf("cumulativeTrapezoid", y, dim);
    return cumsum(areas(y, widthsOf("cumulativeTrapezoid", y, x, d), d), d).div(2);
  }),
  callable(CUMULATIVE_TRAPEZOID_DX, (y, { dx, dim }) => {
    const d = dimOf("cumulativeTrapezoid", y, dim);
    return cumsum(areas(y, dx, d), d).div(2);
  }),
);
