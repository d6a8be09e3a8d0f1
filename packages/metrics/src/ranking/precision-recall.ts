import { warn } from "@flambeau/backend";
import { type Scored, stepsOf } from "./thresholds.ts";

/** The points of a precision-recall curve; the last one, of precision 1 and recall 0, has no threshold. */
export interface PrecisionRecall {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly thresholds: Float64Array;
}

export function precisionRecallOf(call: string, scored: Scored): PrecisionRecall {
  const { falsePositives, truePositives, thresholds } = stepsOf(scored);
  const total = truePositives[truePositives.length - 1];
  if (total === 0)
    warn(`${call}: No positive class found in yTrue, recall is set to one for all thresholds.`);
  const precision = truePositives.map((right, i) => right / (right + falsePositives[i]) || 0);
  const recall = truePositives.map((right) => (total === 0 ? 1 : right / total));
  return {
    precision: Float64Array.of(...precision.reverse(), 1),
    recall: Float64Array.of(...recall.reverse(), 0),
    thresholds: Float64Array.from(thresholds.reverse()),
  };
}
