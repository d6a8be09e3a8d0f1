import { quote, ValueError } from "@flambeau/backend";
import { Mt19937 } from "@flambeau/tensor";

const WORD = 2 ** 32;

/** What a stream starts from: an integer or several in [0, 2^32), or nothing for an unpredictable start. */
export type Seed = number | ArrayLike<number> | null;

/**
 * The numbers that every distribution of NumPy's `RandomState` is made of.
 *
 * Source: NumPy 1.24, `numpy/random/_mt19937.pyx` (`_legacy_seeding`) and `src/legacy/legacy-distributions.c`.
 */
export class Stream {
  private readonly engine: Mt19937 = new Mt19937();
  /** The second normal sample of a pair, kept for the next call. */
  private nextGauss: number | null = null;

  /** Starts anew. On a bad seed, throws a ValueError and goes on as it was. */
  seed(seed: Seed): void {
    if (typeof seed === "number") {
      this.engine.seed(checkWord(seed));
    } else {
      const words = seed === null ? unpredictable() : Array.from(seed, checkWord);
      if (words.length === 0) throw new ValueError("a seed must not be empty");
      this.engine.seedByArray(words);
    }
    this.nextGauss = null;
  }

  /** An integer in [0, 2^32). */
  word(): number {
    return this.engine.next();
  }

  /** A multiple of 2^-53 in [0, 1). */
  double(): number {
    const high = this.engine.next() >>> 5;
    return (high * 2 ** 26 + (this.engine.next() >>> 6)) * 2 ** -53;
  }

  /** A standard normal sample, by Marsaglia's polar method. */
  gauss(): number {
    const waiting = this.nextGauss;
    if (waiting !== null) {
      this.nextGauss = null;
      return waiting;
    }
    for (;;) {
      const x1 = 2 * this.double() - 1;
      const x2 = 2 * this.double() - 1;
      const r2 = x1 * x1 + x2 * x2;
      if (r2 >= 1 || r2 === 0) continue;
      const f = Math.sqrt((-2 * Math.log(r2)) / r2);
      this.nextGauss = f * x1;
      return f * x2;
    }
  }

  /** An integer in [0, max], `max` at most 2^32 - 1: words are masked to its length until one does not exceed it. */
  interval(max: number): number {
    if (max === 0) return 0;
    const mask = (WORD - 1) >>> Math.clz32(max);
    for (;;) {
      const value = (this.engine.next() & mask) >>> 0;
      if (value <= max) return value;
    }
  }

  /** The same for a `max` of up to 64 bits; from 33 bits on it takes two words, the high one first. */
  bigInterval(max: bigint): bigint {
    if (max < BigInt(WORD)) return BigInt(this.interval(Number(max)));
    const bits = max.toString(2).length;
    for (;;) {
      const high = BigInt(this.engine.next());
      const value = BigInt.asUintN(bits, (high << 32n) | BigInt(this.engine.next()));
      if (value <= max) return value;
    }
  }
}

function checkWord(seed: number): number {
  if (Number.isInteger(seed) && seed >= 0 && seed < WORD) return seed;
  throw new ValueError(`a seed must be an integer in [0, 2^32), but got ${quote(seed)}`);
}

function unpredictable(): number[] {
  return Array.from({ length: 8 }, () => Math.floor(Math.random() * WORD));
}
