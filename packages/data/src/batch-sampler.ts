import { ValueError } from "@flambeau/backend";
import { type Args, bind } from "@flambeau/tensor";
import { checkCount, countOf, portionsOf, Sampler, type Sized } from "./sampler.ts";

const SIGNATURE = "BatchSampler(sampler: iterable, batchSize: int, dropLast: bool)";

interface Types {
  /** Where the indices come from. */
  readonly sampler: Iterable<number>;
}

/**
 * Puts the indices of a sampler together into batches.
 *
 * @throws ValueError when `batchSize` is no positive integer.
 *
 * @example
 * ```ts
 * import { data } from "flambeau";
 *
 * console.log(JSON.stringify([...new data.BatchSampler([0, 1, 2, 3, 4], 2, false)]));
 * // [[0,1],[2,3],[4]]
 * ```
 */
export class BatchSampler extends Sampler<number[]> {
  /** Where the indices come from. */
  readonly sampler: Iterable<number>;
  /** How many indices a batch has. */
  readonly batchSize: number;
  /** Whether a last batch of fewer indices is left out. */
  readonly dropLast: boolean;

  constructor(...args: Args<typeof SIGNATURE, Types>) {
    super();
    const { sampler, batchSize, dropLast } = bind<typeof SIGNATURE, Types>(SIGNATURE, args);
    checkCount("BatchSampler: batchSize", batchSize);
    this.sampler = sampler;
    this.batchSize = batchSize;
    this.dropLast = dropLast;
  }

  /** @throws ValueError when the sampler does not know its length. */
  override get length(): number {
    const indices = lengthOf(this.sampler) / this.batchSize;
    return this.dropLast ? Math.floor(indices) : Math.ceil(indices);
  }

  /** The batches of a pass. */
  override *[Symbol.iterator](): Generator<number[]> {
    let batch: number[] = [];
    for (const portion of portionsOf(this.sampler)) {
      for (let i = 0; i < portion.length; i++) {
        batch.push(portion[i]);
        if (batch.length < this.batchSize) continue;
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0 && !this.dropLast) yield batch;
  }
}

/**
 * The length that a sampler or a data set says it has.
 *
 * @throws ValueError when it says none, or one that is no integer from 0.
 */
export function lengthOf(source: object): number {
  const { length } = source as { length?: unknown };
  if (length !== undefined) return countOf(source as Sized);
  throw new ValueError(
    `the length is unknown: a ${source.constructor?.name ?? "source"} without one gives the items`,
  );
}
