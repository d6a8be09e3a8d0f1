/** Words of state. */
export const STATE_LENGTH = 624;
const SHIFT = 397;
const MATRIX = 0x9908b0df;
const UPPER = 0x80000000;
const LOWER = 0x7fffffff;

/**
 * The Mersenne Twister MT19937: 32-bit words with a period of 2^19937 - 1. PyTorch's CPU generator and NumPy's
 * `RandomState` both draw from it, and differ in how they seed it and what they make of the words.
 *
 * Source: M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), with the seeding of 2002.
 *
 * @example
 * ```ts
 * import { Mt19937 } from "@flambeau/tensor";
 *
 * const engine = new Mt19937(5489);
 * console.log(engine.next());
 * // 3499211612
 * ```
 */
export class Mt19937 {
  readonly #words: Uint32Array = new Uint32Array(STATE_LENGTH);
  /** A seed that the words have yet to be made from: a generator that is seeded anew before it draws makes them once. */
  #seed: number | null = null;
  /** Draws left before the state is renewed, counting the one that renews it. */
  left: number = 1;
  /** The word that the next draw reads. */
  position: number = 0;

  /** @param seed its low 32 bits count. */
  constructor(seed: number = 5489) {
    this.seed(seed);
  }

  /** The words that the next ones are made of, and of which the stream is at `position`. */
  get state(): Uint32Array {
    const words = this.#words;
    if (this.#seed === null) return words;
    let word = this.#seed | 0;
    words[0] = word;
    for (let i = 1; i < STATE_LENGTH; i++) {
      word = (Math.imul(1812433253, word ^ (word >>> 30)) + i) | 0;
      words[i] = word;
    }
    this.#seed = null;
    return words;
  }

  /** Starts anew from the low 32 bits of a number. */
  seed(seed: number): void {
    this.#seed = seed;
    this.left = 1;
    this.position = 0;
  }

  /** Starts anew from one or more 32-bit words (`init_by_array` of the reference implementation). */
  seedByArray(key: ArrayLike<number>): void {
    this.seed(19650218);
    const { state } = this;
    let i = 1;
    const advance = (): void => {
      i++;
      if (i < STATE_LENGTH) return;
      state[0] = state[STATE_LENGTH - 1];
      i = 1;
    };
    const scrambled = (factor: number): number => {
      const previous = state[i - 1];
      return state[i] ^ Math.imul(previous ^ (previous >>> 30), factor);
    };
    for (let k = 0; k < Math.max(STATE_LENGTH, key.length); k++) {
      const j = k % key.length;
      state[i] = scrambled(1664525) + key[j] + j;
      advance();
    }
    for (let k = 1; k < STATE_LENGTH; k++) {
      state[i] = scrambled(1566083941) - i;
      advance();
    }
    state[0] = UPPER;
  }

  /** The next word: an integer in [0, 2^32). */
  next(): number {
    if (--this.left === 0) this.renew();
    return tempered(this.#words[this.position++]) >>> 0;
  }

  /** Fills an array with the next words. */
  fill(out: Uint32Array): void {
    const words = this.#words;
    for (let i = 0; i < out.length; ) {
      if (this.left === 1) {
        this.renew();
        this.left++;
      }
      const count = Math.min(out.length - i, this.left - 1);
      const ahead = this.position - i;
      for (const end = i + count; i < end; i++) out[i] = tempered(words[i + ahead]);
      this.left -= count;
      this.position += count;
    }
  }

  /**
   * Draws many words at once: `draw` is given the state and the position of the next word in it, {@link STATE_LENGTH} where the state is
   * used up. It brings the state to that of the last word drawn, and gives the position after it.
   *
   * @internal
   */
  drawMany(draw: (state: Uint32Array, position: number) => number): void {
    const { state } = this;
    this.position = draw(state, this.left === 1 ? STATE_LENGTH : this.position);
    this.left = STATE_LENGTH + 1 - this.position;
  }

  private renew(): void {
    const { state } = this;
    // Partners lie SHIFT words on, around the end.
    for (let i = 0; i < STATE_LENGTH - SHIFT; i++) state[i] = mixed(state[i], state[i + 1], state[i + SHIFT]);
    for (let i = STATE_LENGTH - SHIFT; i < STATE_LENGTH - 1; i++)
      state[i] = mixed(state[i], state[i + 1], state[i + SHIFT - STATE_LENGTH]);
    state[STATE_LENGTH - 1] = mixed(state[STATE_LENGTH - 1], state[0], state[SHIFT - 1]);
    this.left = STATE_LENGTH;
    this.position = 0;
  }
}

/** A word of the renewed state. */
function mixed(word: number, following: number, partner: number): number {
  return partner ^ (((word & UPPER) | (following & LOWER)) >>> 1) ^ (-(following & 1) & MATRIX);
}

/** What is drawn of a word of the state, as a signed integer. */
function tempered(word: number): number {
  let y = word;
  y ^= y >>> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >>> 18);
}
