import { IndexError, ShapeError } from "./errors.ts";
import { quote } from "./quote.ts";

/** The sizes of a tensor's dimensions; `[]` is a scalar. */
export type Shape = readonly number[];

/**
 * The number of elements of a shape.
 *
 * @example
 * ```ts
 * import { numel } from "@flambeau/backend";
 *
 * console.log(numel([2, 3, 4]), numel([]));
 * // 24 1
 * ```
 */
export function numel(shape: Shape): number {
  let n = 1;
  for (let i = 0; i < shape.length; i++) n *= shape[i];
  return n;
}

/**
 * Row-major strides, in elements.
 *
 * @example
 * ```ts
 * import { contiguousStrides } from "@flambeau/backend";
 *
 * console.log(contiguousStrides([2, 3, 4]));
 * // [ 12, 4, 1 ]
 * ```
 */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= Math.max(shape[i], 1);
  }
  return strides;
}

/**
 * Whether elements lie in row-major order without gaps; strides of dimensions of size one do not matter, nor any strides
 * where there are no elements.
 *
 * @example
 * ```ts
 * import { isContiguous } from "@flambeau/backend";
 *
 * console.log(isContiguous([2, 3], [3, 1]), isContiguous([2, 3], [1, 2]));
 * // true false
 * ```
 */
export function isContiguous(shape: Shape, strides: Shape): boolean {
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i];
    if (size === 0) return true;
    if (size !== 1 && strides[i] !== step) return shape.includes(0);
    step *= size;
  }
  return true;
}

/**
 * Whether two shapes have the same sizes.
 *
 * @example
 * ```ts
 * import { sameShape } from "@flambeau/backend";
 *
 * console.log(sameShape([2, 3], [2, 3]), sameShape([2, 3], [6]));
 * // true false
 * ```
 */
export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * The text of a shape in messages: `[2, 3]`.
 *
 * @example
 * ```ts
 * import { formatShape } from "@flambeau/backend";
 *
 * console.log(formatShape([2, 3]));
 * // [2, 3]
 * ```
 */
export function formatShape(shape: Shape): string {
  return quote(shape);
}

/**
 * The shape two shapes broadcast to: aligned at the end, sizes equal or one.
 * Source: NumPy, "Broadcasting".
 *
 * @throws ShapeError when they do not fit, naming the dimension.
 *
 * @example
 * ```ts
 * import { broadcastShapes } from "@flambeau/backend";
 *
 * console.log(broadcastShapes([2, 1, 4], [3, 1]));
 * // [ 2, 3, 4 ]
 * ```
 */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  if (sameShape(a, b) || b.length === 0) return a;
  if (a.length === 0) return b;
  const ndim = Math.max(a.length, b.length);
  const out = new Array<number>(ndim);
  for (let i = 1; i <= ndim; i++) {
    const x = i <= a.length ? a[a.length - i] : 1;
    const y = i <= b.length ? b[b.length - i] : 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError(
        `shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast: sizes ${x} and ${y} at dimension ${ndim - i} (counted from the end: -${i}) differ and neither is 1`,
      );
    }
    out[ndim - i] = x === 1 ? y : x;
  }
  return out;
}

/**
 * Strides that read a tensor as if it had a larger, broadcast shape: zero along the stretched dimensions.
 *
 * @example
 * ```ts
 * import { broadcastStrides } from "@flambeau/backend";
 *
 * // A row of three, read as two equal rows.
 * console.log(broadcastStrides([3], [1], [2, 3]));
 * // [ 0, 1 ]
 * ```
 */
export function broadcastStrides(shape: Shape, strides: Shape, to: Shape): number[] {
  const lead = to.length - shape.length;
  const out = new Array<number>(to.length).fill(0);
  for (let i = 0; i < shape.length; i++)
    out[lead + i] = shape[i] === 1 && to[lead + i] !== 1 ? 0 : strides[i];
  return out;
}

/**
 * A dimension counted from the front; negative ones count from the end. A scalar takes 0 and -1.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { normalizeDim } from "@flambeau/backend";
 *
 * console.log(normalizeDim(-1, 3));
 * // 2
 * ```
 */
export function normalizeDim(dim: number, ndim: number): number {
  const range = Math.max(ndim, 1);
  if (!Number.isInteger(dim) || dim < -range || dim >= range) {
    throw new IndexError(
      `dimension ${quote(dim)} is out of range for a tensor of ${ndim} dimension${ndim === 1 ? "" : "s"} (expected ${-range} to ${range - 1})`,
    );
  }
  return dim < 0 ? dim + range : dim;
}

/**
 * Several dimensions, each counted from the front and none twice; `undefined` and `[]` mean all of them.
 *
 * @throws IndexError when one is out of range; ShapeError when one is named twice.
 *
 * @example
 * ```ts
 * import { normalizeDims } from "@flambeau/backend";
 *
 * console.log(normalizeDims([0, -1], 3), normalizeDims(undefined, 3));
 * // [ 0, 2 ] [ 0, 1, 2 ]
 * ```
 */
export function normalizeDims(dims: number | readonly number[] | undefined, ndim: number): number[] {
  if (typeof dims === "number") {
    const dim = normalizeDim(dims, ndim);
    return ndim === 0 ? [] : [dim];
  }
  if (dims === undefined || dims.length === 0) return Array.from({ length: ndim }, (_, i) => i);
  if (!Array.isArray(dims)) {
    throw new IndexError(
      `dimensions are a number or an array of numbers, before any options; got ${quote(dims)}`,
    );
  }
  const out = dims.map((d) => normalizeDim(d, ndim));
  if (new Set(out).size !== out.length)
    throw new ShapeError(`dimensions ${formatShape(dims)} name one dimension twice`);
  return ndim === 0 ? [] : out;
}

/** As many dimensions as NumPy's arrays and PyTorch's loops have. */
const MOST_DIMENSIONS = 64;

/**
 * Refuses more dimensions than a tensor has.
 *
 * @throws ShapeError
 *
 * @internal
 */
export function checkNdim(count: number): void {
  if (count > MOST_DIMENSIONS)
    throw new ShapeError(`a tensor has at most ${MOST_DIMENSIONS} dimensions; got ${count}`);
}

/**
 * Sizes given by a user, checked.
 *
 * @throws ShapeError when one is negative or no integer.
 *
 * @internal
 */
export function checkSizes(sizes: readonly number[]): readonly number[] {
  if (!Array.isArray(sizes))
    throw new ShapeError(`a shape is an array of sizes, as in [2, 3]; got ${quote(sizes)}`);
  for (const size of sizes) {
    if (!Number.isInteger(size) || size < 0) {
      throw new ShapeError(`sizes are integers from 0; got ${quote(sizes)}`);
    }
  }
  return sizes;
}

/**
 * A shape given by a user, checked.
 *
 * @throws ShapeError when a size is negative or no integer, or there are more than 64.
 *
 * @internal
 */
export function checkShape(shape: Shape): Shape {
  checkSizes(shape);
  checkNdim(shape.length);
  return shape;
}
