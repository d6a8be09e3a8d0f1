import { type Args, bind, namedTuple, type Requiring, type Tensor } from "@flambeau/tensor";
import { type BlobsOptions, blobs } from "./generate/blobs.ts";
import { type ClassificationData, labelledTensors } from "./make-rings.ts";
import { toTensor } from "./to-tensor.ts";

/** Options of {@link makeBlobs}. */
export interface MakeBlobsOptions extends BlobsOptions {
  /** Whether to return the clusters' centers as well. Default: false. */
  returnCenters?: boolean;
}

const SIGNATURE =
  "makeBlobs(nSamples: int|ints = 100, nFeatures = 2, *, centers?: int|array, clusterStd: number|numbers = 1, centerBox?: numbers, shuffle = true, randomState?: int|object, returnCenters = false)";

/**
 * Normal clusters around centers that are given or drawn. For the same `randomState` every value is scikit-learn's.
 *
 * @returns `X` (nSamples x nFeatures, float64) and `y` (nSamples, int64); with `returnCenters: true` also `centers`
 *   (clusters x nFeatures, float64). They unpack in this order.
 * @throws ValueError when a count is no positive integer, a deviation is negative, or the numbers of samples, centers
 *   and deviations do not fit each other.
 *
 * @example
 * ```ts
 * import { makeBlobs } from "@flambeau/datasets";
 *
 * const { X, y } = makeBlobs(200, { centers: 4, centerBox: [-1.2, 1.2], clusterStd: 0.15, randomState: 12345 });
 * console.log(X.shape, y.shape);
 * // [ 200, 2 ] [ 200 ]
 * ```
 */
export function makeBlobs(
  ...args: Args<Requiring<typeof SIGNATURE, "returnCenters">, MakeBlobsOptions & { returnCenters: true }>
): ClassificationData & {
  /** The clusters' centers: centers x nFeatures. */
  centers: Tensor;
};
export function makeBlobs(...args: Args<typeof SIGNATURE, MakeBlobsOptions>): ClassificationData;
export function makeBlobs(...args: unknown[]): ClassificationData & { centers?: Tensor } {
  const { returnCenters, ...options } = bind<typeof SIGNATURE, MakeBlobsOptions>(SIGNATURE, args);
  const data = blobs(options);
  const made = labelledTensors(data);
  if (!returnCenters) return made;
  const { X, y } = made;
  return namedTuple({ X, y, centers: toTensor(data.centers) });
}
