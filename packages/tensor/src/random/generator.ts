import { markClass, quote, ValueError } from "@flambeau/backend";
import { COPY } from "../copy.ts";
import { Mt19937 } from "./mt19937.ts";
import { decodeState, encodeState } from "./state.ts";

/** The seed of a generator that was given none: PyTorch's own. */
const DEFAULT_SEED = 67280421310721n;

/**
 * A stream of random numbers: PyTorch's CPU generator, word for word. Every random function takes one, and
 * {@link defaultGenerator} stands in where none is given.
 *
 * Source: PyTorch 1.13, `aten/src/ATen/CPUGeneratorImpl.cpp`.
 *
 * @example
 * ```ts
 * import { Generator } from "@flambeau/tensor";
 *
 * const generator = new Generator().manualSeed(42);
 * const state = generator.getState();
 * const first = generator.random32();
 * generator.setState(state);
 * console.log(first === generator.random32(), generator.initialSeed());
 * // true 42n
 * ```
 */
export class Generator {
  private readonly engine: Mt19937 = new Mt19937();
  private currentSeed: bigint = DEFAULT_SEED;
  /** The second of the two normal samples that one draw makes, kept for the next call. */
  private nextNormal: number | null = null;
  /** PyTorch's single precision twin of `nextNormal`: nothing on the CPU draws it, but a state may carry it. */
  private nextFloatNormal: number | null = null;

  constructor() {
    this.restart(DEFAULT_SEED);
  }

  /**
   * Starts the stream anew from a seed, so that what follows is the same each time.
   *
   * @param seed an integer in [-2^63, 2^64); a negative one counts as itself plus 2^64.
   * @returns this generator.
   * @throws ValueError when the seed is no integer or out of range; the stream goes on as it was.
   */
  manualSeed(seed: number | bigint): this {
    this.restart(checkSeed(seed));
    return this;
  }

  /** The seed this stream started from, in [0, 2^64). */
  initialSeed(): bigint {
    return this.currentSeed;
  }

  /** Starts the stream anew from a seed that `Math.random` gives (not a secure one), and returns it. */
  seed(): bigint {
    const word = (): bigint => BigInt(Math.floor(Math.random() * 2 ** 32));
    const seed = (word() << 32n) | word();
    this.restart(seed);
    return seed;
  }

  /** The whole state as 5056 bytes, the same as `torch.Generator.get_state()` gives. */
  getState(): Uint8Array {
    return encodeState({
      seed: this.currentSeed,
      left: this.engine.left,
      position: this.engine.position,
      words: this.engine.state,
      nextNormal: this.nextNormal,
      nextFloatNormal: this.nextFloatNormal,
    });
  }

  /**
   * Goes on from a state that {@link getState}, or PyTorch's `get_state`, gave.
   *
   * @returns this generator.
   * @throws ValueError when the bytes are no such state; the stream goes on as it was.
   */
  setState(state: Uint8Array): this {
    const decoded = decodeState(state);
    this.currentSeed = decoded.seed;
    this.engine.left = decoded.left;
    this.engine.position = decoded.position;
    this.engine.state.set(decoded.words);
    this.nextNormal = decoded.nextNormal;
    this.nextFloatNormal = decoded.nextFloatNormal;
    return this;
  }

  /** Draws an integer in [0, 2^32). */
  random32(): number {
    return this.engine.next();
  }

  /** Fills an array with integers in [0, 2^32). */
  fill32(out: Uint32Array): void {
    this.engine.fill(out);
  }

  /**
   * Draws many words at once: `draw` is given the state and the position of the next word, and gives the position afterwards.
   *
   * @internal
   */
  drawMany(draw: (state: Uint32Array, position: number) => number): void {
    this.engine.drawMany(draw);
  }

  /** Draws an integer in [0, 2^64), from two words, the high one first. */
  random64(): bigint {
    const high = BigInt(this.engine.next());
    return (high << 32n) | BigInt(this.engine.next());
  }

  /** Draws a float32 multiple of 2^-24 in [0, 1), from one word. */
  uniform24(): number {
    return (this.engine.next() & 0xffffff) * 2 ** -24;
  }

  /** Draws a multiple of 2^-53 in [0, 1), from two words. */
  uniform53(): number {
    const high = this.engine.next() & 0x1fffff;
    return (high * 2 ** 32 + this.engine.next()) * 2 ** -53;
  }

