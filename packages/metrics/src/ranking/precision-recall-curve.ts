import { type Callable, callable, type NamedTuple, namedTuple, type Tensor, tensor } from "@flambeau/tensor";
import type { Types, Values } from "../input/types.ts";
import { precisionRecallOf } from "./precision-recall.ts";
import { readScored } from "./thresholds.ts";

const SIGNATURE =
  "precisionRecallCurve(yTrue: any, probasPred: any, *, posLabel?: scalar|string, sampleWeight?: any)";

interface CurveTypes extends Types {
  /** The score of the positive class for each sample, such as its probability. */
  readonly probasPred: Values;
}

/** What {@link precisionRecallCurve} gives: float64 tensors. */
export interface PrecisionRecallCurve {
  /** The precision at each threshold, and 1 at the end. */
  readonly precision: Tensor;
  /** The recall at each threshold, and 0 at the end. */
  readonly recall: Tensor;
  /** The score from which on samples are taken for positive, in ascending order: one element less. */
  readonly thresholds: Tensor;
}

/**
 * Precision and recall for each score as the threshold from which on samples are taken for positive. The result is read by name, or
 * unpacked.
 *
 * The numbers are scikit-learn's `precision_recall_curve`.
 *
 * @throws as `rocCurve`.
 *
 * @example
 * ```ts
 * import { precisionRecallCurve } from "@flambeau/metrics";
 *
 * const { precision, recall } = precisionRecallCurve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]);
 * console.log(String(precision), String(recall));
 * // tensor([0.5000, 0.6667, 0.5000, 1.0000, 1.0000], dtype=float64) tensor([1.0000, 1.0000, 0.5000, 0.5000, 0.0000], dtype=float64)
 * ```
 */
export const precisionRecallCurve: Callable<
  typeof SIGNATURE,
  NamedTuple<PrecisionRecallCurve>,
  CurveTypes
> = callable<typeof SIGNATURE, NamedTuple<PrecisionRecallCurve>, CurveTypes>(
  SIGNATURE,
  (yTrue, yScore, options) => {
    const scored = readScored("precisionRecallCurve", { yTrue, yScore, scoreName: "probasPred", ...options });
    const { precision, recall, thresholds } = precisionRecallOf("precisionRecallCurve", scored);
    return namedTuple({
      precision: tensor(precision),
      recall: tensor(recall),
      thresholds: tensor(thresholds),
    });
  },
);
