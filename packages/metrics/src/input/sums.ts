/** The sum of numbers. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}

/** The mean, or that with weights. */
export function mean(values: ArrayLike<number>, weights: ArrayLike<number> | null = null): number {
  if (weights === null) return sum(values) / values.length;
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] * weights[i];
  return total / sum(weights);
}