  /**
   * Draws a standard normal sample in float64. They are made in pairs (Box and Muller), and the second one waits for
   * the next call.
   */
  normal(): number {
    const waiting = this.nextNormal;
    if (waiting !== null) {
      this.nextNormal = null;
      return waiting;
    }
    const u1 = this.uniform53();
    const u2 = this.uniform53();
    const radius = Math.sqrt(-2 * Math.log(1 - u2));
    const theta = 2 * Math.PI * u1;
    this.nextNormal = radius * Math.sin(theta);
    return radius * Math.cos(theta);
  }

  private restart(seed: bigint): void {
    this.currentSeed = seed;
    this.engine.seed(Number(BigInt.asUintN(32, seed)));
    this.nextNormal = null;
    this.nextFloatNormal = null;
  }
}

function checkSeed(seed: number | bigint): bigint {
  if (typeof seed !== "bigint" && !Number.isInteger(seed)) {
    throw new ValueError(`a seed must be an integer, but got ${quote(seed)}`);
  }
  const value = BigInt(seed);
  if (value < -(2n ** 63n) || value >= 2n ** 64n) {
    throw new ValueError(`a seed must lie in [-2^63, 2^64), but got ${quote(value)}`);
  }
  return BigInt.asUintN(64, value);
}

markClass(Generator.prototype, "Generator", COPY);

/**
 * A generator that a user gave as an option, checked; undefined where none was.
 *
 * @throws ValueError when it is something else.
 *
 * @internal
 */
export function checkGenerator(given: Generator | null | undefined): Generator | undefined {
  if (given == null || given instanceof Generator) return given ?? undefined;
  throw new ValueError(`a generator is made by new Generator(); got ${quote(given)}`);
}

/**
 * The generator that a random function draws from: its option's, or the default one.
 *
 * @throws ValueError when the option is something else.
 *
 * @internal
 */
export function generatorOf({ generator }: { readonly generator?: Generator }): Generator {
  return checkGenerator(generator) ?? defaultGenerator;
}

/**
 * The generator that random functions use when none is given. It starts from an unpredictable seed.
 *
 * @example
 * ```ts
 * import { defaultGenerator, rand } from "@flambeau/tensor";
 *
 * defaultGenerator.manualSeed(0);
 * console.log(String(rand([2])));
 * // tensor([0.4963, 0.7682])
 * ```
 */
export const defaultGenerator: Generator = new Generator();
defaultGenerator.seed();

/**
 * Seeds {@link defaultGenerator}, so that every random number that follows is the same each time, and the same as
 * PyTorch's after `torch.manual_seed`.
 *
 * @param seed an integer in [-2^63, 2^64); a negative one counts as itself plus 2^64.
 * @returns the default generator.
 * @throws ValueError when the seed is no integer or out of range.
 *
 * @example
 * ```ts
 * import { defaultGenerator, manualSeed } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * console.log(defaultGenerator.uniform24().toFixed(4));
 * // 0.4963
 * ```
 */
export function manualSeed(seed: number | bigint): Generator {
  return defaultGenerator.manualSeed(seed);
}

/**
 * Starts the default generator anew from an unpredictable seed, and returns that seed.
 *
 * @example
 * ```ts
 * import { rand, seed } from "@flambeau/tensor";
 *
 * seed();
 * console.log(rand([2]).shape);
 * // [ 2 ]
 * ```
 */
export function seed(): bigint {
  return defaultGenerator.seed();
}

/**
 * The seed that the default generator started from.
 *
 * @example
 * ```ts
 * import { initialSeed, manualSeed } from "@flambeau/tensor";
 *
 * manualSeed(42);
 * console.log(initialSeed());
 * // 42n
 * ```
 */
export function initialSeed(): bigint {
  return defaultGenerator.initialSeed();
}

/**
 * The state of the default generator, as {@link Generator.getState} gives it: PyTorch's `get_rng_state`.
 *
 * @example
 * ```ts
 * import { getRngState, manualSeed, rand, setRngState } from "@flambeau/tensor";
 *
 * manualSeed(0);
 * const state = getRngState();
 * const first = rand([2]);
 * setRngState(state);
 * console.log(rand([2]).equal(first));
 * // true
 * ```
 */
export function getRngState(): Uint8Array {
  return defaultGenerator.getState();
}

/**
 * Lets the default generator go on from a state that {@link getRngState}, or PyTorch's `get_rng_state`, gave.
 *
 * @throws ValueError when the bytes are no such state; the stream goes on as it was.
 *
 * @example
 * ```ts
 * import { getRngState, setRngState } from "@flambeau/tensor";
 *
 * setRngState(getRngState());
 * console.log(getRngState().length);
 * // 5056
 * ```
 */
export function setRngState(newState: Uint8Array): void {
  defaultGenerator.setState(newState);
}
