import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { type DatasetLike, toDataset } from "./dataset.ts";
import { permutation } from "./permutation.ts";
import { countOf } from "./sampler.ts";
import { Subset } from "./subset.ts";

const SIGNATURE = "randomSplit(dataset, lengths: numbers, generator?)";

interface Types<T> {
  /** The data set, or an array of items. */
  readonly dataset: DatasetLike<T>;
}

/**
 * Splits a data set at random into parts of given lengths, or fractions that sum to 1. Items left over by fractions go
 * to the first parts, one each. The split is PyTorch's for the same seed.
 *
 * @throws ValueError when lengths are no counts, do not sum to the data set's length, or a fraction is not within [0, 1].
 *
 * @example
 * ```ts
 * import { data, manualSeed } from "flambeau";
 *
 * manualSeed(0);
 * const [train, test] = data.randomSplit([10, 20, 30, 40, 50], [0.8, 0.2]);
 * console.log(train.indices.join(), test.indices.join());
 * // 4,0,1,3 2
 * ```
 */
export function randomSplit<T>(...args: Args<typeof SIGNATURE, Types<T>>): Subset<T>[] {
  const { dataset, lengths, generator } = bind<typeof SIGNATURE, Types<T>>(SIGNATURE, args);
  const whole = toDataset("randomSplit: dataset", dataset);
  const total = countOf(whole);
  const counts = countsOf(lengths, total);
  const sum = counts.reduce((a, b) => a + b, 0);
  if (!counts.every((count) => Number.isInteger(count) && count >= 0) || sum !== total) {
    throw new ValueError(
      `randomSplit: ${quote(lengths)} are neither fractions that sum to 1 nor lengths that sum to the ${total} items there are`,
    );
  }
  const indices = permutation(total, generator);
  let start = 0;
  return counts.map((count) => {
    const part = Array.from(indices.subarray(start, start + count));
    start += count;
    return new Subset(whole, part);
  });
}

function countsOf(lengths: readonly number[], n: number): readonly number[] {
  const sum = lengths.reduce((a, b) => a + b, 0);
  // As PyTorch tells fractions from lengths: Python's math.isclose, and not above 1.
  if (!(sum <= 1 && 1 - sum <= 1e-9)) return lengths;
  for (const fraction of lengths) {
    if (!(fraction >= 0 && fraction <= 1))
      throw new ValueError(`randomSplit: ${quote(fraction)} is no fraction within [0, 1]`);
  }
  const counts = lengths.map((fraction) => Math.floor(n * fraction));
  const left = n - counts.reduce((a, b) => a + b, 0);
  for (let i = 0; i < left; i++) counts[i % counts.length]++;
  return counts;
}
