import {
  type Callable,
  type NamedTuple,
  namedTuple,
  type Tensor,
  tensor,
  withOptions,
} from "@flambeau/tensor";
import { type CirclesOptions, circles, moons, type RingOptions } from "./generate/rings.ts";
import type { Labelled } from "./generate/table.ts";
import { toTensor } from "./to-tensor.ts";

/** Samples with their class labels, as tensors: read by name, or unpacked as `const [X, y] = makeMoons()`. */
export interface ClassificationData extends Iterable<Tensor> {
  /** The samples, float64 of shape [nSamples, nFeatures]. */
  X: Tensor;
  /** The classes, int64 of shape [nSamples]. */
  y: Tensor;
}

const CIRCLES =
  "makeCircles(nSamples: int|ints = 100, *, shuffle = true, noise?: number, randomState?: int|object, factor = 0.8)";

/**
 * A large circle (class 0) around a smaller one (class 1), in the plane. For the same `randomState` every value is
 * scikit-learn's.
 *
 * @returns `X` (nSamples x 2, float64) and `y` (nSamples, int64).
 * @throws ValueError when `factor` is outside of [0, 1), noise is negative or a count is no positive integer.
 *
 * @example
 * ```ts
 * import { makeCircles } from "@flambeau/datasets";
 *
 * const { X, y } = makeCircles(300, { factor: 0.5, noise: 0.1, randomState: 2020 });
 * console.log(X.shape, y.dtype);
 * // [ 300, 2 ] int64
 * ```
 */
export const makeCircles: Callable<typeof CIRCLES, ClassificationData, CirclesOptions> = withOptions<
  typeof CIRCLES,
  0,
  ClassificationData,
  CirclesOptions
>(CIRCLES, 0, (options) => labelledTensors(circles(options)));

const MOONS =
  "makeMoons(nSamples: int|ints = 100, *, shuffle = true, noise?: number, randomState?: int|object)";

/**
 * Two half circles that interleave, in the plane. For the same `randomState` every value is scikit-learn's.
 *
 * @returns `X` (nSamples x 2, float64) and `y` (nSamples, int64).
 * @throws ValueError when noise is negative or a count is no positive integer.
 *
 * @example
 * ```ts
 * import { makeMoons } from "@flambeau/datasets";
 *
 * const [X, y] = makeMoons([20, 30], { noise: 0.1, randomState: 0 });
 * console.log(X.shape, y.shape);
 * // [ 50, 2 ] [ 50 ]
 * ```
 */
export const makeMoons: Callable<typeof MOONS, ClassificationData, RingOptions> = withOptions<
  typeof MOONS,
  0,
  ClassificationData,
  RingOptions
>(MOONS, 0, (options) => labelledTensors(moons(options)));

/** Samples and labels as tensors. */
export function labelledTensors({ X, y }: Labelled): NamedTuple<{ X: Tensor; y: Tensor }> {
  return namedTuple({ X: toTensor(X), y: tensor(y) });
}
