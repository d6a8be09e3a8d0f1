import { warn } from "@flambeau/backend";
import type { Scored, Steps } from "./thresholds.ts";
import { stepsOf } from "./thresholds.ts";

/** The points of a ROC curve, from (0, 0) to (1, 1). */
export interface Roc {
  readonly fpr: Float64Array;
  readonly tpr: Float64Array;
  readonly thresholds: Float64Array;
}

/** The curve; rates of classes without samples are nan. */
export function rocOf(call: string, scored: Scored, dropIntermediate: boolean): Roc {
  const all = stepsOf(scored);
  const kept = dropIntermediate ? withoutLines(all) : all;
  return {
    fpr: rates(call, kept.falsePositives, "negative", "false"),
    tpr: rates(call, kept.truePositives, "positive", "true"),
    // A threshold that no score reaches.
    thresholds: Float64Array.of(kept.thresholds[0] + 1, ...kept.thresholds),
  };
}

/** Without points between two others on one line with as large steps. */
function withoutLines(steps: Steps): Steps {
  const { falsePositives, truePositives } = steps;
  const bends = (values: readonly number[], i: number): boolean =>
    values[i + 1] - values[i] - (values[i] - values[i - 1]) !== 0;
  const last = falsePositives.length - 1;
  const isKept = (_: number, i: number): boolean =>
    i === 0 || i === last || bends(falsePositives, i) || bends(truePositives, i);
  return {
    falsePositives: falsePositives.filter(isKept),
    truePositives: truePositives.filter(isKept),
    thresholds: steps.thresholds.filter(isKept),
  };
}

function rates(call: string, counts: readonly number[], kind: string, name: string): Float64Array {
  const total = counts[counts.length - 1];
  if (total > 0) return Float64Array.of(0, ...counts.map((count) => count / total));
  warn(`${call}: no ${kind} samples in yTrue, ${name} positive value should be meaningless`);
  return new Float64Array(counts.length + 1).fill(Number.NaN);
}
