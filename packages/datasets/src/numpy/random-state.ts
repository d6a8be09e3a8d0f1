import { quote, ValueError } from "@flambeau/backend";
import { type Args, bind, type Requiring } from "@flambeau/tensor";
import { chooseIndices, permuted } from "./choice.ts";
import { drawIntegers, type IntegerArrays, type IntegerDType } from "./randint.ts";
import { count, draws, type Size } from "./size.ts";
import { type Seed, Stream } from "./stream.ts";

/** An array whose elements can be put in another order. */
export type Shuffleable = unknown[] | Uint8Array | Int32Array | BigInt64Array | Float32Array | Float64Array;

const RANDOM_SAMPLE = "RandomState.randomSample(size?: int|ints)";
const STANDARD_NORMAL = "RandomState.standardNormal(size?: int|ints)";
const UNIFORM = "RandomState.uniform(low: number = 0, high: number = 1, size?: int|ints)";
const NORMAL = "RandomState.normal(loc = 0, scale = 1, size?: int|ints)";
const RANDINT = "RandomState.randint(low: number|bigint, high?: number|bigint, size?: int|ints, dtype?)";
const CHOICE = "RandomState.choice(a: int|iterable, size?: int|ints, replace = true, p?: iterable)";

/** An array of samples. */
interface Sized {
  /** How many samples, or their shape. */
  readonly size: Size;
}

/** One sample. */
interface Single {
  /** None: one sample. */
  readonly size: null;
}

interface Bounds {
  /** The smallest integer, or the bound above where there is only one. */
  readonly low: number | bigint;
  /** The integer below which they are drawn. */
  readonly high: number | bigint | null;
}

interface Choice<A> {
  /** An array, or the number of integers from 0. */
  readonly a: A;
  /** Whether an element may be taken more than once. Default: true. */
  readonly replace: boolean;
  /** The probability of each element. Default: all alike. */
  readonly p: ArrayLike<number> | null;
}

/**
 * NumPy's legacy random numbers, `numpy.random.RandomState`, value for value: what scikit-learn's data sets draw from.
 *
 * A method called without a size returns one number; with a size, an array of samples: a shape's samples come flat, row
 * by row. Every method throws a ValueError for a bad size or bounds, having drawn nothing.
 * Source: NumPy 1.24, `numpy/random/mtrand.pyx` and `src/legacy/legacy-distributions.c`.
 *
 * @example
 * ```ts
 * import { RandomState } from "@flambeau/datasets";
 *
 * const random = new RandomState(2020);
 * console.log(random.randn().toFixed(6), random.randint(0, 10), random.permutation(4));
 * // -1.768846 7 [ 2, 3, 1, 0 ]
 * ```
 */
export class RandomState {
  private readonly stream: Stream = new Stream();

  /** @param seed an integer or several in [0, 2^32); without one the start is unpredictable. */
  constructor(seed: Seed = null) {
    this.stream.seed(seed);
  }

  /** Starts anew: `numpy.random.seed`. On a bad seed, throws a ValueError and goes on as it was. */
  seed(seed: Seed = null): void {
    this.stream.seed(seed);
  }

  /** Uniform samples in [0, 1), multiples of 2^-53. */
  randomSample(): number;
  randomSample(...args: Args<"RandomState.randomSample(size: any)", Sized>): Float64Array;
  randomSample(...args: unknown[]): number | Float64Array {
    return this.samples(bind(RANDOM_SAMPLE, args).size, () => this.stream.double());
  }

  /** Uniform samples in [0, 1), the shape given as arguments; one number without any. */
  rand(): number;
  rand(...shape: number[]): Float64Array;
  rand(...shape: number[]): number | Float64Array {
    return this.samples(shape.length === 0 ? undefined : shape, () => this.stream.double());
  }

  /** Standard normal samples. */
  standardNormal(): number;
  standardNormal(...args: Args<"RandomState.standardNormal(size: any)", Sized>): Float64Array;
  standardNormal(...args: unknown[]): number | Float64Array {
    return this.samples(bind(STANDARD_NORMAL, args).size, () => this.stream.gauss());
  }

  /** Standard normal samples, the shape given as arguments; one number without any. */
  randn(): number;
  randn(...shape: number[]): Float64Array;
  randn(...shape: number[]): number | Float64Array {
    return this.samples(shape.length === 0 ? undefined : shape, () => this.stream.gauss());
  }

  /** Uniform samples in [low, high). */
  uniform(...args: Args<Requiring<typeof UNIFORM, "size">, Sized>): Float64Array;
  uniform(...args: Args<typeof UNIFORM, Single>): number;
  uniform(...args: unknown[]): number | Float64Array {
    const { low, high, size } = bind(UNIFORM, args);
    const range = high - low;
    if (!Number.isFinite(range))
      throw new ValueError(`uniform: the range from ${low} to ${high} is not finite`);
    return this.samples(size, () => low + range * this.stream.double());
  }

  /** Normal samples with mean `loc` and standard deviation `scale`. */
  normal(...args: Args<Requiring<typeof NORMAL, "size">, Sized>): Float64Array;
  normal(...args: Args<typeof NORMAL, Single>): number;
  normal(...args: unknown[]): number | Float64Array {
    const { loc, scale, size } = bind(NORMAL, args);
    if (!(scale >= 0)) throw new ValueError(`normal needs scale >= 0, but got ${quote(scale)}`);
    return this.samples(size, () => loc + scale * this.stream.gauss());
  }

