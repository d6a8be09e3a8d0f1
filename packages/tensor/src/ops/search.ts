/**
 * Values looked up among others, and numbers put in their place.
 *
 * @module
 */
import { DTypeError, formatShape, ShapeError, sameShape, ValueError } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { named } from "../recorder.ts";
import { type Operand, Tensor } from "../tensor.ts";
import { rsub } from "./arithmetic.ts";
import { eq, ge, gt, isnan, logicalNot } from "./compare.ts";
import { gather } from "./gather.ts";
import { any, sum } from "./reduce.ts";
import { where } from "./where.ts";

const ISIN = "isin(elements: operand, testElements: operand, *, assumeUnique = false, invert = false)";

/**
 * Whether each element is among the test elements. One of the two may be a number.
 *
 * @param testElements - what is looked for.
 * @param assumeUnique - whether neither has an element twice; the result is the same.
 * @param invert - whether elements are not among them.
 * @throws DTypeError when both are numbers.
 *
 * @example
 * ```ts
 * import { isin, tensor } from "@flambeau/tensor";
 *
 * console.log(String(isin(tensor([1, 2, 3]), tensor([3, 1]))));
 * // tensor([ True, False,  True])
 * console.log(String(isin(tensor([1, 2, 3]), 2, { invert: true })));
 * // tensor([ True, False,  True])
 * ```
 */
export const isin: Callable<typeof ISIN, Tensor> = callable(ISIN, (x, among, { invert }) => {
  const found = isFound(x, among);
  return invert ? logicalNot(found) : found;
});

function isFound(x: Operand, among: Operand): Tensor {
  if (!(x instanceof Tensor)) {
    if (!(among instanceof Tensor))
      throw new DTypeError("isin takes at least one tensor; got only plain numbers");
    return any(eq(among.detach(), x)).bool();
  }
  if (!(among instanceof Tensor)) return eq(x.detach(), among);
  return any(eq(x.detach().unsqueeze(-1), among.detach().ravel()), -1).bool();
}

/** Whether equal elements lie before the position: `side` says the same as `right`, in NumPy's words. */
function toTheRight(right: boolean | undefined, side: "left" | "right" | undefined): boolean {
  if (side === "left" && right === true)
    throw new ValueError('searchsorted: side "left" contradicts right: true');
  return side === undefined ? (right ?? false) : side === "right";
}

const SEARCHSORTED =
  "searchsorted(sortedSequence: tensor, input: operand, *, outInt32 = false, right = false, side?: 'left'|'right', sorter?: tensor)";

/**
 * Where each value would be put in a sorted list, which is a vector or the last dimension of a tensor whose other sizes
 * are those of the values: int64. A list that is not sorted comes with `sorter`, the places of its elements in order, as `argsort` gives them.
 *
 * @param sorter - integers, of the list's shape.
 * @throws ShapeError when leading sizes differ, or the sorter's shape is not the list's; DTypeError when the sorter has no integers; ValueError when
 *   `side` is neither or contradicts `right`.
 *
 * @example
 * ```ts
 * import { searchsorted, tensor } from "@flambeau/tensor";
 *
 * const sorted = tensor([1, 3, 5]);
 * console.log(String(searchsorted(sorted, tensor([0, 3, 6]))));
 * // tensor([0, 1, 3])
 * console.log(String(searchsorted(sorted, tensor([0, 3, 6]), { right: true })));
 * // tensor([0, 2, 3])
 * ```
 */
export const searchsorted: Callable<typeof SEARCHSORTED, Tensor> = callable(
  SEARCHSORTED,
  (sorted, values, options) => {
    const { sorter } = options;
    if (sorter != null && !sameShape(sorter.shape, sorted.shape))
      throw new ShapeError(
        `searchsorted: a sorter of shape ${formatShape(sorter.shape)} does not go with lists of ${formatShape(sorted.shape)}`,
      );
    const list = sorter == null ? sorted.detach() : gather(sorted.detach(), -1, sorter);
    // What is not before it: nan, which is before nothing, goes behind everything.
    const behind = toTheRight(options.right, options.side) ? gt : ge;
    const dtype = options.outInt32 ? "int32" : "int64";
    const count = (of: Tensor): Tensor => rsub(sum(of, -1), list.shape[list.ndim - 1]).to(dtype);
    if (!(values instanceof Tensor)) return count(behind(list, values));
    const lead = `${list.shape.slice(0, -1)}`;
    if (list.ndim !== 1 && (list.ndim !== values.ndim || lead !== `${values.shape.slice(0, -1)}`)) {
      throw new ShapeError(
        `searchsorted: lists of shape ${formatShape(sorted.shape)} do not go with values of ${formatShape(values.shape)}`,
      );
    }
    return count(behind(list.unsqueeze(-2), values.detach().unsqueeze(-1))).reshape(values.shape);
  },
);

const BUCKETIZE = "bucketize(input: operand, boundaries: tensor, *, outInt32 = false, right = false)";

/**
 * The number of the interval between sorted boundaries in which each element lies: `searchsorted` the other way round.
 *
 * @throws ShapeError when the boundaries are no vector.
 *
 * @example
 * ```ts
 * import { bucketize, tensor } from "@flambeau/tensor";
 *
 * console.log(String(bucketize(tensor([[1, 9], [4, 5]]), tensor([3, 5]))));
 * // tensor([[0, 2],
 * //         [1, 1]])
 * ```
 */
export const bucketize: Callable<typeof BUCKETIZE, Tensor> = callable(BUCKETIZE, (x, boundaries, options) => {
  if (boundaries.ndim !== 1)
    throw new ShapeError(
      `bucketize takes boundaries as a vector; got shape ${formatShape(boundaries.shape)}`,
    );
  return searchsorted(boundaries, x, options);
});

const LARGEST: Readonly<Record<string, number>> = {
  float16: 65504,
  bfloat16: (2 - 2 ** -7) * 2 ** 127,
  float32: 3.4028234663852886e38,
  float64: Number.MAX_VALUE,
};

const NAN_TO_NUM = "nanToNum(input, nan: number = 0, posinf?: number, neginf?: number)";

/**
 * The tensor with numbers in place of nan and infinities; integers as they are.
 *
 * @example
 * ```ts
 * import { nanToNum, tensor } from "@flambeau/tensor";
 *
 * console.log(String(nanToNum(tensor([Number.NaN, 2, Infinity]), { posinf: 9 })));
 * // tensor([0., 2., 9.])
 * ```
 */
export const nanToNum: Callable<typeof NAN_TO_NUM, Tensor> = callable(
  NAN_TO_NUM,
  (x, nan, posinf, neginf) => {
    const largest = LARGEST[x.dtype];
    if (largest === undefined) return x.clone();
    const given = x.detach();
    const finite = where(
      eq(given, Infinity),
      posinf ?? largest,
      where(eq(given, -Infinity), neginf ?? -largest, x),
    );
    return named(where(isnan(given), nan, finite), "NanToNum");
  },
);
