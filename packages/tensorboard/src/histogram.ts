import { ValueError } from "@flambeau/backend";

/** Counts of values, each with the right limit of its bucket. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}

let limits: readonly number[] | null = null;

/** The limits of torch.utils.tensorboard's "tensorflow": each 1.1 times the one before, on both sides of 0. */
function defaultLimits(): readonly number[] {
  if (limits !== null) return limits;
  const above: number[] = [];
  for (let v = 1e-12; v < 1e20; v *= 1.1) above.push(v);
  limits = [...above.map((v) => -v).reverse(), 0, ...above];
  return limits;
}

/**
 * The histogram from an empty bucket before the first value to the bucket of the last one.
 * Source: make_histogram of torch/utils/tensorboard/summary.py.
 *
 * @throws ValueError when there are no values, one is not finite, or none is within the limits.
 */
export function makeHistogram(values: Float64Array): Histogram {
  const edges = defaultLimits();
  if (values.length === 0) throw new ValueError("addHistogram: there are no values");
  const counts = new Array<number>(edges.length - 1).fill(0);
  let [min, max, sum, sumSquares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) throw new ValueError(`addHistogram: values are finite; one is ${value}`);
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    sumSquares += value * value;
    const at = bucketOf(value, edges);
    if (at >= 0) counts[at]++;
  }
  const start = counts.findIndex((count) => count > 0);
  if (start < 0) throw new ValueError("addHistogram: no value is within the bins");
  const end = counts.findLastIndex((count) => count > 0) + 1;
  const kept = start > 0 ? counts.slice(start - 1, end) : [0, ...counts.slice(0, end)];
  return { min, max, num: values.length, sum, sumSquares, limits: edges.slice(start, end + 1), counts: kept };
}

/** The bucket from a limit to below the next one, -1 for none; the last has its right limit, too. */
function bucketOf(value: number, edges: readonly number[]): number {
  const last = edges.length - 1;
  if (value < edges[0] || value > edges[last]) return -1;
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (edges[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}
