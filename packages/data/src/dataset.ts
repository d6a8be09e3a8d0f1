import { IndexError, markClass, quote, ValueError } from "@flambeau/backend";
import { type Collated, defaultCollate } from "./collate.ts";
import { COPY } from "./copy.ts";
import { collateItems, itemsAt } from "./items.ts";

/**
 * Items that can be asked for by number. A data set of one's own extends it with `length` and `get`; items may be
 * promises (`Dataset<Promise<Item>>`), and a DataLoader is then iterated with `for await`.
 *
 * @example
 * ```ts
 * import { data } from "flambeau";
 *
 * class Squares extends data.Dataset<number> {
 *   override readonly length = 5;
 *   override get(index: number): number {
 *     return index * index;
 *   }
 * }
 *
 * for (const batch of new data.DataLoader(new Squares(), { batchSize: 3 })) console.log(String(batch));
 * // tensor([0., 1., 4.])
 * // tensor([ 9., 16.])
 * ```
 */
export abstract class Dataset<T> {
  /** How many items there are. */
  abstract readonly length: number;

  /** The item at an index from 0 to `length - 1`. */
  abstract get(index: number): T;

  /**
   * The collated batch of the items at `indices`, a promise of it where items are promises. A data set may override it
   * where a batch can be had faster than item by item; the result must be what `defaultCollate` makes of the items.
   */
  getBatch(indices: readonly number[]): Collated<Awaited<T>> | Promise<Collated<Awaited<T>>> {
    return collateItems(
      itemsAt(indices, (index) => this.get(index)),
      defaultCollate<Awaited<T>>,
    );
  }
}

/**
 * Items that come one after the other, for data that cannot be asked for by number: a file, a stream. It extends
 * `[Symbol.iterator]`, or `[Symbol.asyncIterator]` if items have to be waited for. Where it knows how many
 * there are it has a `length`, and so has the DataLoader.
 *
 * @example
 * ```ts
 * import { data } from "flambeau";
 *
 * class Countdown extends data.IterableDataset<number> {
 *   override *[Symbol.iterator](): Generator<number> {
 *     for (let i = 3; i > 0; i--) yield i;
 *   }
 * }
 *
 * for (const batch of new data.DataLoader(new Countdown(), { batchSize: 2 })) console.log(String(batch));
 * // tensor([3., 2.])
 * // tensor([1.])
 * ```
 */
export abstract class IterableDataset<T> implements Iterable<T>, AsyncIterable<T> {
  /**
   * The items, one after the other; to be overridden unless they have to be waited for.
   *
   * @throws ValueError when it is not.
   */
  [Symbol.iterator](): Iterator<T> {
    throw new ValueError(
      `the items of ${this.constructor.name} have to be waited for: iterate with for await`,
    );
  }

  /** The items for `for await`; to be overridden where they have to be waited for. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    for (const item of this as Iterable<T>) yield item;
  }
}

markClass(Dataset.prototype, "Dataset", COPY);
markClass(IterableDataset.prototype, "IterableDataset", COPY);

/** What stands for a data set: one, or an array of its items. */
export type DatasetLike<T> = Dataset<T> | readonly T[];

class ArrayDataset<T> extends Dataset<T> {
  readonly #items: readonly T[];

  constructor(items: readonly T[]) {
    super();
    this.#items = items;
  }

  override get length(): number {
    return this.#items.length;
  }

  override get(index: number): T {
    return this.#items[resolveIndex(index, this.#items.length)];
  }
}

/**
 * The data set itself, or one of an array's items.
 *
 * @throws ValueError when it is neither.
 */
export function toDataset<T>(data: DatasetLike<T>): Dataset<T> {
  if (data instanceof Dataset) return data;
  if (Array.isArray(data)) return new ArrayDataset<T>(data);
  throw new ValueError(`expected a Dataset, which has items by number, or an array; got ${quote(data)}`);
}

/**
 * An index counted from the front; negative ones count from the end.
 *
 * @throws IndexError when there is no such item.
 */
export function resolveIndex(index: number, length: number): number {
  if (!Number.isInteger(index) || index < -length || index >= length) {
    throw new IndexError(`item ${quote(index)} is out of range for a data set of ${length} items`);
  }
  return index < 0 ? index + length : index;
}
