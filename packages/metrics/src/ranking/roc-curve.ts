import { type Callable, callable, type NamedTuple, namedTuple, type Tensor, tensor } from "@flambeau/tensor";
import type { Types } from "../input/types.ts";
import { rocOf } from "./roc.ts";
import { readScored } from "./thresholds.ts";

const SIGNATURE =
  "rocCurve(yTrue: any, yScore: any, *, posLabel?: scalar|string, sampleWeight?: any, dropIntermediate = true)";

interface RocTypes extends Types {
  /** Whether points that lie on a line between others are left out. */
  readonly dropIntermediate: boolean;
}

/** What {@link rocCurve} gives: float64 tensors of as many elements. */
export interface RocCurve {
  /** The part of the negative samples that is taken for positive. */
  readonly fpr: Tensor;
  /** The part of the positive samples that is taken for positive. */
  readonly tpr: Tensor;
  /** The score from which on samples are taken for positive, in descending order. */
  readonly thresholds: Tensor;
}

/**
 * The receiver operating characteristic: how many samples are wrongly and how many rightly taken for positive, for each score as a
 * threshold. The first threshold lies above all scores. The result is read by name, or unpacked.
 *
 * The numbers are those of scikit-learn 1.2's `roc_curve`; later versions have infinity for the first threshold.
 *
 * @throws ValueError when it does not follow from the classes which one is positive (without `posLabel` they are 0 and 1, or -1 and 1);
 *   and as `accuracyScore`.
 *
 * @example
 * ```ts
 * import { rocCurve } from "@flambeau/metrics";
 *
 * const [fpr, tpr, thresholds] = rocCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * console.log(fpr.toArraySync(), tpr.toArraySync(), thresholds.toArraySync());
 * // [ 0, 0, 0.5, 0.5, 1 ] [ 0, 0.5, 0.5, 1, 1 ] [ 1.8, 0.8, 0.4, 0.35, 0.1 ]
 * ```
 */
export const rocCurve: Callable<typeof SIGNATURE, NamedTuple<RocCurve>, RocTypes> = callable<
  typeof SIGNATURE,
  NamedTuple<RocCurve>,
  RocTypes
>(SIGNATURE, (yTrue, yScore, { dropIntermediate, ...options }) => {
  const scored = readScored("rocCurve", { yTrue, yScore, scoreName: "yScore", ...options });
  const { fpr, tpr, thresholds } = rocOf("rocCurve", scored, dropIntermediate);
  return namedTuple({ fpr: tensor(fpr), tpr: tensor(tpr), thresholds: tensor(thresholds) });
});
