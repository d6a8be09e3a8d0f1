import { isThenable, ValueError } from "@flambeau/backend";
import {
  type Args,
  type BoundNames,
  bind,
  defaultGenerator,
  type Generator as RandomGenerator,
  type Requiring,
} from "@flambeau/tensor";
import { BatchSampler, lengthOf } from "./batch-sampler.ts";
import { type Collated, defaultCollate } from "./collate.ts";
import { type Dataset, type DatasetLike, IterableDataset, toDataset } from "./dataset.ts";
import { collateItems, itemsAt, letGo, passItem } from "./items.ts";
import { drawSeed, RandomSampler } from "./random-sampler.ts";
import { checkCount, SequentialSampler } from "./sampler.ts";

/** PyTorch has `numWorkers` next; what follows is given by name. */
const SIGNATURE =
  "DataLoader(dataset, batchSize: int|null = 1, shuffle = false, sampler?: iterable, batchSampler?: iterable, *, collateFn?: function, dropLast = false, generator?)";

/** What every loader takes. */
interface Types<T> {
  /** The data set, or an array of its items. */
  readonly dataset: DatasetLike<T> | IterableDataset<T>;
  /** The order of the items, instead of `shuffle`: indices. */
  readonly sampler: Iterable<number> | null;
}

/** What a loader of batches takes. */
interface Batches<T, B> extends Types<T> {
  /** The batches, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`: arrays of indices. */
  readonly batchSampler: Iterable<readonly number[]> | null;
  /** Makes a batch of items. Default: `defaultCollate`. */
  readonly collateFn: ((items: Awaited<T>[]) => B) | null;
}

/** What a loader takes that gives the items one by one, not put together into batches. */
interface Single<T> extends Types<T> {
  /** No batches. */
  readonly batchSize: null;
  readonly batchSampler: null;
  readonly dropLast: false;
}

interface Items<T, B> extends Single<T> {
  readonly dataset: (DatasetLike<T> | IterableDataset<T>) & Source<B>;
  readonly collateFn: null;
}

interface Made<T, B> extends Single<T> {
  /** Makes of an item what is given out. */
  readonly collateFn: (item: Awaited<T>) => B;
}

/** What its constructor is given, whatever the batches. */
type Given<T, B> = Omit<Batches<T, B>, "collateFn"> & {
  readonly collateFn: ((items: Awaited<T>[]) => B) | ((item: Awaited<T>) => B);
};

/**
 * Batches of a data set, in order or shuffled. Each `for (const batch of loader)` is one pass; `for await` waits for
 * items that are promises. For the same `manualSeed` the order is PyTorch's, as is what the passes draw from the stream.
 *
 * Batches of a `TensorDataset` are `[Tensor, Tensor]` for two tensors, in fresh memory. With `batchSize: null` the items are
 * not put together: they come one by one as the data set has them.
 *
 * Source for the order: PyTorch 1.13, `torch/utils/data/dataloader.py` (a seed is drawn when a pass begins, whether it
 * is needed or not) and `sampler.py`. Other than there, data are always loaded by the caller, in batches.
 *
 * @throws ValueError when a size is no positive integer or options exclude each other.
 *
 * @example
 * ```ts
 * import { data, manualSeed, tensor } from "flambeau";
 *
 * manualSeed(0);
 * const dataset = new data.TensorDataset(tensor([1, 2, 3, 4]), tensor([10, 20, 30, 40]));
 * const loader = new data.DataLoader(dataset, 3, true);
 * console.log(loader.length);
 * // 2
 * for (const [x, y] of loader) console.log(String(x), String(y));
 * // tensor([3., 2., 4.]) tensor([30., 20., 40.])
 * // tensor([1.]) tensor([10.])
 * ```
 */
