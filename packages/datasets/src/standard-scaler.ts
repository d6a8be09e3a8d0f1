import { type DType, epsilonOf, formatShape, isFloat, ShapeError, ValueError } from "@flambeau/backend";
import { type Args, bind, type Tensor, where } from "@flambeau/tensor";

const SIGNATURE = "StandardScaler(*, withMean = true, withStd = true)";
const FIT = "StandardScaler.fit(X: tensor)";
const TRANSFORM = "StandardScaler.transform(X: tensor)";
const FIT_TRANSFORM = "StandardScaler.fitTransform(X: tensor)";
const INVERSE = "StandardScaler.inverseTransform(X: tensor)";

/**
 * Brings each feature to mean 0 and variance 1. As scikit-learn's: nan stands for what is not known, and is left out of the
 * statistics and left as it is; statistics are computed in float64 (on a device
 * without it, in the samples' dtype), the variance is the population's, and a feature that is constant up to rounding
 * is only centered. Samples are left as they are; results have their dtype, or float64 for integers.
 *
 * Source: scikit-learn 1.2, `preprocessing/_data.py`; the variance by the corrected two-pass algorithm of T. Chan,
 * G. Golub and R. LeVeque, "Algorithms for computing the sample variance", The American Statistician 37 (1983).
 *
 * @example
 * ```ts
 * import { StandardScaler } from "@flambeau/datasets";
 * import { tensor } from "@flambeau/tensor";
 *
 * const scaler = new StandardScaler();
 * console.log(String(scaler.fitTransform(tensor([[1, 10], [3, 30]]))));
 * // tensor([[-1., -1.],
 * //         [ 1.,  1.]])
 * console.log(String(scaler.mean));
 * // tensor([ 2., 20.], dtype=float64)
 * ```
 */
export class StandardScaler {
  /** Whether features are centered. */
  readonly withMean: boolean;
  /** Whether features are scaled. */
  readonly withStd: boolean;
  /** The mean of each feature; null before `fit`, and where nothing needs it. */
  mean: Tensor | null = null;
  /** The variance of each feature; null before `fit` and without `withStd`. */
  variance: Tensor | null = null;
  /** What each feature is divided by; null before `fit` and without `withStd`. */
  scale: Tensor | null = null;
  private features: number | null = null;

  constructor(...args: Args<typeof SIGNATURE>) {
    const { withMean, withStd } = bind(SIGNATURE, args);
    this.withMean = withMean;
    this.withStd = withStd;
  }

  /**
   * Learns the mean and the scale of each feature of `X`: samples x features, at least one sample.
   *
   * @returns this scaler.
   * @throws ShapeError when `X` is no such matrix.
   */
  fit(...args: Args<typeof FIT>): this {
    const { X } = bind(FIT, args);
    if (X.ndim !== 2 || X.shape[0] === 0) {
      throw new ShapeError(
        `StandardScaler needs samples x features with at least one sample, got ${formatShape(X.shape)}`,
      );
    }
    const x = widened(X);
    const missing = x.isnan();
    const samples = missing.logicalNot().sum(0).to(x.dtype);
    const mean = x.maskedFill(missing, 0).sum(0).div(samples);
    const variance = this.withStd ? varianceOf(x.sub(mean).maskedFill(missing, 0), samples) : null;
    this.features = X.shape[1];
    this.mean = this.withMean || this.withStd ? mean : null;
    this.variance = variance;
    this.scale = variance === null ? null : scaleOf(variance, mean, samples);
    return this;
  }

  /**
   * The samples, centered and scaled.
   *
   * @throws ValueError before `fit`; ShapeError when `X` has other features than `fit` saw.
   */
  transform(...args: Args<typeof TRANSFORM>): Tensor {
    const { X } = bind(TRANSFORM, args);
    const { mean, scale } = this.fitted(X);
    const dtype = resultDType(X);
    // Each step rounds to the samples' dtype, as scikit-learn's steps in place do.
    const centered = mean === null ? X.detach().to(dtype) : widened(X).sub(mean).to(dtype);
    return scale === null ? centered : widened(centered).div(scale).to(dtype);
  }

  /** `fit(X)`, then `transform(X)`. */
  fitTransform(...args: Args<typeof FIT_TRANSFORM>): Tensor {
    const { X } = bind(FIT_TRANSFORM, args);
    return this.fit(X).transform(X);
  }

  /**
   * The samples that `transform` has made these of.
   *
   * @throws ValueError before `fit`; ShapeError when `X` has other features than `fit` saw.
   */
  inverseTransform(...args: Args<typeof INVERSE>): Tensor {
    const { X } = bind(INVERSE, args);
    const { mean, scale } = this.fitted(X);
    const dtype = resultDType(X);
    const unscaled = scale === null ? X.detach().to(dtype) : widened(X).mul(scale).to(dtype);
    return mean === null ? unscaled : widened(unscaled).add(mean).to(dtype);
  }

  /** What to subtract and to divide by, once the samples are known to fit. */
  private fitted(X: Tensor): { mean: Tensor | null; scale: Tensor | null } {
    if (this.features === null)
      throw new ValueError("this StandardScaler knows no mean and scale yet: call fit first");
    if (X.ndim !== 2 || X.shape[1] !== this.features) {
      throw new ShapeError(
        `this StandardScaler was fitted to ${this.features} features, but got samples of shape ${formatShape(X.shape)}`,
      );
    }
    return { mean: this.withMean ? this.mean : null, scale: this.scale };
  }
}

/** The samples in the dtype that statistics are computed in, cut off from any graph. */
function widened(X: Tensor): Tensor {
  return X.detach().to(X.device === "cpu" ? "float64" : resultDType(X));
}

function resultDType(X: Tensor): DType {
  if (isFloat(X.dtype)) return X.dtype;
  return X.device === "cpu" ? "float64" : "float32";
}

function varianceOf(deviation: Tensor, samples: Tensor): Tensor {
  // In exact arithmetic the deviations sum to 0; what they do sum to corrects the mean's rounding.
  const correction = deviation.sum(0).square().div(samples);
  return deviation.square().sum(0).sub(correction).div(samples);
}

/** The standard deviation, or 1 where the variance is within what rounding alone can make of a constant. */
function scaleOf(variance: Tensor, mean: Tensor, samples: Tensor): Tensor {
  const epsilon = epsilonOf(variance.dtype);
  const rounding = samples.mul(epsilon);
  const bound = variance.mul(rounding).add(mean.mul(rounding).square());
  return where(variance.le(bound), 1, variance.sqrt());
}
