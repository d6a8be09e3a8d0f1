import {
  type Args,
  bind,
  type NamedTuple,
  namedTuple,
  type Requiring,
  type Tensor,
  tensor,
} from "@flambeau/tensor";
import type { Average, Types } from "../input/types.ts";
import { counted } from "./classes-of-interest.ts";
import { checkBeta, type ScoreName, type Scores, scoresOf } from "./precision-recall.ts";
import { checkZeroDivision } from "./zero-division.ts";

/** Parameters of scores of classes. */
export interface ScoreTypes extends Types {
  /** How the scores of classes become one: that of the positive class ("binary"), that of all samples together ("micro"), the mean ("macro"), or the mean weighted by the classes' samples ("weighted"); null gives the score of each class. */
  readonly average: Average | null;
  /** How many times as much recall counts as precision. */
  readonly beta: number;
}

/** Asks for the scores of each class. */
export interface OfEachClass extends ScoreTypes {
  /** Null gives the score of each class. */
  readonly average: null;
}

/** Asks for an average of the classes' scores. */
export interface Averaged extends ScoreTypes {
  /** How the scores of classes become one. */
  readonly average: Average;
}

const PRECISION =
  "precisionScore(yTrue: any, yPred: any, *, labels?: any, posLabel: scalar|string = 1, average: 'binary'|'micro'|'macro'|'weighted'|null = 'binary', sampleWeight?: any, zeroDivision: 'warn'|number = 'warn')";
const RECALL =
  "recallScore(yTrue: any, yPred: any, *, labels?: any, posLabel: scalar|string = 1, average: 'binary'|'micro'|'macro'|'weighted'|null = 'binary', sampleWeight?: any, zeroDivision: 'warn'|number = 'warn')";
const F1 =
  "f1Score(yTrue: any, yPred: any, *, labels?: any, posLabel: scalar|string = 1, average: 'binary'|'micro'|'macro'|'weighted'|null = 'binary', sampleWeight?: any, zeroDivision: 'warn'|number = 'warn')";
const FBETA =
  "fbetaScore(yTrue: any, yPred: any, *, beta: number, labels?: any, posLabel: scalar|string = 1, average: 'binary'|'micro'|'macro'|'weighted'|null = 'binary', sampleWeight?: any, zeroDivision: 'warn'|number = 'warn')";
const ALL =
  "precisionRecallFscoreSupport(yTrue: any, yPred: any, *, beta: number = 1, labels?: any, posLabel: scalar|string = 1, average?: 'binary'|'micro'|'macro'|'weighted', sampleWeight?: any, zeroDivision: 'warn'|number = 'warn')";

/** What a call was given. */
interface Given extends Omit<ScoreTypes, "yScore" | "labels" | "sampleWeight" | "beta"> {
  readonly labels?: ScoreTypes["labels"] | undefined;
  readonly sampleWeight?: ScoreTypes["sampleWeight"] | undefined;
  readonly beta?: number;
}

function scores(call: string, given: Given, wanted: readonly ScoreName[]): Scores & { isWeighted: boolean } {
  const { average, zeroDivision, beta = 1 } = given;
  checkBeta(call, beta);
  checkZeroDivision(call, zeroDivision);
  const { counts, isWeighted } = counted(call, given);
  return { ...scoresOf(counts, { average, beta, zeroDivision, wanted }), isWeighted };
}

/** One score: a number, or those of each class. */
function single(values: Float64Array, average: Average | null): number | Tensor {
  return average === null ? tensor(values) : values[0];
}

/**
 * The precision of a classification: of the samples that were predicted to be of a class, the part that is. 1 is the best, 0 the
 * worst.
 *
 * The numbers are scikit-learn's `precision_score`.
 *
 * @returns a number; with `average: null` a float64 tensor, one element for each class.
 * @throws ValueError when classes are more than two and `average` is "binary", or `posLabel` is none of two; ShapeError when the
 *   numbers of samples differ; ArgumentError for classes that cannot be compared; DeviceError for tensors that cannot be read at
 *   once.
 *
 * @example
 * ```ts
 * import { precisionScore } from "@flambeau/metrics";
 *
 * console.log(precisionScore([0, 1, 1, 0], [0, 1, 1, 1]));
 * // 0.6666666666666666
 * console.log(precisionScore(["cat", "dog", "cat"], ["cat", "cat", "cat"], { average: null, zeroDivision: 0 }));
 * // tensor([0.6667, 0.0000], dtype=float64)
 * ```
 */
export function precisionScore(...args: Args<Requiring<typeof PRECISION, "average">, OfEachClass>): Tensor;
export function precisionScore(...args: Args<typeof PRECISION, ScoreTypes>): number;
export function precisionScore(...args: unknown[]): number | Tensor {
  const given = bind<typeof PRECISION, ScoreTypes>(PRECISION, args);
  return single(scores("precisionScore", given, ["precision"]).precision, given.average);
}

/**
 * The recall of a classification: of the samples of a class, the part that was predicted to be of it. 1 is the best, 0 the worst.
 *
 * The numbers are scikit-learn's `recall_score`.
 *
 * @returns a number; with `average: null` a float64 tensor, one element for each class.
 * @throws as `precisionScore`.
 *
 * @example
 * ```ts
 * import { recallScore } from "@flambeau/metrics";
 * import { tensor } from "@flambeau/tensor";
 *
 * const yTrue = tensor([0n, 1n, 2n, 0n, 1n, 2n]);
 * const yPred = tensor([0n, 2n, 1n, 0n, 0n, 1n]);
 * console.log(recallScore(yTrue, yPred, { average: "macro" }));
 * // 0.3333333333333333
 * ```
 */
