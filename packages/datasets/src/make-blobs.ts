import type { Tensor } from "@flambeau/tensor";
import { type BlobsOptions, blobs } from "./generate/blobs.ts";
import { type ClassificationData, labelledTensors } from "./make-rings.ts";
import { toTensor } from "./to-tensor.ts";

/** Options of {@link makeBlobs}. */
export interface MakeBlobsOptions extends BlobsOptions {
  /** Whether to return the clusters' centers as well. Default: false. */
  returnCenters?: boolean;
}

/**
 * Normal clusters around centers that are given or drawn. For the same `randomState` every value is scikit-learn's.
 *
 * @returns `X` (nSamples x nFeatures, float64) and `y` (nSamples, int64); with `returnCenters: true` also `centers`
 *   (clusters x nFeatures, float64).
 * @throws ValueError when a count is no positive integer, a deviation is negative, or the numbers of samples, centers
 *   and deviations do not fit each other.
 *
 * @example
 * ```ts
 * import { makeBlobs } from "@flambeau/datasets";
 *
 * const { X, y } = makeBlobs({ nSamples: 200, centers: 4, centerBox: [-1.2, 1.2], clusterStd: 0.15, randomState: 12345 });
 * console.log(X.shape, y.shape);
 * // [ 200, 2 ] [ 200 ]
 * ```
 */
export function makeBlobs(options: MakeBlobsOptions & { returnCenters: true }): ClassificationData & {
  /** The clusters' centers: centers x nFeatures. */
  centers: Tensor;
};
export function makeBlobs(options?: MakeBlobsOptions): ClassificationData;
export function makeBlobs({
  returnCenters = false,
  ...options
}: MakeBlobsOptions = {}): ClassificationData & {
  centers?: Tensor;
} {
  const data = blobs(options);
  const made = labelledTensors(data);
  return returnCenters ? { ...made, centers: toTensor(data.centers) } : made;
}
