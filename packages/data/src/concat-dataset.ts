import { ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { Dataset, type DatasetLike, resolveIndex, toDataset } from "./dataset.ts";
import { countOf } from "./sampler.ts";

const SIGNATURE = "ConcatDataset(datasets: array)";

interface Types<T> {
  /** The data sets, in their order. */
  readonly datasets: readonly DatasetLike<T>[];
}

/**
 * Data sets one after the other.
 *
 * @throws ValueError when there is none, or one is not by number.
 *
 * @example
 * ```ts
 * import { data, tensor } from "flambeau";
 *
 * const first = new data.TensorDataset(tensor([1, 2]));
 * const second = new data.TensorDataset(tensor([3]));
 * const both = new data.ConcatDataset([first, second]);
 * console.log(both.length, both.get(2));
 * // 3 [ tensor(3.) ]
 * ```
 */
export class ConcatDataset<T> extends Dataset<T> {
  /** The data sets, in their order. */
  readonly datasets: readonly Dataset<T>[];

  constructor(...args: Args<typeof SIGNATURE, Types<T>>) {
    super();
    const { datasets } = bind<typeof SIGNATURE, Types<T>>(SIGNATURE, args);
    if (datasets.length === 0) throw new ValueError("a ConcatDataset takes at least one data set");
    this.datasets = datasets.map((dataset, i) => toDataset(`ConcatDataset: datasets[${i}]`, dataset));
  }

  override get length(): number {
    return this.datasets.reduce((sum, dataset) => sum + countOf(dataset), 0);
  }

  override get(index: number): T {
    let rest = resolveIndex(index, this.length);
    for (const dataset of this.datasets) {
      if (rest < dataset.length) return dataset.get(rest);
      rest -= dataset.length;
    }
    // Only a data set that shrinks while it is read gets here.
    throw new ValueError("the length of a data set has changed");
  }
}
