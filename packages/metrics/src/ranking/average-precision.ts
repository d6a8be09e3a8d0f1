import { ValueError } from "@flambeau/backend";
import { type Callable, callable } from "@flambeau/tensor";
import { checkPositive } from "../classification/classes-of-interest.ts";
import { classesIn, readClasses } from "../input/classes.ts";
import type { Types } from "../input/types.ts";
import { precisionRecallOf } from "./precision-recall.ts";
import { readScored } from "./thresholds.ts";

const SIGNATURE =
  "averagePrecisionScore(yTrue: any, yScore: any, *, posLabel: scalar|string = 1, sampleWeight?: any)";

/**
 * The average precision: that at each threshold, weighted by the recall that it adds. Samples are of two classes.
 *
 * The number is scikit-learn's `average_precision_score`.
 *
 * @throws ValueError when classes are more than two, or `posLabel` is none of them; and as `accuracyScore`.
 *
 * @example
 * ```ts
 * import { averagePrecisionScore } from "@flambeau/metrics";
 *
 * console.log(averagePrecisionScore([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).toFixed(4));
 * // 0.8333
 * ```
 */
export const averagePrecisionScore: Callable<typeof SIGNATURE, number, Types> = callable<
  typeof SIGNATURE,
  number,
  Types
>(SIGNATURE, (yTrue, yScore, { posLabel, sampleWeight }) => {
  const call = "averagePrecisionScore";
  const present = classesIn(readClasses(call, "yTrue", yTrue));
  if (present.values.length > 2)
    throw new ValueError(`${call}: yTrue has two classes at most; got ${present.values.length}`);
  checkPositive(call, present, posLabel);
  const scored = readScored(call, { yTrue, yScore, scoreName: "yScore", posLabel, sampleWeight });
  const { precision, recall } = precisionRecallOf(call, scored);
  let total = 0;
  for (let i = 1; i < recall.length; i++) total += (recall[i - 1] - recall[i]) * precision[i - 1];
  return total;
});
