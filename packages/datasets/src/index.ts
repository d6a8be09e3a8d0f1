/**
 * Generated data sets equal to scikit-learn's for the same `randomState`, NumPy's legacy random numbers that they are
 * drawn from, the small data sets that scikit-learn ships, a scaler and a split.
 *
 * @module
 */
export type { BlobsOptions } from "./generate/blobs.ts";
export type { RegressionOptions } from "./generate/regression.ts";
export type { CirclesOptions, RingOptions } from "./generate/rings.ts";
export type { SplitSizes } from "./generate/split.ts";
export { type MakeBlobsOptions, makeBlobs } from "./make-blobs.ts";
export { type MakeRegressionOptions, makeRegression, type RegressionData } from "./make-regression.ts";
export { type ClassificationData, makeCircles, makeMoons } from "./make-rings.ts";
export type { IntegerArrays, IntegerDType } from "./numpy/randint.ts";
export {
  numpyRandom,
  RandomState,
  type RandomStateLike,
  type Shuffleable,
} from "./numpy/random-state.ts";
export type { Size } from "./numpy/size.ts";
export type { Seed } from "./numpy/stream.ts";
export { StandardScaler } from "./standard-scaler.ts";
export { loadBreastCancer } from "./toy/load-breast-cancer.ts";
export { type DiabetesOptions, type DiabetesPairOptions, loadDiabetes } from "./toy/load-diabetes.ts";
export { type DigitsOptions, type DigitsPairOptions, type DigitsSet, loadDigits } from "./toy/load-digits.ts";
export { loadIris } from "./toy/load-iris.ts";
export { loadWine } from "./toy/load-wine.ts";
export type { ClassifiedSet, LoadOptions, Pair, PairOptions, ToySet } from "./toy/toy-set.ts";
export { type TrainTestSplitOptions, trainTestSplit } from "./train-test-split.ts";
