import { DeviceError, formatShape, ShapeError } from "@flambeau/backend";
import {
  type Args,
  bind,
  multinomial,
  type Generator as RandomGenerator,
  Tensor,
  tensor,
} from "@flambeau/tensor";
import { checkCount, PortionSampler } from "./sampler.ts";

const SIGNATURE =
  "WeightedRandomSampler(weights: tensor|numbers, numSamples, replacement = true, generator?)";

/**
 * Draws indices with given probabilities, as weights that need not sum to 1: PyTorch's indices for the same seed.
 *
 * @throws ValueError when `numSamples` is no positive integer; ShapeError when the weights are no vector; DeviceError when
 *   they are on a device that cannot be read at once. Weights that are negative, all zero or too few are refused when a
 *   pass begins.
 *
 * @example
 * ```ts
 * import { data, manualSeed } from "flambeau";
 *
 * manualSeed(0);
 * console.log([...new data.WeightedRandomSampler([0, 1, 2], 6)]);
 * // [ 2, 2, 2, 2, 2, 2 ]
 * ```
 */
export class WeightedRandomSampler extends PortionSampler {
  /** How likely each index is; they need not sum to 1. */
  readonly weights: Tensor;
  /** How many indices a pass has. */
  readonly numSamples: number;
  /** Whether an index may come more than once. */
  readonly replacement: boolean;
  /** The stream that is drawn from; none for the one that `manualSeed` seeds. */
  readonly generator: RandomGenerator | undefined;

  constructor(...args: Args<typeof SIGNATURE>) {
    super();
    const { weights, numSamples, replacement, generator } = bind(SIGNATURE, args);
    checkCount("WeightedRandomSampler: numSamples", numSamples);
    if (weights instanceof Tensor && weights.storage.backend.downloadSync === undefined) {
      throw new DeviceError(
        `WeightedRandomSampler draws on the CPU, and its weights are on ${weights.device}; give it await weights.cpu()`,
      );
    }
    this.weights =
      weights instanceof Tensor ? weights.detach().to("float64") : tensor(weights, { dtype: "float64" });
    if (this.weights.ndim !== 1) {
      throw new ShapeError(
        `WeightedRandomSampler takes a vector of weights; got shape ${formatShape(this.weights.shape)}`,
      );
    }
    this.numSamples = numSamples;
    this.replacement = replacement;
    this.generator = generator;
  }

  override get length(): number {
    return this.numSamples;
  }

  override *portions(): Generator<number[]> {
    const { replacement, generator } = this;
    const drawn = multinomial(this.weights, this.numSamples, { replacement, generator });
    yield Array.from(drawn.dataSync() as BigInt64Array, Number);
  }
}
