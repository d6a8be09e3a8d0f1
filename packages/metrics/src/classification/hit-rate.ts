import { mean, sum } from "../input/sums.ts";

/** The part of the samples that were hit, or how many they are; samples count their weights. */
export function hitRate(hits: readonly boolean[], weights: Float64Array | null, normalize: boolean): number {
  const counts = hits.map(Number);
  if (normalize) return mean(counts, weights);
  return sum(weights === null ? counts : counts.map((hit, i) => hit * weights[i]));
}
