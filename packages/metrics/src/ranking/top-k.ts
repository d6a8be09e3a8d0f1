import { quote, ValueError, warn } from "@flambeau/backend";
import { type Callable, callable } from "@flambeau/tensor";
import { hitRate } from "../classification/hit-rate.ts";
import { placesOf, readClasses } from "../input/classes.ts";
import { type Matrix, readMatrix, readWeights } from "../input/numbers.ts";
import { checkSamples } from "../input/read.ts";
import type { Labels, Types } from "../input/types.ts";
import { classesOfColumns } from "./matrix-of-scores.ts";

const SIGNATURE =
  "topKAccuracyScore(yTrue: any, yScore: any, *, k: int = 2, normalize = true, sampleWeight?: any, labels?: any)";
const CALL = "topKAccuracyScore";

interface TopTypes extends Types {
  /** How many classes are looked at. */
  readonly k: number;
  /** Whether the result is the part of the samples, and not their number. */
  readonly normalize: boolean;
  /** The classes of the columns of `yScore`, sorted. Default: those that occur. */
  readonly labels: Labels;
}

/**
 * The part of the samples whose class is among the `k` with the highest scores. Of equal scores that of the larger class counts as
 * higher. `yScore` has a column for each class; of two classes also one score for each sample, of the larger class.
 *
 * The number is scikit-learn's `top_k_accuracy_score`.
 *
 * @throws ValueError when `k` is no positive integer, or `labels` is not sorted or lacks a class; ShapeError when there are not as many
 *   columns as classes; and as `accuracyScore`.
 *
 * @example
 * ```ts
 * import { topKAccuracyScore } from "@flambeau/metrics";
 *
 * const scores = [[0.5, 0.2, 0.2], [0.3, 0.4, 0.2], [0.2, 0.4, 0.3], [0.7, 0.2, 0.1]];
 * console.log(topKAccuracyScore([0, 1, 2, 2], scores, { k: 2 }));
 * // 0.75
 * ```
 */
export const topKAccuracyScore: Callable<typeof SIGNATURE, number, TopTypes> = callable<
  typeof SIGNATURE,
  number,
  TopTypes
>(SIGNATURE, (yTrue, yScore, { k, normalize, sampleWeight, labels }) => {
  if (!Number.isInteger(k) || k < 1)
    throw new ValueError(`${CALL}: k is a positive integer; got ${quote(k)}`);
  const truth = readClasses(CALL, "yTrue", yTrue);
  const scores = readMatrix(CALL, "yScore", yScore);
  checkSamples(CALL, { yTrue: truth.values.length, yScore: scores.rows });
  const weights = readWeights(CALL, sampleWeight, scores.rows, "yTrue");
  const count = scores.columns === 1 ? 2 : scores.columns;
  const places = placesOf(classesOfColumns(CALL, truth, labels, { columns: count }));
  if (k >= count)
    warn(
      `${CALL}: 'k' (${k}) greater than or equal to 'nClasses' (${count}) will result in a perfect score and is therefore meaningless.`,
    );
  const isHit = scores.columns === 1 ? hitOfTwo(scores, k) : hitOfMany(scores, k);
  const hits = truth.values.map((value, row) => isHit(row, places.get(value) as number));
  return hitRate(hits, weights, normalize);
});

/** Probabilities are compared with a half, other scores with 0. */
function hitOfTwo({ data }: Matrix, k: number): (row: number, label: number) => boolean {
  const threshold = data.every((score) => score >= 0 && score <= 1) ? 0.5 : 0;
  return (row, label) => k > 1 || Number(data[row] > threshold) === label;
}

function hitOfMany({ data, columns }: Matrix, k: number): (row: number, label: number) => boolean {
  return (row, label) => {
    const scores = data.subarray(row * columns, (row + 1) * columns);
    const own = scores[label];
    const above = scores.filter((score, i) => score > own || (score === own && i > label));
    return above.length < k;
  };
}
