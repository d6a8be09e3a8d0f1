import { type Args, bind, type Generator as RandomGenerator } from "@flambeau/tensor";
import { permutation } from "./permutation.ts";
import { PortionSampler } from "./sampler.ts";

const SIGNATURE = "SubsetRandomSampler(indices: ints, generator?)";

/**
 * Takes given indices in random order: PyTorch's for the same seed.
 *
 * @example
 * ```ts
 * import { data, manualSeed } from "flambeau";
 *
 * manualSeed(0);
 * console.log([...new data.SubsetRandomSampler([3, 5, 7])]);
 * // [ 7, 3, 5 ]
 * ```
 */
export class SubsetRandomSampler extends PortionSampler {
  /** What is shuffled. */
  readonly indices: readonly number[];
  /** The stream that is drawn from; none for the one that `manualSeed` seeds. */
  readonly generator: RandomGenerator | undefined;

  constructor(...args: Args<typeof SIGNATURE>) {
    super();
    const { indices, generator } = bind(SIGNATURE, args);
    this.indices = indices;
    this.generator = generator;
  }

  override get length(): number {
    return this.indices.length;
  }

  override *portions(): Generator<number[]> {
    yield Array.from(permutation(this.indices.length, this.generator), (i) => this.indices[i]);
  }
}
