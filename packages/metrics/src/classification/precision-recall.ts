/**
 * Precision, recall and F scores of classes, and what their averages are. A quotient with the divisor 0 is `zeroDivision`; what is
 * made of such scores is scikit-learn 1.2's, `metrics/_classification.py`.
 */
import { quote, ValueError, warn } from "@flambeau/backend";
import { mean, sum } from "../input/sums.ts";
import type { Average, ZeroDivision } from "../input/types.ts";
import { type Counts, together } from "./counts.ts";

export type ScoreName = "precision" | "recall" | "f-score";

/** Of each class, or of all of them one number. */
export interface Scores {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly fbetaScore: Float64Array;
  readonly support: Float64Array;
}

interface Way {
  readonly average: Average | null;
  readonly beta: number;
  readonly zeroDivision: ZeroDivision;
  /** The scores that are asked for: only these warn. */
  readonly wanted: readonly ScoreName[];
}

/** The scores of each class; with an average, arrays of one element. */
export function scoresOf(counts: Counts, way: Way): Scores {
  const { average, beta, zeroDivision, wanted } = way;
  const { right, predicted, actual } = average === "micro" ? together(counts) : counts;
  const precision = quotients(right, predicted, way, "precision", "predicted");
  const recall = quotients(right, actual, way, "recall", "true");
  const isLost = (_: number, i: number): boolean => actual[i] === 0 && predicted[i] === 0;
  if (zeroDivision === "warn" && wanted.length === 1 && wanted[0] === "f-score" && actual.some(isLost))
    illDefined("F-score is", "true nor predicted", actual.length);
  const fbetaScore =
    beta === Number.POSITIVE_INFINITY ? recall : precision.map((p, i) => fOf(p, recall[i], beta));
  const scores = { precision, recall, fbetaScore, support: actual };
  if (average === null) return scores;
  return average === "weighted" ? weighted(scores, predicted, zeroDivision) : averaged(scores, null);
}

/** @throws ValueError */
export function checkBeta(call: string, beta: number): void {
  if (!(beta >= 0)) throw new ValueError(`${call}: beta is a number from 0; got ${quote(beta)}`);
}

function fOf(precision: number, recall: number, beta: number): number {
  const divisor = beta ** 2 * precision + recall;
  return ((1 + beta ** 2) * precision * recall) / (divisor === 0 ? 1 : divisor);
}

function averaged(scores: Scores, weights: Float64Array | null): Scores {
  const { precision, recall, fbetaScore, support } = scores;
  const one = (values: Float64Array): Float64Array => Float64Array.of(mean(values, weights));
  return { precision: one(precision), recall: one(recall), fbetaScore: one(fbetaScore), support };
}

function weighted(scores: Scores, predicted: Float64Array, zeroDivision: ZeroDivision): Scores {
  const { support } = scores;
  if (sum(support) !== 0) return averaged(scores, support);
  const lost = Float64Array.of(zeroDivision === 1 ? 1 : 0);
  const none = sum(predicted) === 0 ? lost : Float64Array.of(0);
  return { precision: none, recall: lost, fbetaScore: none, support };
}

function quotients(
  dividends: Float64Array,
  divisors: Float64Array,
  { zeroDivision, wanted }: Way,
  name: ScoreName,
  modifier: string,
): Float64Array {
  if (zeroDivision === "warn" && wanted.includes(name) && divisors.includes(0)) {
    const title = name === "precision" ? "Precision" : "Recall";
    const subject = wanted.includes("f-score") ? `${title} and F-score are` : `${title} is`;
    illDefined(subject, modifier, divisors.length);
  }
  const lost = zeroDivision === 1 ? 1 : 0;
  return dividends.map((dividend, i) => (divisors[i] === 0 ? lost : dividend / divisors[i]));
}

function illDefined(subject: string, modifier: string, classes: number): void {
  const where = classes === 1 ? "due to" : "in labels with";
  warn(
    `${subject} ill-defined and being set to 0.0 ${where} no ${modifier} samples. Use \`zeroDivision\` parameter to control this behavior.`,
  );
}
