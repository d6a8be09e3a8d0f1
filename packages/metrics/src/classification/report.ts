import { quote, ShapeError, ValueError, warn } from "@flambeau/backend";
import { type Args, bind, type Requiring } from "@flambeau/tensor";
import { textOf } from "../input/classes.ts";
import { pythonFixed, pythonFloat } from "../input/python-float.ts";
import { sum } from "../input/sums.ts";
import type { Types } from "../input/types.ts";
import { type Counted, counted } from "./classes-of-interest.ts";
import { scoresOf } from "./precision-recall.ts";
import { checkZeroDivision } from "./zero-division.ts";

const SIGNATURE =
  "classificationReport(yTrue: any, yPred: any, *, labels?: any, targetNames?: array, sampleWeight?: any, digits: int = 2, outputDict = false, zeroDivision: 'warn'|number = 'warn')";

/** Parameters of {@link classificationReport}. */
export interface ReportTypes extends Types {
  /** What the classes are called, in order. Default: as they are written. */
  readonly targetNames: readonly string[] | null;
  /** How many digits stand behind the point. */
  readonly digits: number;
  /** Whether the result is an object of numbers instead of a text. */
  readonly outputDict: boolean;
}

/** Asks for an object of numbers. */
export interface AsObject extends ReportTypes {
  /** True gives an object. */
  readonly outputDict: true;
}

/** A row of {@link classificationReport}, as numbers. */
export interface ReportRow {
  /** The precision. */
  readonly precision: number;
  /** The recall. */
  readonly recall: number;
  /** The F1 score. */
  readonly "f1-score": number;
  /** The number of samples, or their weight. */
  readonly support: number;
}

/**
 * A table of precision, recall, F1 score and the number of samples: of each class, and their averages. Where all classes are looked at,
 * the average over all samples is the accuracy.
 *
 * The text is scikit-learn's `classification_report`, to the character.
 *
 * @returns the text; with `outputDict: true` an object with a row for each class and average, and `accuracy`, a number.
 * @throws ShapeError when there are not as many names as classes; ValueError when `digits` is no integer from 0; and as
 *   `precisionScore`.
 *
 * @example
 * ```ts
 * import { classificationReport } from "@flambeau/metrics";
 *
 * const targetNames = ["class 0", "class 1", "class 2"];
 * console.log(classificationReport([0, 1, 2, 2, 2], [0, 0, 2, 2, 1], { targetNames }));
 * //               precision    recall  f1-score   support
 * //
 * //      class 0       0.50      1.00      0.67         1
 * //      class 1       0.00      0.00      0.00         1
 * //      class 2       1.00      0.67      0.80         3
 * //
 * //     accuracy                           0.60         5
 * //    macro avg       0.50      0.56      0.49         5
 * // weighted avg       0.70      0.60      0.61         5
 * //
 * ```
 */
export function classificationReport(
  ...args: Args<Requiring<typeof SIGNATURE, "outputDict">, AsObject>
): Record<string, ReportRow | number>;
export function classificationReport(...args: Args<typeof SIGNATURE, ReportTypes>): string;
export function classificationReport(...args: unknown[]): string | Record<string, ReportRow | number> {
  const call = "classificationReport";
  const given = bind<typeof SIGNATURE, ReportTypes>(SIGNATURE, args);
  const { zeroDivision, digits, outputDict } = given;
  checkZeroDivision(call, zeroDivision);
  if (!Number.isInteger(digits) || digits < 0 || digits > 100)
    throw new ValueError(`${call}: digits is an integer from 0 to 100; got ${quote(digits)}`);
  const found = counted(call, { ...given, average: null });
  const names = namesOf(call, found, given.labels !== undefined, given.targetNames);
  const [classes, averages] = rowsOf(found, names, zeroDivision);
  if (!outputDict) return textOfRows(classes, averages, digits, found.isWeighted || !found.hasHits);
  const rows = [...classes, ...averages].map(([name, row]) => [
    name,
    name === "accuracy" ? row.precision : row,
  ]);
  return Object.fromEntries(rows) as Record<string, ReportRow | number>;
}

type Rows = readonly (readonly [name: string, row: ReportRow])[];

/** The rows of classes and those of averages. */
function rowsOf(found: Counted, names: readonly string[], zeroDivision: Types["zeroDivision"]): [Rows, Rows] {
  const wanted = ["precision", "recall", "f-score"] as const;
  const each = scoresOf(found.counts, { average: null, beta: 1, zeroDivision, wanted });
  const total = sum(each.support);
  const classes = names.map(
    (name, i) =>
      [name, rowOf(each.precision[i], each.recall[i], each.fbetaScore[i], each.support[i])] as const,
  );
  const averages = (["micro", "macro", "weighted"] as const).map((average) => {
    const scores = scoresOf(found.counts, { average, beta: 1, zeroDivision, wanted });
    const name = average === "micro" && looksAtAll(found) ? "accuracy" : `${average} avg`;
    return [name, rowOf(scores.precision[0], scores.recall[0], scores.fbetaScore[0], total)] as const;
  });
  return [classes, averages];
}

function rowOf(precision: number, recall: number, f1: number, support: number): ReportRow {
  return { precision, recall, "f1-score": f1, support };
}

function looksAtAll({ labels, present }: Counted): boolean {
  const listed = new Set(labels.values);
  return listed.size === present.values.length && present.values.every((value) => listed.has(value));
}

function namesOf(
  call: string,
  { labels }: Counted,
  isListed: boolean,
  names: readonly string[] | null | undefined,
): string[] {
  const count = labels.values.length;
  if (names == null) return labels.values.map((value) => textOf(value, labels.kind));
  if (names.length !== count) {
    const message = `${call}: targetNames has a name for each class; got ${names.length} names and ${count} classes`;
    if (!isListed) throw new ShapeError(`${message}; the classes can be listed as labels`);
    // There scikit-learn has as many rows as both have.
    warn(message);
  }
  return names.slice(0, count).map(String);
}

const HEADERS = ["precision", "recall", "f1-score", "support"];

/** @param isFloat - whether numbers of samples have a point: weights, and, in scikit-learn, all numbers where no prediction is right. */
function textOfRows(classes: Rows, averages: Rows, digits: number, isFloat: boolean): string {
  const width = Math.max(...classes.map(([name]) => [...name].length), "weighted avg".length, digits);
  const line = (name: string, cells: readonly string[]): string =>
    `${" ".repeat(Math.max(0, width - [...name].length))}${name} ${cells.map((cell) => ` ${cell.padStart(9)}`).join("")}`;
  const support = (row: ReportRow): string => (isFloat ? pythonFloat(row.support) : String(row.support));
  const score = (x: number): string => pythonFixed(x, digits);
  const lineOf = ([name, row]: Rows[number], isAccuracy = false): string => {
    const { precision, recall, "f1-score": f1 } = row;
    const left = isAccuracy ? ["", ""] : [score(precision), score(recall)];
    return line(name, [...left, score(f1), support(row)]);
  };
  const above = classes.map((row) => lineOf(row));
  const below = averages.map((row) => lineOf(row, row[0] === "accuracy"));
  return [line("", HEADERS), "", ...above, "", ...below, ""].join("\n");
}
