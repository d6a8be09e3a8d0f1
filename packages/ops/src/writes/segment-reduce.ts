/** Reductions of segments of a dimension. */
import { DTypeError, formatShape, isFloat, normalizeDim, ShapeError, ValueError } from "@flambeau/backend";
import {
  type Callable,
  callable,
  clampMin,
  full,
  named,
  onesLike,
  scatterAdd,
  Tensor,
  zerosLike,
} from "@flambeau/tensor";
import { lanesOf, onHost } from "../order/host.ts";
import { checkIndex } from "./checks.ts";
import { reduced } from "./reduced.ts";

const SEGMENT_REDUCE =
  "segmentReduce(data: tensor, reduce: 'sum'|'mean'|'max'|'min'|'prod', *, lengths?: tensor, offsets?: tensor, axis: int = 0, unsafe = false, initial?: number)";

/** What a reduction starts with, and by which name it is scattered. */
const KINDS = {
  sum: [0, "sum"],
  mean: [0, "sum"],
  prod: [1, "prod"],
  max: [Number.NEGATIVE_INFINITY, "amax"],
  min: [Number.POSITIVE_INFINITY, "amin"],
} as const;

/**
 * Reduces segments of a dimension, which follow one another and are given by their lengths, or by where each starts and the last ends.
 * With dimensions before the axis, the segments of each of their elements are given. A segment without elements has `initial`, or
 * what the reduction starts with: 0, 1 for products, -Infinity for max, Infinity for min, and nan for means. A mean is the sum,
 * `initial` included, over the length. The gradient of max and min is shared equally by equal elements.
 *
 * @param data - floats.
 * @param lengths - how many elements each segment has: integers `[..., segments]`.
 * @param offsets - where each segment starts, and the last one ends: integers `[..., segments + 1]`.
 * @param axis - the dimension that has the segments; the last of `lengths` or `offsets`.
 * @param unsafe - whether elements may be in no segment.
 * @param initial - what each segment is reduced with.
 * @throws ValueError when neither or both of `lengths` and `offsets` are given, or they do not describe segments of the dimension (on a
 *   device that cannot be read at once, the next read throws); ShapeError when their dimensions are not those of `data` up to the axis;
 *   DTypeError when `data` are no floats, or they no integers.
 *
 * @example
 * ```ts
 * import { segmentReduce } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const data = tensor([1, 2, 3, 4]);
 * console.log(String(segmentReduce(data, "sum", { lengths: tensor([1n, 3n]) })));
 * // tensor([1., 9.])
 * console.log(String(segmentReduce(data, "max", { offsets: tensor([0n, 2n, 2n, 4n]), initial: 0 })));
 * // tensor([2., 0., 4.])
 * ```
 */
export const segmentReduce: Callable<typeof SEGMENT_REDUCE, Tensor> = callable(
  SEGMENT_REDUCE,
  (data, reduce, { lengths, offsets, axis, unsafe, initial }) => {
    if (!isFloat(data.dtype)) throw new DTypeError(`segmentReduce needs floats; got ${data.dtype}`);
    const given = lengths ?? offsets;
    if (given === undefined || (lengths !== undefined && offsets !== undefined))
      throw new ValueError("segmentReduce takes either lengths or offsets");
    const dim = normalizeDim(axis, data.ndim);
    checkSegments(data, dim, given);
    const edges = lengths === undefined ? 1 : 0;
    const count = given.shape[dim] - edges;
    // Elements of no segment go to one more, which is left out in the end.
    const shape = data.shape.map((size, i) => (i === dim ? count + 1 : size));
    const [start, scattering] = KINDS[reduce];
    const x = full(shape, initial ?? start, { dtype: data.dtype, device: data.device });
    const index = segmentsOf(data, dim, given, edges === 1, unsafe);
    const out = reduced("SegmentReduce", scattering, { x, dim, index, src: data }, "bound");
    const all = reduce === "mean" ? out.div(divisors(x, dim, index, data, initial !== undefined)) : out;
    return named(all.narrow(dim, 0, count), "SegmentReduce");
  },
);

function checkSegments(data: Tensor, dim: number, given: Tensor): void {
  checkIndex("segmentReduce", given);
  const fits = given.ndim === dim + 1 && given.shape.every((size, i) => i === dim || size === data.shape[i]);
  if (fits && data.ndim > 0) return;
  throw new ShapeError(
    `segmentReduce: segments of shape ${formatShape(given.shape)} do not describe dimension ${dim} of data of shape ${formatShape(data.shape)}`,
  );
}

/** How many elements each segment has; of none, 1 where there is something to keep. */
function divisors(x: Tensor, dim: number, index: Tensor, data: Tensor, isKept: boolean): Tensor {
  const counts = scatterAdd(zerosLike(x), dim, index, onesLike(data).detach());
  return isKept ? clampMin(counts, 1) : counts;
}

/** The segment of each element, stretched to the shape of the data; one past the last for those in none. */
function segmentsOf(data: Tensor, dim: number, given: Tensor, isOffsets: boolean, unsafe: boolean): Tensor {
  const shape = data.shape.slice(0, dim + 1);
  const index = Tensor.empty(data.storage.backend, shape, "int64");
  const rows = lanesOf(shape, dim);
  const width = given.shape[dim];
  onHost([given], [index], ([numbers], [places]) => {
    const found = (places as unknown as BigInt64Array).fill(BigInt(isOffsets ? width - 1 : width));
    for (let row = 0; row < rows.count; row++) {
      const bounds = boundsOf(
        Array.from(numbers.subarray(row * width, (row + 1) * width), Number),
        isOffsets,
      );
      checkBounds(bounds, rows.size, unsafe);
      for (let k = 0; k + 1 < bounds.length; k++)
        found.fill(BigInt(k), row * rows.size + bounds[k], row * rows.size + bounds[k + 1]);
    }
  });
  const after = data.shape.slice(dim + 1);
  return index.reshape([...shape, ...after.map(() => 1)]).expand(data.shape);
}

/** Where segments start, and the last one ends. */
function boundsOf(given: readonly number[], isOffsets: boolean): readonly number[] {
  if (isOffsets) return given;
  const bounds = [0];
  for (const length of given) bounds.push(bounds[bounds.length - 1] + length);
  return bounds;
}

function checkBounds(bounds: readonly number[], size: number, unsafe: boolean): void {
  const isSound = bounds.every((bound, k) => bound >= (bounds[k - 1] ?? 0) && bound <= size);
  const isWhole = bounds[0] === 0 && bounds[bounds.length - 1] === size;
  if (isSound && (unsafe || isWhole)) return;
  throw new ValueError(
    `segmentReduce: segments from ${bounds[0]} to ${bounds[bounds.length - 1]} are not those of ${size} elements`,
  );
}