export class DataLoader<T, B = Collated<Awaited<T>>> implements Iterable<B>, AsyncIterable<B> {
  /** Where the items come from. Of an `IterableDataset` that does not say its length, that is undefined. */
  readonly dataset: Dataset<T> | (IterableDataset<T> & Pick<Dataset<T>, "length">);
  /** How many items a batch has; null where a `batchSampler` says it, or there are no batches. */
  readonly batchSize: number | null;
  /** Whether a last batch of fewer items is left out. */
  readonly dropLast: boolean;
  /** The order of the items; null where batches are sampled, or the data set has an order of its own. */
  readonly sampler: Iterable<number> | null;
  /** What puts indices together into batches; null for an `IterableDataset`, or where there are no batches. */
  readonly batchSampler: Iterable<readonly number[]> | null;
  /** The stream that shuffles; none for the one that `manualSeed` seeds. */
  readonly generator: RandomGenerator | undefined;
  readonly #collate: ((items: Awaited<T>[]) => B) | undefined;
  /** Makes of an item what is given out where there are no batches. */
  readonly #single: (item: Awaited<T>) => B;

  constructor(...args: Args<Requiring<typeof SIGNATURE, "batchSize">, Items<T, B>>);
  constructor(...args: Args<Requiring<Requiring<typeof SIGNATURE, "batchSize">, "collateFn">, Made<T, B>>);
  constructor(...args: Args<typeof SIGNATURE, Batches<T, B>>);
  constructor(...args: unknown[]) {
    const bound = bind<typeof SIGNATURE, Given<T, B>>(SIGNATURE, args);
    const { dataset, batchSize, shuffle, sampler, batchSampler, dropLast, collateFn, generator } = bound;
    if (batchSize !== null) checkCount("DataLoader: batchSize", batchSize);
    checkTogether(dataset instanceof IterableDataset, bound);
    this.dropLast = dropLast;
    this.generator = generator;
    this.#collate = collateFn as ((items: Awaited<T>[]) => B) | undefined;
    this.#single = (collateFn as ((item: Awaited<T>) => B) | undefined) ?? ((item) => item as unknown as B);
    this.batchSize = batchSampler === undefined ? batchSize : null;
    if (dataset instanceof IterableDataset) {
      this.dataset = dataset as IterableDataset<T> & Pick<Dataset<T>, "length">;
      this.sampler = null;
      this.batchSampler = null;
      return;
    }
    const source = toDataset("DataLoader: dataset", dataset);
    this.dataset = source;
    if (batchSampler !== undefined) {
      this.sampler = null;
      this.batchSampler = batchSampler;
      return;
    }
    this.sampler =
      sampler ?? (shuffle ? new RandomSampler(source, { generator }) : new SequentialSampler(source));
    this.batchSampler = batchSize === null ? null : new BatchSampler(this.sampler, batchSize, dropLast);
  }

  /**
   * The number of batches (or single items) in a pass.
   *
   * @throws ValueError when the sampler, or an IterableDataset, does not say its length.
   */
  get length(): number {
    if (this.batchSampler !== null) return lengthOf(this.batchSampler);
    if (this.batchSize === null) return lengthOf(this.sampler ?? this.dataset);
    const batches = lengthOf(this.dataset) / this.batchSize;
    return this.dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  /**
   * The batches of a pass.
   *
   * @throws ValueError when items have to be waited for.
   */
  [Symbol.iterator](): Iterator<B> & Iterable<B> {
    this.#drawBaseSeed();
    if (this.dataset instanceof IterableDataset)
      return this.#stream(this.dataset[Symbol.iterator](), this.dataset);
    return this.#batches(this.dataset);
  }

  /** The batches of a pass, for `for await`: items may be promises, or come from a stream. */
  [Symbol.asyncIterator](): AsyncIterator<B> & AsyncIterable<B> {
    this.#drawBaseSeed();
    if (this.dataset instanceof IterableDataset)
      return this.#streamAsync(this.dataset[Symbol.asyncIterator]());
    return this.#batchesAsync(this.dataset);
  }

  /** PyTorch seeds its workers with it; drawing it keeps the stream in step even where there are none. */
  #drawBaseSeed(): void {
    drawSeed(this.generator ?? defaultGenerator);
  }

