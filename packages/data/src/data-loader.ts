import { isThenable, ValueError } from "@flambeau/backend";
import { checkGenerator, defaultGenerator, type Generator as RandomGenerator } from "@flambeau/tensor";
import { BatchSampler, lengthOf } from "./batch-sampler.ts";
import { type Collated, defaultCollate } from "./collate.ts";
import { type Dataset, type DatasetLike, IterableDataset, toDataset } from "./dataset.ts";
import { collateItems, itemsAt, letGo, passItem } from "./items.ts";
import { drawSeed, RandomSampler } from "./random-sampler.ts";
import { checkCount, SequentialSampler } from "./sampler.ts";

/** Options of {@link DataLoader}. */
export interface DataLoaderOptions<T, B> {
  /** Items in a batch. Default 1. */
  readonly batchSize?: number;
  /** Take the items in a new random order at each pass. Default false. */
  readonly shuffle?: boolean;
  /** The order of the items, instead of `shuffle`: indices. */
  readonly sampler?: Iterable<number>;
  /** The batches, instead of `batchSize`, `shuffle`, `sampler` and `dropLast`: arrays of indices. */
  readonly batchSampler?: Iterable<readonly number[]>;
  /** Leave out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
  /** Makes a batch of items. Default: `defaultCollate`. */
  readonly collate?: (items: Awaited<T>[]) => B;
  /** The stream to shuffle with. Default: one that is seeded at each pass from the stream that `manualSeed` seeds. */
  readonly generator?: RandomGenerator;
}

/** Options of a {@link DataLoader} that gives the items one by one, not put together into batches. */
export interface ItemLoaderOptions<T, B> {
  /** No batches. */
  readonly batchSize: null;
  /** Take the items in a new random order at each pass. Default false. */
  readonly shuffle?: boolean;
  /** The order of the items, instead of `shuffle`: indices. */
  readonly sampler?: Iterable<number>;
  /** Makes of an item what is given out. Default: the item itself. */
  readonly collate?: (item: Awaited<T>) => B;
  /** The stream to shuffle with, as for batches. */
  readonly generator?: RandomGenerator;
}

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
 * const loader = new data.DataLoader(dataset, { batchSize: 3, shuffle: true });
 * console.log(loader.length);
 * // 2
 * for (const [x, y] of loader) console.log(String(x), String(y));
 * // tensor([3., 2., 4.]) tensor([30., 20., 40.])
 * // tensor([1.]) tensor([10.])
 * ```
 */
export class DataLoader<T, B = Collated<Awaited<T>>> implements Iterable<B>, AsyncIterable<B> {
  /** Where the items come from. */
  readonly dataset: Dataset<T> | IterableDataset<T>;
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

  constructor(
    dataset: (DatasetLike<T> | IterableDataset<T>) & Source<B>,
    options: Omit<ItemLoaderOptions<T, B>, "collate"> & { readonly collate?: undefined },
  );
  constructor(dataset: DatasetLike<T> | IterableDataset<T>, options: ItemLoaderOptions<T, B>);
  constructor(dataset: DatasetLike<T> | IterableDataset<T>, options?: DataLoaderOptions<T, B>);
  constructor(
    dataset: DatasetLike<T> | IterableDataset<T>,
    options: DataLoaderOptions<T, B> | ItemLoaderOptions<T, B> = {},
  ) {
    const { shuffle = false, sampler, generator } = options;
    const { batchSize = 1, batchSampler, dropLast = false, collate } = options as DataLoaderOptions<T, B>;
    if (batchSize !== null) checkCount("batchSize", batchSize);
    checkTogether(dataset instanceof IterableDataset, options);
    this.dropLast = dropLast;
    this.generator = checkGenerator(generator);
    this.#collate = collate;
    this.#single = (options as ItemLoaderOptions<T, B>).collate ?? ((item) => item as unknown as B);
    this.batchSize = batchSampler === undefined ? batchSize : null;
    if (dataset instanceof IterableDataset) {
      this.dataset = dataset;
      this.sampler = null;
      this.batchSampler = null;
      return;
    }
    const source = toDataset(dataset);
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

function checkTogether<T, B>(
  isIterable: boolean,
  options: DataLoaderOptions<T, B> | ItemLoaderOptions<T, B>,
): void {
  const { shuffle = false, sampler } = options;
  const { batchSize = 1, batchSampler, dropLast = false } = options as DataLoaderOptions<T, B>;
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
