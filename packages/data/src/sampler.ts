import { ValueError } from "@flambeau/backend";

/** Says in which order items are taken: an iterable of indices (or of batches of them) of a known length. */
export abstract class Sampler<I = number> implements Iterable<I> {
  /** How many indices (or batches) there are. */
  abstract readonly length: number;
  abstract [Symbol.iterator](): Iterator<I>;
}

/**
 * Refuses a count that is no positive integer.
 *
 * @throws ValueError
 */
export function checkCount(what: string, count: unknown): void {
  if (!Number.isInteger(count) || (count as number) < 1) {
    throw new ValueError(`${what} is an integer from 1; got ${String(count)}`);
  }
}

/** Takes every item in order. */
export class SequentialSampler extends Sampler {
  readonly dataSource: { readonly length: number };

  constructor(dataSource: { readonly length: number }) {
    super();
    this.dataSource = dataSource;
  }

  override get length(): number {
    return this.dataSource.length;
  }

  override *[Symbol.iterator](): Generator<number> {
    const { length } = this;
    for (let i = 0; i < length; i++) yield i;
  }
}
