import { type Args, bind, defaultGenerator, Generator as RandomGenerator, randint } from "@flambeau/tensor";
import { permutation } from "./permutation.ts";
import { checkCount, PortionSampler, type Sized } from "./sampler.ts";

const SIGNATURE = "RandomSampler(dataSource: sized, replacement = false, numSamples?, generator?)";

/** Indices drawn with replacement come in portions of this size. */
const PORTION = 32;

/**
 * Takes the items in random order: PyTorch's for the same seed.
 *
 * Source: PyTorch 1.13, `torch/utils/data/sampler.py`. A pass draws when its first index is asked for.
 *
 * @throws ValueError when there is nothing to draw.
 *
 * @example
 * ```ts
 * import { data, manualSeed, tensor } from "flambeau";
 *
 * manualSeed(0);
 * const dataset = new data.TensorDataset(tensor([10, 20, 30, 40]));
 * console.log([...new data.RandomSampler(dataset)]);
 * // [ 2, 3, 0, 1 ]
 * ```
 */
export class RandomSampler extends PortionSampler {
  /** What is drawn from: something with a length. */
  readonly dataSource: Sized;
  /** Whether each index is drawn anew. */
  readonly replacement: boolean;
  /** The stream that is drawn from; none for a new one at each pass. */
  readonly generator: RandomGenerator | undefined;
  readonly #numSamples: number | undefined;

  constructor(...args: Args<typeof SIGNATURE>) {
    super();
    const { dataSource, replacement, numSamples, generator } = bind(SIGNATURE, args);
    this.dataSource = dataSource;
    this.replacement = replacement;
    this.generator = generator;
    this.#numSamples = numSamples;
    checkCount(numSamples === undefined ? "the number of items to shuffle" : "numSamples", this.numSamples);
  }

  /** How many indices a pass has. */
  get numSamples(): number {
    return this.#numSamples ?? this.dataSource.length;
  }

  override get length(): number {
    return this.numSamples;
  }

  override *portions(): Generator<Int32Array> {
    const n = this.dataSource.length;
    checkCount("the number of items to shuffle", n);
    const generator = this.generator ?? new RandomGenerator().manualSeed(drawSeed(defaultGenerator));
    if (this.replacement) {
      for (let left = this.numSamples; left > 0; left -= PORTION) {
        const size = Math.min(left, PORTION);
        yield randint(n, [size], { dtype: "int32", device: "cpu", generator }).dataSync() as Int32Array;
      }
      return;
    }
    for (let left = this.numSamples; left >= n; left -= n) yield permutation(n, generator);
    const rest = this.numSamples % n;
    // PyTorch draws once more even where nothing is left to take, which a generator from outside remembers.
    if (rest > 0 || this.generator !== undefined) yield permutation(n, generator).subarray(0, rest);
  }
}

/** What `torch.empty((), dtype=torch.int64).random_()` draws: an integer from 0 to 2^63 - 1. */
export function drawSeed(generator: RandomGenerator): bigint {
  return BigInt.asUintN(63, generator.random64());
}
