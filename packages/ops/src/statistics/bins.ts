/** Counts of points in boxes, on the host. */
import { ValueError } from "@flambeau/backend";

/** What a number is rounded to: that of the tensor's dtype, which decides about points on an edge. */
export type Rounding = (x: number) => number;

/** One dimension of the boxes. */
export interface Axis {
  /** The edges of the intervals, ascending. */
  readonly edges: ArrayLike<number>;
  /** Whether they are at equal distances, so that an interval is computed; else it is looked for. */
  readonly isEven: boolean;
  /** Whether a computed interval is compared with its edges. */
  readonly isExact: boolean;
}

/** The smallest and the largest of every `step`-th number from `start` on; 0 and 1 where there is none. */
export function extent(points: ArrayLike<number>, start: number, step: number): [low: number, high: number] {
  if (points.length === 0) return [0, 1];
  let [low, high] = [points[start], points[start]];
  for (let i = start; i < points.length; i += step) {
    // nan goes through.
    low = Math.min(low, points[i]);
    high = Math.max(high, points[i]);
  }
  return [low, high];
}

/** @throws ValueError when an extent has no size: an end is infinite or nan, or they are in the wrong order. */
export function checkExtent(what: string, low: number, high: number): void {
  if (!Number.isFinite(low) || !Number.isFinite(high))
    throw new ValueError(`${what}: the range from ${low} to ${high} is not finite`);
  if (low > high) throw new ValueError(`${what}: the range from ${low} to ${high} ends before it begins`);
}

/** The interval of a number, -1 outside of all. The last one has its end. */
export function intervalOf(x: number, { edges, isEven, isExact }: Axis, round: Rounding): number {
  const last = edges.length - 1;
  const [low, high] = [edges[0], edges[last]];
  if (!(x >= low && x <= high)) return -1;
  let from = 0;
  let to = last + 1;
  if (isEven) {
    const at = Math.trunc(round(round(round(x - low) * last) / round(high - low)));
    if (!isExact) return Math.min(at, last - 1);
    from = Math.max(0, at - 1);
    to = Math.min(at + 2, last + 1);
  }
  // The first edge above.
  while (from < to) {
    const middle = (from + to) >> 1;
    if (edges[middle] <= x) from = middle + 1;
    else to = middle;
  }
  return Math.min(from, last) - 1;
}
