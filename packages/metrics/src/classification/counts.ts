import type { Class, Column } from "../input/classes.ts";
import { sum } from "../input/sums.ts";

/** What is counted of each class. */
export interface Counts {
  /** Samples of the class that were predicted to be of it. */
  readonly right: Float64Array;
  readonly predicted: Float64Array;
  readonly actual: Float64Array;
}

/** Counts of every class of a list; samples count their weights. */
export function countsOf(
  labels: readonly Class[],
  [truth, prediction]: readonly [Column, Column],
  weights: Float64Array | null,
): Counts {
  const places = new Map<Class, number>();
  for (const value of labels) if (!places.has(value)) places.set(value, places.size);
  const tally = (include: (sample: number) => boolean, of: Column): Float64Array => {
    const counts = new Float64Array(places.size);
    of.values.forEach((value, sample) => {
      const place = places.get(value);
      if (place !== undefined && include(sample)) counts[place] += weights === null ? 1 : weights[sample];
    });
    // A class that is listed twice has its counts twice.
    return Float64Array.from(labels, (label) => counts[places.get(label) as number]);
  };
  const always = (): boolean => true;
  return {
    right: tally((sample) => prediction.values[sample] === truth.values[sample], truth),
    predicted: tally(always, prediction),
    actual: tally(always, truth),
  };
}

/** The counts of all classes together. */
export function together({ right, predicted, actual }: Counts): Counts {
  return {
    right: Float64Array.of(sum(right)),
    predicted: Float64Array.of(sum(predicted)),
    actual: Float64Array.of(sum(actual)),
  };
}
