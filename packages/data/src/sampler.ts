import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";

/** What has a number of items: a data set, an array. */
export interface Sized {
  /** How many items there are. */
  readonly length: number;
}

/**
 * Says in which order items are taken: an iterable of indices (or of batches of them) of a known length. A sampler
 * of one's own extends it with both, and is given to a DataLoader.
 *
 * @example
 * ```ts
 * import { data, tensor } from "flambeau";
 *
 * class EverySecond extends data.Sampler {
 *   override readonly length = 3;
 *   override *[Symbol.iterator](): Generator<number> {
 *     for (let i = 0; i < this.length; i++) yield 2 * i;
 *   }
 * }
 *
 * const dataset = new data.TensorDataset(tensor([10, 20, 30, 40, 50, 60]));
 * const loader = new data.DataLoader(dataset, { sampler: new EverySecond(), batchSize: 2 });
 * for (const [batch] of loader) console.log(String(batch));
 * // tensor([10., 30.])
 * // tensor([50.])
 * ```
 */
export abstract class Sampler<I = number> implements Iterable<I> {
  /** How many indices (or batches) there are. */
  abstract readonly length: number;
  /** The indices (or batches) of a pass, in order. */
  abstract [Symbol.iterator](): Iterator<I>;
}

/**
 * Refuses a count that is no positive integer.
 *
 * @throws ValueError
 */
export function checkCount(what: string, count: unknown): void {
  if (!Number.isInteger(count) || (count as number) < 1) {
    throw new ValueError(`${what} is an integer from 1; got ${quote(count)}`);
  }
}

/**
 * How many items there are.
 *
 * @throws ValueError when the length is none: an epoch would have no batches, without a word.
 */
export function countOf(source: Sized): number {
  const { length } = source;
  if (Number.isInteger(length) && length >= 0) return length;
  const name = source.constructor?.name ?? "source";
  throw new ValueError(`the length of a ${name} is an integer from 0; got ${quote(length)}`);
}

/** A sampler that knows its indices many at a time, which spares whoever collects them a call for each. */
export abstract class PortionSampler extends Sampler {
  /** The indices in order, in portions of any size; each is made when it is asked for. */
  abstract portions(): Iterable<ArrayLike<number> & Iterable<number>>;

  override *[Symbol.iterator](): Generator<number> {
    for (const portion of this.portions()) yield* portion;
  }
}

/** A sampler's portions; one index each where it has none, or where a subclass has another order. */
export function portionsOf(sampler: Iterable<number>): Iterable<ArrayLike<number>> {
  const iterate = PortionSampler.prototype[Symbol.iterator];
  if (sampler instanceof PortionSampler && sampler[Symbol.iterator] === iterate) return sampler.portions();
  return singly(sampler);
}

function* singly(sampler: Iterable<number>): Generator<number[]> {
  for (const index of sampler) yield [index];
}

const SEQUENTIAL_PORTION = 1024;

const SEQUENTIAL = "SequentialSampler(dataSource: sized)";

/**
 * Takes every item in order.
 *
 * @example
 * ```ts
 * import { data, tensor } from "flambeau";
 *
 * const dataset = new data.TensorDataset(tensor([10, 20, 30, 40]));
 * console.log([...new data.SequentialSampler(dataset)]);
 * // [ 0, 1, 2, 3 ]
 * ```
 */
export class SequentialSampler extends PortionSampler {
  /** What is gone through: something with a length. */
  readonly dataSource: Sized;

  constructor(...args: Args<typeof SEQUENTIAL>) {
    super();
    this.dataSource = bind(SEQUENTIAL, args).dataSource;
  }

  /** @throws ValueError when the data set has none. */
  override get length(): number {
    return countOf(this.dataSource);
  }

  override *portions(): Generator<Int32Array> {
    const { length } = this;
    for (let start = 0; start < length; start += SEQUENTIAL_PORTION) {
      const portion = new Int32Array(Math.min(SEQUENTIAL_PORTION, length - start));
      for (let i = 0; i < portion.length; i++) portion[i] = start + i;
      yield portion;
    }
  }
}
