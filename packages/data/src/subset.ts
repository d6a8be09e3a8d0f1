import { type Args, bind } from "@flambeau/tensor";
import type { Collated } from "./collate.ts";
import { Dataset, type DatasetLike, resolveIndex, toDataset } from "./dataset.ts";

const SIGNATURE = "Subset(dataset, indices: ints)";

interface Types<T> {
  /** The data set that it is a part of. */
  readonly dataset: DatasetLike<T>;
}

/**
 * The items of a data set at some indices, in their order.
 *
 * @example
 * ```ts
 * import { data, tensor } from "flambeau";
 *
 * const dataset = new data.TensorDataset(tensor([10, 20, 30]));
 * const subset = new data.Subset(dataset, [2, 0]);
 * console.log(subset.length, subset.get(0));
 * // 2 [ tensor(30.) ]
 * ```
 */
export class Subset<T> extends Dataset<T> {
  /** The data set that it is a part of. */
  readonly dataset: Dataset<T>;
  /** Which of its items, in this order. */
  readonly indices: readonly number[];

  /** @throws ArgumentError when the first is no data set by number. */
  constructor(...args: Args<typeof SIGNATURE, Types<T>>) {
    super();
    const { dataset, indices } = bind<typeof SIGNATURE, Types<T>>(SIGNATURE, args);
    this.dataset = toDataset("Subset: dataset", dataset);
    this.indices = indices;
  }

  override get length(): number {
    return this.indices.length;
  }

  override get(index: number): T {
    return this.dataset.get(this.indices[resolveIndex(index, this.indices.length)]);
  }

  override getBatch(indices: readonly number[]): Collated<Awaited<T>> | Promise<Collated<Awaited<T>>> {
    return this.dataset.getBatch(
      indices.map((index) => this.indices[resolveIndex(index, this.indices.length)]),
    );
  }
}