export function recallScore(...args: Args<Requiring<typeof RECALL, "average">, OfEachClass>): Tensor;
export function recallScore(...args: Args<typeof RECALL, ScoreTypes>): number;
export function recallScore(...args: unknown[]): number | Tensor {
  const given = bind<typeof RECALL, ScoreTypes>(RECALL, args);
  return single(scores("recallScore", given, ["recall"]).recall, given.average);
}

/**
 * The F1 score of a classification: the harmonic mean of precision and recall. 1 is the best, 0 the worst.
 *
 * The numbers are scikit-learn's `f1_score`.
 *
 * @returns a number; with `average: null` a float64 tensor, one element for each class.
 * @throws as `precisionScore`.
 *
 * @example
 * ```ts
 * import { f1Score } from "@flambeau/metrics";
 *
 * console.log(f1Score([0, 1, 1, 0], [0, 1, 1, 1]));
 * // 0.8
 * ```
 */
export function f1Score(...args: Args<Requiring<typeof F1, "average">, OfEachClass>): Tensor;
export function f1Score(...args: Args<typeof F1, ScoreTypes>): number;
export function f1Score(...args: unknown[]): number | Tensor {
  const given = bind<typeof F1, ScoreTypes>(F1, args);
  return single(scores("f1Score", given, ["f-score"]).fbetaScore, given.average);
}

/**
 * The F score of a classification, in which recall counts `beta` times as much as precision. 1 is the best, 0 the worst.
 *
 * The numbers are scikit-learn's `fbeta_score`.
 *
 * @returns a number; with `average: null` a float64 tensor, one element for each class.
 * @throws ValueError when `beta` is below 0, and as `precisionScore`.
 *
 * @example
 * ```ts
 * import { fbetaScore } from "@flambeau/metrics";
 *
 * console.log(fbetaScore([0, 1, 1, 0], [0, 1, 1, 1], { beta: 0.5 }));
 * // 0.7142857142857142
 * ```
 */
export function fbetaScore(...args: Args<Requiring<typeof FBETA, "average">, OfEachClass>): Tensor;
export function fbetaScore(...args: Args<typeof FBETA, ScoreTypes>): number;
export function fbetaScore(...args: unknown[]): number | Tensor {
  const given = bind<typeof FBETA, ScoreTypes>(FBETA, args);
  return single(scores("fbetaScore", given, ["f-score"]).fbetaScore, given.average);
}

/** The four scores of one classification. */
export interface ScoresOf<Score, Support> {
  /** The precision. */
  readonly precision: Score;
  /** The recall. */
  readonly recall: Score;
  /** The F score. */
  readonly fbetaScore: Score;
  /** The number of samples of each class, or their weight; null for an average. */
  readonly support: Support;
}

/**
 * Precision, recall, F score and the number of samples of each class, or what an average makes of them. The result is read by name,
 * or unpacked.
 *
 * The numbers are scikit-learn's `precision_recall_fscore_support`.
 *
 * @returns float64 tensors, one element for each class, and their support as int64, or float64 where samples have weights; with an
 *   average numbers, and null for the support.
 * @throws as `fbetaScore`.
 *
 * @example
 * ```ts
 * import { precisionRecallFscoreSupport } from "@flambeau/metrics";
 *
 * const yTrue = ["cat", "dog", "pig", "cat", "dog", "pig"];
 * const yPred = ["cat", "pig", "dog", "cat", "cat", "dog"];
 * const { precision, recall, support } = precisionRecallFscoreSupport(yTrue, yPred, { zeroDivision: 0 });
 * console.log(String(precision), String(recall), String(support));
 * // tensor([0.6667, 0.0000, 0.0000], dtype=float64) tensor([1., 0., 0.], dtype=float64) tensor([2, 2, 2])
 * const [, , f1] = precisionRecallFscoreSupport(yTrue, yPred, { average: "micro" });
 * console.log(f1);
 * // 0.3333333333333333
 * ```
 */
export function precisionRecallFscoreSupport(
  ...args: Args<Requiring<typeof ALL, "average">, Averaged>
): NamedTuple<ScoresOf<number, null>>;
export function precisionRecallFscoreSupport(
  ...args: Args<typeof ALL, ScoreTypes>
): NamedTuple<ScoresOf<Tensor, Tensor>>;
export function precisionRecallFscoreSupport(
  ...args: unknown[]
): NamedTuple<ScoresOf<number | Tensor, Tensor | null>> {
  const bound = bind<typeof ALL, ScoreTypes>(ALL, args);
  const average = bound.average ?? null;
  const found = scores("precisionRecallFscoreSupport", { ...bound, average }, [
    "precision",
    "recall",
    "f-score",
  ]);
  const { precision, recall, fbetaScore, support, isWeighted } = found;
  return namedTuple({
    precision: single(precision, average),
    recall: single(recall, average),
    fbetaScore: single(fbetaScore, average),
    support: average === null ? supportOf(support, isWeighted) : null,
  });
}

function supportOf(support: Float64Array, isWeighted: boolean): Tensor {
  return tensor(isWeighted ? support : BigInt64Array.from(support, BigInt));
}
