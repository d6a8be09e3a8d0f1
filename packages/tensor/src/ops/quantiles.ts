/**
 * What a sample says: quantiles, the k-th smallest, pairs of statistics, covariance.
 *
 * @module
 */
import {
  type DType,
  DTypeError,
  formatShape,
  IndexError,
  isFloat,
  normalizeDim,
  quote,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { commonBackend } from "../dispatch/devices.ts";
import { type NamedTuple, namedTuple } from "../named-tuple.ts";
import { named } from "../recorder.ts";
import type { Tensor } from "../tensor.ts";
import { div, mul, sub } from "./arithmetic.ts";
import { clamp, clampMin } from "./clamp.ts";
import { isnan } from "./compare.ts";
import { amax, amin, type ValuesAndIndices } from "./extremes.ts";
import { sqrt } from "./math.ts";
import { outer } from "./matmul.ts";
import { type OfSample, ofSample } from "./of-sample.ts";
import { quantileOf } from "./quantile-of.ts";
import { itemSync } from "./reading.ts";
import { all, mean, sum } from "./reduce.ts";
import { std, var as variance } from "./statistics.ts";
import { isReadable } from "./unreadable.ts";
import { where } from "./where.ts";

const KTHVALUE = "kthvalue(input, k: int, dim = -1, keepdim = false)";

/**
 * The k-th smallest element along a dimension, counted from 1, and where it is.
 *
 * @throws IndexError when there is no such dimension, or not that many elements.
 *
 * @example
 * ```ts
 * import { kthvalue, tensor } from "@flambeau/tensor";
 *
 * const { values, indices } = kthvalue(tensor([30, 10, 20]), 2);
 * console.log(String(values), String(indices));
 * // tensor(20.) tensor(2)
 * ```
 */
export const kthvalue: Callable<typeof KTHVALUE, ValuesAndIndices> = callable(
  KTHVALUE,
  (x, k, dim, keepdim) => {
    const d = normalizeDim(dim, x.ndim);
    const size = x.ndim === 0 ? 1 : x.shape[d];
    if (!Number.isInteger(k) || k < 1 || k > size)
      throw new IndexError(`kthvalue: there is no element ${quote(k)} of ${size} along dimension ${dim}`);
    const { values, indices } = x.sort(d);
    if (x.ndim === 0) return namedTuple({ values: named(values, "Kthvalue"), indices });
    const pick = (t: Tensor): Tensor => (keepdim ? t.narrow(d, k - 1, 1) : t.select(d, k - 1));
    return namedTuple({ values: named(pick(values), "Kthvalue"), indices: pick(indices) });
  },
);

const QUANTILE =
  "quantile(input, q: number|tensor|numbers, dim?, keepdim = false, *, interpolation: 'linear'|'lower'|'higher'|'midpoint'|'nearest' = 'linear')";

/**
 * The value below which a part `q` of the elements lies, along a dimension or of all; several for an array or a
 * vector `q`, along a new first dimension. nan where an element is. A tensor `q` has a gradient, too.
 *
 * @throws ValueError when `q` is not within [0, 1] (of a device that cannot be read at once, a tensor is not checked); DTypeError
 *   for integers, or a tensor `q` of another dtype; IndexError when there is no such dimension or no element.
 *
 * @example
 * ```ts
 * import { quantile, tensor } from "@flambeau/tensor";
 *
 * console.log(String(quantile(tensor([1, 2, 3, 4]), 0.25)));
 * // tensor(1.7500)
 * console.log(String(quantile(tensor([1, 2, 3, 4]), [0, 0.5, 1])));
 * // tensor([1.0000, 2.5000, 4.0000])
 * ```
 */
export const quantile: Callable<typeof QUANTILE, Tensor> = callable(
  QUANTILE,
  (x, q, dim, keepdim, { interpolation }) =>
    quantileOf("quantile", x, q, dim, keepdim, interpolation, (sorted, parts) => {
      const last = sorted.shape[sorted.ndim - 1] - 1;
      // nan is in the last place, and every quantile is where it is.
      const poisoned = isnan(sorted.detach().narrow(-1, last, 1));
      return where(poisoned, last, parts.mul(last));
    }),
);

/**
 * The variance and the mean, as `var` and `mean` give them.
 *
 * @throws as `var`.
 *
 * @example
 * ```ts
 * import { tensor, varMean } from "@flambeau/tensor";
 *
 * const [variance, mean] = varMean(tensor([1, 2, 3]));
 * console.log(String(variance), String(mean));
 * // tensor(1.) tensor(2.)
 * ```
 */
export const varMean: OfSample<"varMean", [Tensor, Tensor]> = ofSample(
  "varMean",
  (x, dim, correction, keepdim) => [
    named(variance(x, dim, { correction, keepdim }), "VarMean"),
    named(mean(x, dim, keepdim), "VarMean"),
  ],
);

/**
 * The standard deviation and the mean, as `std` and `mean` give them.
 *
 * @throws as `std`.
 *
 * @example
 * ```ts
 * import { stdMean, tensor } from "@flambeau/tensor";
 *
 * const [std, mean] = stdMean(tensor([1, 2, 3]));
 * console.log(String(std), String(mean));
 * // tensor(1.) tensor(2.)
 * ```
 */
export const stdMean: OfSample<"stdMean", [Tensor, Tensor]> = ofSample(
  "stdMean",
  (x, dim, correction, keepdim) => [
    named(std(x, dim, { correction, keepdim }), "StdMean"),
    named(mean(x, dim, keepdim), "StdMean"),
  ],
);

/** What `aminmax` gives, by name or unpacked. */
export type MinAndMax = NamedTuple<{
  /** The smallest elements. */
  readonly min: Tensor;
  /** The largest elements. */
  readonly max: Tensor;
}>;

const AMINMAX = "aminmax(input, *, dim?, keepdim = false)";

/**
 * The smallest and the largest elements, along a dimension or of all.
 *
 * @throws IndexError as `amin`.
 *
 * @example
 * ```ts
 * import { aminmax, tensor } from "@flambeau/tensor";
 *
 * const { min, max } = aminmax(tensor([3, 1, 2]));
 * console.log(String(min), String(max));
 * // tensor(1.) tensor(3.)
 * ```
 */
export const aminmax: Callable<typeof AMINMAX, MinAndMax> = callable(AMINMAX, (x, { dim, keepdim }) => {
  // As in PyTorch a scalar has the dimension that is kept.
  const from = keepdim && dim !== undefined && x.ndim === 0 ? x.unsqueeze(dim) : x;
  return namedTuple({ min: amin(from, dim, keepdim), max: amax(from, dim, keepdim) });
});

/** Options of `cov`. */
export interface CovOptions {
  /** What is subtracted from the number of observations. Default 1. */
  readonly correction?: number;
  /** How often each observation counts: a vector of integers. */
  readonly fweights?: Tensor | null;
  /** How much each observation counts: a vector of floats. */
  readonly aweights?: Tensor | null;
}

/** A vector with a weight for each of the observations, which are not checked on devices that cannot be read at once. */
function checkWeights(name: string, weights: Tensor, x: Tensor, isRight: (dtype: DType) => boolean): void {
  commonBackend("cov", [x, weights]);
  if (!isRight(weights.dtype)) {
    const kind = name === "fweights" ? "integers" : "floats";
    throw new DTypeError(`cov: ${name} are ${kind}; got ${weights.dtype}`);
  }
  if (weights.ndim > 1 || weights.numel() !== x.shape[1]) {
    throw new ShapeError(
      `cov: ${name} of shape ${formatShape(weights.shape)} do not go with ${x.shape[1]} observations`,
    );
  }
  const { backend } = weights.storage;
  if (isReadable(backend) && !itemSync<boolean>(all(weights.detach().ge(0))))
    throw new ValueError(`cov: ${name} are not negative, and one of them is`);
}

/** The product of the weights there are, one for each column of `x`; null without any. */
function weightsOf(x: Tensor, { fweights, aweights }: CovOptions): Tensor | null {
  if (fweights != null) checkWeights("fweights", fweights, x, (d) => d !== "bool" && !isFloat(d));
  if (aweights != null) checkWeights("aweights", aweights, x, isFloat);
  if (fweights == null) return aweights ?? null;
  return aweights == null ? fweights : mul(fweights, aweights);
}

const COV = "cov(input, *, correction: int = 1, fweights?: tensor, aweights?: tensor)";

/**
 * The covariances of variables in rows (a vector is one variable), whose observations are the columns, each counted as
 * often and as much as its weights say.
 *
 * @throws ShapeError when there are more than two dimensions, or not as many weights as observations; DTypeError when `x` is bool,
 *   `fweights` are no integers or `aweights` no floats; ValueError when a weight is negative or their sum zero (on a device that
 *   cannot be read at once, neither is checked).
 *
 * @example
 * ```ts
 * import { cov, tensor } from "@flambeau/tensor";
 *
 * console.log(String(cov(tensor([[0, 1, 2], [2, 1, 0]]))));
 * // tensor([[ 1., -1.],
 * //         [-1.,  1.]])
 * console.log(String(cov(tensor([[0, 1, 2], [2, 1, 0]]), { fweights: tensor([1n, 2n, 1n]) })));
 * // tensor([[ 0.6667, -0.6667],
 * //         [-0.6667,  0.6667]])
 * ```
 */
export const cov: Callable<typeof COV, Tensor> = callable(COV, (x, options) => {
  const { correction = 1, aweights } = options;
  if (x.ndim > 2) throw new ShapeError(`cov takes variables in rows; got shape ${formatShape(x.shape)}`);
  if (x.dtype === "bool") throw new DTypeError("cov takes numbers, not a bool tensor; convert it with .to()");
  const rows = x.ndim === 2 ? x : x.reshape([1, -1]);
  const float = isFloat(rows.dtype) ? rows : rows.float();
  const weights = weightsOf(float, options);
  const out =
    weights === null ? covariance(float, correction) : weighted(float, weights, aweights, correction);
  return x.ndim === 2 ? out.squeeze() : out.reshape([]);
});

function covariance(x: Tensor, correction: number): Tensor {
  const centred = sub(x, mean(x, 1, { keepdim: true }));
  return div(centred.matmul(centred.t()), Math.max(0, x.shape[1] - correction));
}

/** Source: PyTorch, aten/src/ATen/native/Correlation.cpp. */
function weighted(x: Tensor, w: Tensor, aweights: Tensor | null | undefined, correction: number): Tensor {
  const total = sum(w);
  if (isReadable(w.storage.backend) && itemSync(total.detach()) === 0)
    throw new ValueError("cov: the sum of the weights is zero");
  const centred = sub(x, div(sum(mul(x, w), 1, { keepdim: true }), total));
  // Observations that count for more or less than one are not as many degrees of freedom.
  const taken =
    aweights == null || correction === 0 ? correction : div(mul(sum(mul(w, aweights)), correction), total);
  return div(centred.matmul(mul(centred, w).t()), clampMin(sub(total, taken), 0));
}

const CORRCOEF = "corrcoef(input)";

/**
 * The correlation coefficients of variables in rows, within [-1, 1].
 *
 * @throws ShapeError when there are more than two dimensions; DTypeError when `x` is bool.
 *
 * @example
 * ```ts
 * import { corrcoef, tensor } from "@flambeau/tensor";
 *
 * console.log(String(corrcoef(tensor([[0, 1, 2], [4, 2, 0]]))));
 * // tensor([[ 1., -1.],
 * //         [-1.,  1.]])
 * ```
 */
export const corrcoef: Callable<typeof CORRCOEF, Tensor> = callable(CORRCOEF, (x) => {
  const c = cov(x);
  if (c.ndim === 0) return div(c, c);
  const deviations = sqrt(c.diagonal());
  return clamp(div(c, outer(deviations, deviations)), -1, 1);
});