  /**
   * Integers in [low, high). As in NumPy, the dtype decides how they are cut from the stream; `bool` draws come as
   * zeros and ones. Without a size, the one integer as a number: bounds have to be safe integers then.
   */
  randint<D extends IntegerDType = "int64">(
    ...args: Args<Requiring<typeof RANDINT, "size">, Bounds & Sized & { readonly dtype: D }>
  ): IntegerArrays[D];
  randint(...args: Args<typeof RANDINT, Bounds & Single & { readonly dtype: IntegerDType }>): number;
  randint(...args: unknown[]): number | IntegerArrays[IntegerDType] {
    const bound = bind<typeof RANDINT, Bounds & { readonly dtype: IntegerDType }>(RANDINT, args);
    const { low, high, size, dtype = "int64" } = bound;
    // One bound is the upper one.
    const [first, end] =
      high === undefined ? [0n, toBigInt("low", low)] : [toBigInt("low", low), toBigInt("high", high)];
    if (size !== undefined) return drawIntegers(this.stream, first, end, size, dtype);
    if (!Number.isSafeInteger(Number(first)) || !Number.isSafeInteger(Number(end))) {
      throw new ValueError(
        `randint: one number in [${first}, ${end}) may not be exact; give a size for an array`,
      );
    }
    return Number(drawIntegers(this.stream, first, end, 1, dtype)[0]);
  }

  /**
   * Puts an array in random order, in place. A flat array of rows is shuffled row by row.
   *
   * @param rowLength how many elements make a row. Default: 1.
   */
  shuffle(array: Shuffleable, rowLength: number = 1): void {
    const rows = array.length / rowLength;
    if (!Number.isInteger(rows)) {
      throw new ValueError(`${array.length} elements are not rows of ${rowLength}`);
    }
    const elements = array as unknown[];
    for (let i = rows - 1; i > 0; i--) {
      const j = this.stream.interval(i);
      for (let k = 0; k < rowLength; k++) {
        const [a, b] = [i * rowLength + k, j * rowLength + k];
        [elements[a], elements[b]] = [elements[b], elements[a]];
      }
    }
  }

  /** The integers below a number, or a copy of an array, in random order. */
  permutation(n: number): number[];
  permutation<A extends Shuffleable>(array: A): A;
  permutation(source: number | Shuffleable): number[] | Shuffleable {
    if (typeof source === "number") return permuted(this.stream, count(source));
    const copy = source.slice() as Shuffleable;
    this.shuffle(copy);
    return copy;
  }

  /** Elements of an array, or integers below a number: one without a size, else an array of so many. */
  choice(...args: Args<Requiring<typeof CHOICE, "size">, Choice<number> & Sized>): number[];
  choice(...args: Args<typeof CHOICE, Choice<number> & Single>): number;
  choice<T>(...args: Args<Requiring<typeof CHOICE, "size">, Choice<ArrayLike<T>> & Sized>): T[];
  choice<T>(...args: Args<typeof CHOICE, Choice<ArrayLike<T>> & Single>): T;
  choice<T>(...args: unknown[]): number | number[] | T | T[] {
    const bound = bind<typeof CHOICE, Choice<number | ArrayLike<T>>>(CHOICE, args);
    const { a: from, size, replace, p } = bound;
    const population = typeof from === "number" ? count(from) : from.length;
    const indices = chooseIndices(this.stream, population, count(size ?? 1), replace, p);
    if (typeof from === "number") return size === undefined ? indices[0] : indices;
    const chosen = indices.map((index) => from[index]);
    return size === undefined ? chosen[0] : chosen;
  }

  private samples(size: Size | undefined, draw: () => number): number | Float64Array {
    return size === undefined ? draw() : draws(size, draw);
  }
}

function toBigInt(name: string, value: number | bigint): bigint {
  if (typeof value === "bigint") return value;
  if (!Number.isInteger(value)) throw new ValueError(`${name} must be an integer, but got ${quote(value)}`);
  return BigInt(value);
}

/**
 * The stream behind NumPy's own functions: `numpyRandom.seed(2020)` and `numpyRandom.randn(500)` draw what
 * `np.random.seed(2020)` and `np.random.randn(500)` draw. It starts from an unpredictable seed.
 *
 * @example
 * ```ts
 * import { numpyRandom } from "@flambeau/datasets";
 *
 * numpyRandom.seed(2020);
 * console.log(numpyRandom.randn(2));
 * // Float64Array(2) [ -1.7688457055759508, 0.07555227120810952 ]
 * ```
 */
export const numpyRandom: RandomState = new RandomState();

/** What data sets take as `randomState`: a seed, a stream to go on from, or nothing for {@link numpyRandom}. */
export type RandomStateLike = number | RandomState | null;

/** The stream that a `randomState` argument means. Source: scikit-learn 1.2, `check_random_state`. */
export function checkRandomState(randomState: RandomStateLike | undefined): RandomState {
  if (randomState === undefined || randomState === null) return numpyRandom;
  return randomState instanceof RandomState ? randomState : new RandomState(randomState);
}
