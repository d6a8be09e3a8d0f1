import type { Generator as RandomGenerator } from "@flambeau/tensor";
import { permutation } from "./permutation.ts";
import { Sampler } from "./sampler.ts";

/** Takes given indices in random order: PyTorch's for the same seed. */
export class SubsetRandomSampler extends Sampler {
  readonly indices: readonly number[];
  readonly generator: RandomGenerator | undefined;

  constructor(indices: readonly number[], options: { readonly generator?: RandomGenerator } = {}) {
    super();
    this.indices = indices;
    this.generator = options.generator;
  }

  override get length(): number {
    return this.indices.length;
  }

  override *[Symbol.iterator](): Generator<number> {
    for (const i of permutation(this.indices.length, this.generator)) yield this.indices[i];
  }
}
