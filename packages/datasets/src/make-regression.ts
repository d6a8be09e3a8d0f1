import { type Args, bind, namedTuple, type Requiring, type Tensor } from "@flambeau/tensor";
import { type RegressionOptions, regression } from "./generate/regression.ts";
import { toTensor } from "./to-tensor.ts";

/** Options of {@link makeRegression}. */
export interface MakeRegressionOptions extends RegressionOptions {
  /** Whether to return the coefficients as well. Default: false. */
  coef?: boolean;
}

/** What {@link makeRegression} returns: read by name, or unpacked as `const [X, y] = makeRegression()`. */
export interface RegressionData extends Iterable<Tensor> {
  /** The samples, float64 of shape [nSamples, nFeatures]. */
  X: Tensor;
  /** The targets, float64 of shape [nSamples], or [nSamples, nTargets] for more than one target. */
  y: Tensor;
}

const SIGNATURE =
  "makeRegression(nSamples = 100, nFeatures = 100, *, nInformative = 10, nTargets = 1, bias: number = 0, effectiveRank?: int, tailStrength = 0.5, noise = 0, shuffle = true, coef = false, randomState?: int|object)";

/**
 * A random regression problem: normal samples and the targets that a random linear model gives them, with noise on top.
 * For the same `randomState` every value is scikit-learn's. As there, dimensions of size 1 of `y` and `coef` are left
 * out.
 *
 * @returns `X` (nSamples x nFeatures) and `y` (nSamples, or nSamples x nTargets), both float64; with `coef: true` also
 *   the coefficients `coef` (nFeatures, or nFeatures x nTargets). They unpack in this order.
 * @throws ValueError when a count is no positive integer, or noise or the strength of the tail is out of range.
 *
 * @example
 * ```ts
 * import { makeRegression } from "@flambeau/datasets";
 *
 * const { X, y } = makeRegression(500, 1, { randomState: 0, noise: 10 });
 * console.log(X.shape, y.shape, X.dtype);
 * // [ 500, 1 ] [ 500 ] float64
 * ```
 */
export function makeRegression(
  ...args: Args<Requiring<typeof SIGNATURE, "coef">, MakeRegressionOptions & { coef: true }>
): RegressionData & {
  /** The coefficients: nFeatures, or nFeatures x nTargets. */
  coef: Tensor;
};
export function makeRegression(...args: Args<typeof SIGNATURE, MakeRegressionOptions>): RegressionData;
export function makeRegression(...args: unknown[]): RegressionData & { coef?: Tensor } {
  const { coef, ...options } = bind<typeof SIGNATURE, MakeRegressionOptions>(SIGNATURE, args);
  const data = regression(options);
  const made = { X: toTensor(data.X), y: toTensor(data.y) };
  return namedTuple(coef ? { ...made, coef: toTensor(data.coef) } : made);
}
