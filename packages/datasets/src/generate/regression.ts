import { quote, ValueError } from "@flambeau/backend";
import { checkRandomState, type RandomState, type RandomStateLike } from "../numpy/random-state.ts";
import { orthonormal } from "./orthonormal.ts";
import { addNoise, checkCount, checkDeviation, squeeze, type Table, takeRows } from "./table.ts";

/** Options of a regression problem. */
export interface RegressionOptions {
  /** The number of samples. Default: 100. */
  nSamples?: number;
  /** The number of features. Default: 100. */
  nFeatures?: number;
  /** The number of features that bear on the target. Default: 10, or all where there are fewer. */
  nInformative?: number;
  /** The number of targets of each sample. Default: 1. */
  nTargets?: number;
  /** What is added to every target. Default: 0. */
  bias?: number;
  /** About how many singular vectors explain most of the samples; null draws independent features. Default: null. */
  effectiveRank?: number | null;
  /** With `effectiveRank`, the weight of the tail of the singular values, in [0, 1]. Default: 0.5. */
  tailStrength?: number;
  /** The standard deviation of the normal noise added to the targets. Default: 0. */
  noise?: number;
  /** Whether to put samples and features in random order. Default: true. */
  shuffle?: boolean;
  /** A seed, a stream to go on from, or null for {@link numpyRandom}. Default: null. */
  randomState?: RandomStateLike;
}

/** Samples, targets and the coefficients of the linear model that made them. */
export interface Regression {
  readonly X: Table;
  readonly y: Table;
  readonly coef: Table;
}

/** A random linear model and samples of it. Source: scikit-learn 1.2, `make_regression`. */
export function regression({
  nSamples = 100,
  nFeatures = 100,
  nInformative = 10,
  nTargets = 1,
  bias = 0,
  effectiveRank = null,
  tailStrength = 0.5,
  noise = 0,
  shuffle = true,
  randomState,
}: RegressionOptions): Regression {
  for (const [name, value] of Object.entries({ nSamples, nFeatures, nTargets })) checkCount(name, value, 1);
  checkCount("nInformative", nInformative, 0);
  checkDeviation("noise", noise);
  if (effectiveRank !== null) checkCount("effectiveRank", effectiveRank, 1);
  if (!(tailStrength >= 0 && tailStrength <= 1)) {
    throw new ValueError(`tailStrength must lie in [0, 1], but got ${quote(tailStrength)}`);
  }
  const random = checkRandomState(randomState);
  let X: Float64Array =
    effectiveRank === null
      ? random.standardNormal([nSamples, nFeatures])
      : lowRank(random, nSamples, nFeatures, effectiveRank, tailStrength);
  let coef: Float64Array = new Float64Array(nFeatures * nTargets);
  const informative = Math.min(nFeatures, nInformative);
  coef.set(random.uniform(0, 1, [informative, nTargets]).map((value) => 100 * value));
  let y: Float64Array = multiply(X, coef, nFeatures, nTargets).map((value) => value + bias);
  if (noise > 0) addNoise(random, y, noise);
  if (shuffle) {
    const samples = random.permutation(nSamples);
    X = takeRows(X, nFeatures, samples);
    y = takeRows(y, nTargets, samples);
    const features = random.permutation(nFeatures);
    X = X.map((_, i) => X[i - (i % nFeatures) + features[i % nFeatures]]);
    coef = takeRows(coef, nTargets, features);
  }
  return {
    X: { data: X, shape: [nSamples, nFeatures] },
    y: squeeze({ data: y, shape: [nSamples, nTargets] }),
    coef: squeeze({ data: coef, shape: [nFeatures, nTargets] }),
  };
}

/** The product of a matrix with `inner` columns and one with `columns`. */
function multiply(a: Float64Array, b: Float64Array, inner: number, columns: number): Float64Array {
  const rows = a.length / inner;
  const product = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < inner; k++) {
      const factor = a[i * inner + k];
      for (let j = 0; j < columns; j++) product[i * columns + j] += factor * b[k * columns + j];
    }
  }
  return product;
}

/** Samples with a bell-shaped profile of singular values and a tail. Source: scikit-learn, `make_low_rank_matrix`. */
function lowRank(
  random: RandomState,
  nSamples: number,
  nFeatures: number,
  rank: number,
  tailStrength: number,
): Float64Array {
  const n = Math.min(nSamples, nFeatures);
  const u = orthonormal(random.standardNormal([nSamples, n]), nSamples, n);
  const v = orthonormal(random.standardNormal([nFeatures, n]), nFeatures, n);
  const scaled = u.map((value, i) => value * singularValue(i % n, rank, tailStrength));
  const transposed = v.map((_, i) => v[(i % nFeatures) * n + Math.floor(i / nFeatures)]);
  return multiply(scaled, transposed, n, nFeatures);
}

function singularValue(index: number, rank: number, tailStrength: number): number {
  const bell = (1 - tailStrength) * Math.exp(-1 * (index / rank) ** 2);
  return bell + tailStrength * Math.exp((-0.1 * index) / rank);
}
