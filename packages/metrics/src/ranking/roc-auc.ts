/** Areas under ROC curves of two classes and of several. */
import { quote, ValueError } from "@flambeau/backend";
import { area } from "./area.ts";
import { rocOf } from "./roc.ts";
import type { Scored } from "./thresholds.ts";

/**
 * The area, or with `maxFpr` that of the curve up to there, standardized: 0.5 for guesses and 1 for the best (D. McClish, "Analyzing a
 * portion of the ROC curve", Medical Decision Making 9, 1989).
 *
 * @throws ValueError when all samples are of one class, or `maxFpr` is not above 0 and at most 1.
 */
export function binaryArea(call: string, scored: Scored, maxFpr = 1): number {
  if (!(maxFpr > 0 && maxFpr <= 1))
    throw new ValueError(`${call}: maxFpr is a number above 0 and at most 1; got ${quote(maxFpr)}`);
  if (!scored.isPositive.includes(true) || !scored.isPositive.includes(false))
    throw new ValueError(`${call}: yTrue has samples of one class only; the area needs both`);
  const { fpr, tpr } = rocOf(call, scored, true);
  if (maxFpr === 1) return area(fpr, tpr);
  const stop = fpr.findIndex((rate) => rate > maxFpr);
  const part = (maxFpr - fpr[stop - 1]) / (fpr[stop] - fpr[stop - 1]);
  const height = tpr[stop - 1] + part * (tpr[stop] - tpr[stop - 1]);
  const partial = area([...fpr.subarray(0, stop), maxFpr], [...tpr.subarray(0, stop), height]);
  const least = 0.5 * maxFpr ** 2;
  return 0.5 * (1 + (partial - least) / (maxFpr - least));
}

/** Each class against all others. */
export function areasAgainstRest(
  call: string,
  truth: readonly number[],
  columns: readonly Float64Array[],
  weights: Float64Array | null,
): number[] {
  return columns.map((scores, label) =>
    binaryArea(call, { isPositive: truth.map((value) => value === label), scores, weights }),
  );
}

/** A pair of classes: the area, and the part of the samples that is of them. */
interface PairArea {
  readonly area: number;
  readonly prevalence: number;
}

/**
 * Each pair of classes, the mean of both directions. Source: D. Hand and R. Till, "A simple generalisation of the area under the ROC
 * curve for multiple class classification problems", Machine Learning 45 (2001).
 */
export function areasOfPairs(
  call: string,
  truth: readonly number[],
  columns: readonly Float64Array[],
): PairArea[] {
  const present = [...new Set(truth)].sort((a, b) => a - b);
  return present.flatMap((a, i) =>
    present.slice(i + 1).map((b) => {
      const rows = truth.flatMap((value, row) => (value === a || value === b ? [row] : []));
      const against = (label: number): number =>
        binaryArea(call, {
          isPositive: rows.map((row) => truth[row] === label),
          scores: rows.map((row) => columns[label][row]),
          weights: null,
        });
      return { area: (against(a) + against(b)) / 2, prevalence: rows.length / truth.length };
    }),
  );
}
