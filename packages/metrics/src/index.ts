/**
 * Scores of predictions, as scikit-learn computes them: of classes, of scores and probabilities, and of numbers.
 *
 * Arguments are tensors or arrays; one number is given as such, and many as a tensor. Metrics read their arguments at once: of a tensor
 * on the GPU write `await x.cpu()`.
 *
 * @module
 */
export { accuracyScore, balancedAccuracyScore } from "./classification/accuracy.ts";
export { cohenKappaScore, matthewsCorrcoef } from "./classification/agreement.ts";
export { confusionMatrix } from "./classification/confusion-matrix.ts";
export {
  type AsObject,
  classificationReport,
  type ReportRow,
  type ReportTypes,
} from "./classification/report.ts";
export {
  type Averaged,
  f1Score,
  fbetaScore,
  type OfEachClass,
  precisionRecallFscoreSupport,
  precisionScore,
  recallScore,
  type ScoresOf,
  type ScoreTypes,
} from "./classification/scores.ts";
export type { Average, Label, Labels, Multioutput, Types, Values, ZeroDivision } from "./input/types.ts";
export { auc } from "./ranking/auc.ts";
export { averagePrecisionScore } from "./ranking/average-precision.ts";
export { logLoss } from "./ranking/log-loss.ts";
export { type PrecisionRecallCurve, precisionRecallCurve } from "./ranking/precision-recall-curve.ts";
export { type AreasOfEach, type AreaTypes, rocAucScore } from "./ranking/roc-auc-score.ts";
export { type RocCurve, rocCurve } from "./ranking/roc-curve.ts";
export { topKAccuracyScore } from "./ranking/top-k.ts";
export {
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  medianAbsoluteError,
  rootMeanSquaredError,
} from "./regression/errors.ts";
export {
  type ExplainedOfEach,
  type ExplainedTypes,
  explainedVarianceScore,
  r2Score,
} from "./regression/explained.ts";
export { maxError } from "./regression/max-error.ts";
export type { EachTarget, ErrorTypes } from "./regression/targets.ts";