  #fetch(dataset: Dataset<T>, indices: readonly number[]): B | Promise<B> {
    const collate = this.#collate;
    if (collate === undefined) return dataset.getBatch(indices) as B | Promise<B>;
    return collateItems(
      itemsAt(indices, (index) => dataset.get(index)),
      collate,
    );
  }

  #collateItems(items: T[]): B | Promise<B> {
    return collateItems(items, this.#collate ?? (defaultCollate as unknown as (items: Awaited<T>[]) => B));
  }

  /** What a pass gives, as promises where items are. */
  *#loads(dataset: Dataset<T>): Generator<B | Promise<B>> {
    if (this.batchSampler !== null)
      for (const indices of this.batchSampler) yield this.#fetch(dataset, indices);
    else
      for (const index of this.sampler as Iterable<number>) yield passItem(dataset.get(index), this.#single);
  }

  *#batches(dataset: Dataset<T>): Generator<B> {
    for (const load of this.#loads(dataset)) yield atOnce(load, dataset);
  }

  async *#batchesAsync(dataset: Dataset<T>): AsyncGenerator<B> {
    for (const load of this.#loads(dataset)) yield await load;
  }

  *#stream(iterator: Iterator<T>, dataset: IterableDataset<T>): Generator<B> {
    // Those that are waiting for their batch to be full.
    const items: T[] = [];
    try {
      for (const item of { [Symbol.iterator]: () => iterator }) {
        if (this.batchSize === null) {
          yield atOnce(passItem(item, this.#single), dataset);
          continue;
        }
        items.push(item);
        if (items.length === this.batchSize) yield atOnce(this.#collateItems(items.splice(0)), dataset);
      }
      if (items.length > 0 && !this.dropLast) yield atOnce(this.#collateItems(items.splice(0)), dataset);
    } finally {
      letGo(items);
    }
  }

  async *#streamAsync(iterator: AsyncIterator<T>): AsyncGenerator<B> {
    // Those that are waiting for their batch to be full.
    const items: T[] = [];
    try {
      for await (const item of { [Symbol.asyncIterator]: () => iterator }) {
        if (this.batchSize === null) {
          yield await passItem(item, this.#single);
          continue;
        }
        items.push(item);
        if (items.length === this.batchSize) yield await this.#collateItems(items.splice(0));
      }
      if (items.length > 0 && !this.dropLast) yield await this.#collateItems(items.splice(0));
    } finally {
      letGo(items);
    }
  }
}

/** A data set whose items are, or are promises of, what a loader gives. */
type Source<B> = DatasetLike<B | Promise<B>> | IterableDataset<B | Promise<B>>;

function atOnce<B>(batch: B | Promise<B>, dataset: object): B {
  if (!isThenable(batch)) return batch;
  // A failure must not surface as an unhandled one besides the error here.
  letGo([batch]);
  throw new ValueError(
    `the items of ${dataset.constructor.name} are promises: iterate the DataLoader with for await`,
  );
}

function checkTogether(
  isIterable: boolean,
  { batchSize, shuffle, sampler, batchSampler, dropLast }: BoundNames<typeof SIGNATURE>,
): void {
  if (batchSize === null && dropLast)
    throw new ValueError(
      "DataLoader: with batchSize null there is no last batch to drop; leave out dropLast",
    );
  if (isIterable && (shuffle || sampler !== undefined || batchSampler !== undefined)) {
    throw new ValueError(
      "DataLoader: an IterableDataset has its own order; leave out shuffle, sampler and batchSampler",
    );
  }
  if (sampler !== undefined && shuffle)
    throw new ValueError("DataLoader: give either sampler or shuffle, not both");
  if (batchSampler !== undefined && (batchSize !== 1 || shuffle || sampler !== undefined || dropLast)) {
    throw new ValueError("DataLoader: with batchSampler leave out batchSize, shuffle, sampler and dropLast");
  }
}
