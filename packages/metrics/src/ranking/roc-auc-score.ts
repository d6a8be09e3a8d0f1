import { ArgumentError, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, type Requiring, type Tensor, tensor } from "@flambeau/tensor";
import { classesIn, placesOf, readClasses } from "../input/classes.ts";
import { columnAt, type Matrix, readMatrix, readWeights } from "../input/numbers.ts";
import { checkSamples } from "../input/read.ts";
import { mean } from "../input/sums.ts";
import type { Labels, Types } from "../input/types.ts";
import { classesOfColumns } from "./matrix-of-scores.ts";
import { areasAgainstRest, areasOfPairs, binaryArea } from "./roc-auc.ts";

const SIGNATURE =
  "rocAucScore(yTrue: any, yScore: any, *, average: 'micro'|'macro'|'weighted'|null = 'macro', sampleWeight?: any, maxFpr?: number, multiClass: 'raise'|'ovr'|'ovo' = 'raise', labels?: any)";
const CALL = "rocAucScore";

/** Parameters of {@link rocAucScore}. */
export interface AreaTypes extends Types {
  /** How the areas of several classes become one; null gives each, where each class stands against the rest. */
  readonly average: "micro" | "macro" | "weighted" | null;
  /** The part of false positives up to which the curve is looked at, of two classes. Default: all of it. */
  readonly maxFpr: number | null;
  /** Whether of several classes each stands against the rest ("ovr") or against each other ("ovo"). */
  readonly multiClass: "raise" | "ovr" | "ovo";
  /** The classes of the columns of `yScore`, sorted. Default: those that occur. */
  readonly labels: Labels;
}

/** Asks for the areas of each class. */
export interface AreasOfEach extends AreaTypes {
  /** Null gives the area of each class. */
  readonly average: null;
}

/**
 * The area under the ROC curve: how likely a sample of the positive class has a higher score than one of the other class.
 *
 * Of two classes `yScore` has a score for each sample, of the larger class. Of more it has a row of probabilities, and `multiClass` says
 * which classes are compared. The numbers are scikit-learn's `roc_auc_score`.
 *
 * @returns a number; with several classes and `average: null` a float64 tensor, one element for each class.
 * @throws ValueError when all samples are of one class, rows are no probabilities, or options do not go together; ShapeError when
 *   there are not as many columns as classes; and as `accuracyScore`.
 *
 * @example
 * ```ts
 * import { rocAucScore } from "@flambeau/metrics";
 *
 * console.log(rocAucScore([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]));
 * // 0.75
 * const scores = [[0.8, 0.1, 0.1], [0.3, 0.4, 0.3], [0.2, 0.3, 0.5], [0.5, 0.3, 0.2]];
 * console.log(rocAucScore([0, 1, 2, 1], scores, { multiClass: "ovr" }));
 * // 0.9583333333333334
 * ```
 */
export function rocAucScore(...args: Args<Requiring<typeof SIGNATURE, "average">, AreasOfEach>): Tensor;
export function rocAucScore(...args: Args<typeof SIGNATURE, AreaTypes>): number;
export function rocAucScore(...args: unknown[]): number | Tensor {
  const given = bind<typeof SIGNATURE, AreaTypes>(SIGNATURE, args);
  const truth = readClasses(CALL, "yTrue", given.yTrue);
  const scores = readMatrix(CALL, "yScore", given.yScore);
  checkSamples(CALL, { yTrue: truth.values.length, yScore: scores.rows });
  const weights = readWeights(CALL, given.sampleWeight, scores.rows, "yTrue");
  const present = classesIn(truth);
  if (present.values.length <= 2 && scores.columns <= 2) {
    if (scores.columns !== 1)
      throw new ShapeError(
        `${CALL}: of two classes yScore has one score for each sample; give the column of the larger class`,
      );
    const columns = given.labels === undefined ? present.values.length : 2;
    const { values } = classesOfColumns(CALL, truth, given.labels, { columns });
    const positive = values[values.length - 1];
    const isPositive = truth.values.map((value) => value === positive);
    return binaryArea(CALL, { isPositive, scores: scores.data, weights }, given.maxFpr ?? 1);
  }
  checkOptions(given, scores, weights !== null);
  const places = placesOf(classesOfColumns(CALL, truth, given.labels, scores));
  const classes = truth.values.map((value) => places.get(value) as number);
  const columns = Array.from({ length: scores.columns }, (_, i) => columnAt(scores, i));
  return given.multiClass === "ovo"
    ? ofPairs(classes, columns, given.average === "weighted")
    : againstRest(classes, columns, weights, given.average);
}

function checkOptions(
  given: Pick<AreaTypes, "average" | "multiClass"> & { maxFpr?: number | null | undefined },
  scores: Matrix,
  isWeighted: boolean,
): void {
  const { average, multiClass, maxFpr } = given;
  if (multiClass === "raise")
    throw new ValueError(`${CALL}: of more than two classes multiClass is "ovr" or "ovo"`);
  if (maxFpr != null && maxFpr !== 1)
    throw new ValueError(`${CALL}: maxFpr is for two classes; leave it out, or give 1`);
  for (let row = 0; row < scores.rows; row++) {
    let total = 0;
    for (let i = 0; i < scores.columns; i++) total += scores.data[row * scores.columns + i];
    if (Math.abs(total - 1) > 1e-5 + 1e-8)
      throw new ValueError(
        `${CALL}: the rows of yScore are probabilities, which sum to 1; row ${row} sums to ${total}: apply softmax(1) first`,
      );
  }
  if (multiClass !== "ovo") return;
  if (average !== "macro" && average !== "weighted")
    throw new ValueError(`${CALL}: the average of "ovo" is "macro" or "weighted"; got ${quote(average)}`);
  if (isWeighted) throw new ArgumentError(`${CALL}: "ovo" takes no sampleWeight; leave it out`);
}

function ofPairs(truth: readonly number[], columns: readonly Float64Array[], isWeighted: boolean): number {
  const pairs = areasOfPairs(CALL, truth, columns);
  const areas = pairs.map(({ area }) => area);
  return mean(areas, isWeighted ? pairs.map(({ prevalence }) => prevalence) : null);
}

function againstRest(
  truth: readonly number[],
  columns: readonly Float64Array[],
  weights: Float64Array | null,
  average: AreaTypes["average"],
): number | Tensor {
  if (average === "micro") {
    const isPositive = columns.flatMap((_, label) => truth.map((value) => value === label));
    const scores = columns.flatMap((values) => [...values]);
    const all = weights === null ? null : columns.flatMap(() => [...weights]);
    return binaryArea(CALL, { isPositive, scores, weights: all });
  }
  const areas = areasAgainstRest(CALL, truth, columns, weights);
  if (average === null) return tensor(Float64Array.from(areas));
  if (average === "macro") return mean(areas);
  const shares = columns.map((_, label) =>
    truth.reduce((total, value, row) => total + (value === label ? (weights?.[row] ?? 1) : 0), 0),
  );
  return mean(areas, shares);
}
