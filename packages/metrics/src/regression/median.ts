import { sum } from "../input/sums.ts";

/** The median; with weights the smallest value that at most half of the weight lies below. */
export function median(values: Float64Array, weights: Float64Array | null): number {
  if (weights !== null) return weightedMedian(values, weights);
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function weightedMedian(values: Float64Array, weights: Float64Array): number {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  // The running sum ends with the same total as this one, in the same order.
  const half = sum(order.map((i) => weights[i])) / 2;
  let total = 0;
  // Where all weights are 0, the last value.
  const found = order.find((i) => {
    total += weights[i];
    return half === 0 ? total > 0 : total >= half;
  });
  return values[found ?? order[order.length - 1]];
}
