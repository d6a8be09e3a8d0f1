/**
 * The chapter's data, and the line that least squares puts through it.
 *
 * @module
 */
import { cat, data, datasets, linalg, ones, type Tensor, tensor } from "flambeau";

/** The number of rows that one step of training sees. */
export const BATCH_SIZE = 50;
export const LEARNING_RATE = 0.1;

/** Samples and targets, float64, or int64 for classes. */
export interface Problem {
  readonly X: Tensor;
  readonly y: Tensor;
}

/** 500 samples of a linear function of one or more features, with noise. */
export function linearProblem(nFeatures: number): Problem {
  return datasets.makeRegression({ nSamples: 500, nFeatures, randomState: 0, noise: 10 });
}

/** 500 samples of x^2 + 15 sin(x)^3 at sorted normal x. */
export function waveProblem(): Problem {
  datasets.numpyRandom.seed(2020);
  const X = tensor(datasets.numpyRandom.randn(500).sort());
  const y = X.pow(2).add(X.sin().pow(3).mul(15));
  return { X: X.unsqueeze(1), y };
}

/** Two rings, one around the other. */
export function circlesProblem(): Problem {
  return datasets.makeCircles({ nSamples: 300, factor: 0.5, noise: 0.1, randomState: 2020 });
}

/** Four clusters. */
export function blobsProblem(): Problem {
  return datasets.makeBlobs({
    nSamples: 200,
    centers: 4,
    centerBox: [-1.2, 1.2],
    clusterStd: [0.15, 0.15, 0.15, 0.15],
    randomState: 12345,
  });
}

/** Shuffled batches of a problem on a device, in float32. Classes stay integers where `classes` says so. */
export function loaderOf(
  { X, y }: Problem,
  device: string,
  { classes = false } = {},
): data.DataLoader<[Tensor, Tensor]> {
  const dataset = new data.TensorDataset(
    X.to({ dtype: "float32", device }),
    y.to({ dtype: classes ? "int64" : "float32", device }),
  );
  return new data.DataLoader(dataset, { batchSize: BATCH_SIZE, shuffle: true });
}

/** A linear model fitted by least squares: what the chapter takes scikit-learn's LinearRegression for. */
export interface LinearFit {
  readonly intercept: number;
  readonly coefficients: readonly number[];
  /** The model's values for the samples, shape [n]. */
  readonly predictions: Tensor;
}

/** Fits intercept and coefficients at once: the intercept is the coefficient of a column of ones. */
export async function fitLinear({ X, y }: Problem): Promise<LinearFit> {
  const design = cat([ones([X.shape[0], 1], { dtype: X.dtype }), X], 1);
  const { solution } = linalg.lstsq(design, y);
  const [intercept, ...coefficients] = await solution.toArray<number[]>();
  return { intercept, coefficients, predictions: design.matmul(solution) };
}
