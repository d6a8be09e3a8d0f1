import { epsilonOf, isDType, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable } from "@flambeau/tensor";
import { type Column, checkComparable, classesIn, placesOf, readClasses } from "../input/classes.ts";
import { type Matrix, readMatrix, readWeights } from "../input/numbers.ts";
import { checkSamples } from "../input/read.ts";
import { mean, sum } from "../input/sums.ts";
import type { Labels, Types, Values } from "../input/types.ts";

const SIGNATURE =
  "logLoss(yTrue: any, yPred: any, *, eps: number|'auto' = 'auto', normalize = true, sampleWeight?: any, labels?: any)";
const CALL = "logLoss";

interface LossTypes extends Omit<Types, "yPred"> {
  /** The probability of each class, a row for each sample; or that of the larger of two classes. */
  readonly yPred: Values;
  /** How near probabilities may be to 0 and 1; "auto" is the precision of their dtype. */
  readonly eps: number | "auto";
  /** Whether the result is the mean, and not the sum. */
  readonly normalize: boolean;
  /** All classes, where some do not occur. */
  readonly labels: Labels;
}

/**
 * The cross entropy of predicted probabilities: the mean of minus the logarithm of the probability that the true class got. The columns
 * of probabilities belong to the classes in ascending order; rows are divided by their sums.
 *
 * The number is that of scikit-learn 1.2's `log_loss`, computed in float64.
 *
 * @throws ValueError when there is one class only, or `labels` lacks one; ShapeError when there are not as many columns as classes;
 *   and as `accuracyScore`.
 *
 * @example
 * ```ts
 * import { logLoss } from "@flambeau/metrics";
 *
 * console.log(logLoss(["spam", "ham", "ham", "spam"], [[0.1, 0.9], [0.9, 0.1], [0.8, 0.2], [0.35, 0.65]]).toFixed(4));
 * // 0.2162
 * ```
 */
export const logLoss: Callable<typeof SIGNATURE, number, LossTypes> = callable<
  typeof SIGNATURE,
  number,
  LossTypes
>(SIGNATURE, (yTrue, yPred, { eps, normalize, sampleWeight, labels }) => {
  const truth = readClasses(CALL, "yTrue", yTrue);
  const given = readMatrix(CALL, "yPred", yPred);
  checkSamples(CALL, { yTrue: truth.values.length, yPred: given.rows });
  const weights = readWeights(CALL, sampleWeight, given.rows, "yTrue");
  const least = eps === "auto" ? (isDType(given.dtype) ? epsilonOf(given.dtype) : 0) || 2 ** -52 : eps;
  if (!(least >= 0 && least < 0.5))
    throw new ValueError(`${CALL}: eps is a number from 0 and below 0.5; got ${quote(eps)}`);
  const places = placesOf(classesOf(truth, labels, given));
  const losses = truth.values.map((value, row) => lossOf(given, row, places.get(value) as number, least));
  if (normalize) return mean(losses, weights);
  return sum(weights === null ? losses : losses.map((loss, i) => loss * weights[i]));
});

function classesOf(truth: Column, labels: Labels | undefined, { columns }: Matrix): Column {
  const listed = labels === undefined ? truth : readClasses(CALL, "labels", labels);
  checkComparable(CALL, ["labels", "yTrue"], [listed, truth]);
  const classes = classesIn(listed);
  const { values } = classes;
  if (values.length < 2)
    throw new ValueError(`${CALL}: the loss is of two classes at least; list them as labels`);
  const missing = truth.values.find((value) => !values.includes(value));
  if (missing !== undefined)
    throw new ValueError(`${CALL}: labels lacks the class ${quote(missing)} of yTrue`);
  if (columns !== values.length && !(columns === 1 && values.length === 2))
    throw new ShapeError(
      `${CALL}: yPred has a column for each class; got ${columns} columns and ${values.length} classes${labels === undefined ? " (list all as labels where some do not occur)" : ""}`,
    );
  return classes;
}

function lossOf({ data, columns }: Matrix, row: number, label: number, eps: number): number {
  const clipped = (x: number): number => Math.min(Math.max(x, eps), 1 - eps);
  const given = data.subarray(row * columns, (row + 1) * columns).map(clipped);
  const probabilities = columns === 1 ? [1 - given[0], given[0]] : given;
  const quotient = probabilities[label] / sum(probabilities);
  return -Math.log(quotient);
}
