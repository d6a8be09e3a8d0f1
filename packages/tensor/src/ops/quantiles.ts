/**
 * What a sample says: quantiles, the k-th smallest, pairs of statistics, covariance.
 *
 * @module
 */
import {
  DTypeError,
  formatShape,
  IndexError,
  isFloat,
  normalizeDim,
  ShapeError,
  ValueError,
} from "@flambeau/backend";
import { named } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { div, sub } from "./arithmetic.ts";
import { clamp } from "./clamp.ts";
import { lerp } from "./combine.ts";
import { isnan } from "./compare.ts";
import { amax, amin, type ValuesAndIndices } from "./extremes.ts";
import { stack } from "./join.ts";
import { sqrt } from "./math.ts";
import { outer } from "./matmul.ts";
import { toArraySync } from "./reading.ts";
import { any, mean } from "./reduce.ts";
import type { Dims, ReduceOptions } from "./reduction.ts";
import { type VarianceOptions, var as variance } from "./statistics.ts";
import { maskedFill } from "./where.ts";

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
export function kthvalue(
  x: Tensor,
  k: number,
  dim = -1,
  options: { readonly keepdim?: boolean } = {},
): ValuesAndIndices {
  const d = normalizeDim(dim, x.ndim);
  const size = x.ndim === 0 ? 1 : x.shape[d];
  if (!Number.isInteger(k) || k < 1 || k > size)
    throw new IndexError(`kthvalue: there is no element ${k} of ${size} along dimension ${dim}`);
  const { values, indices } = x.sort(d);
  if (x.ndim === 0) return { values: named(values, "Kthvalue"), indices };
  const pick = (t: Tensor): Tensor => (options.keepdim ? t.narrow(d, k - 1, 1) : t.select(d, k - 1));
  return { values: named(pick(values), "Kthvalue"), indices: pick(indices) };
}

/** Options of `quantile`. */
export interface QuantileOptions {
  /** Keep the reduced dimension with size one. Default false. */
  readonly keepdim?: boolean;
  /** What lies between two elements. Default "linear". */
  readonly interpolation?: "linear" | "lower" | "higher" | "midpoint" | "nearest";
}

/** How far from the element below a rank to the one above it the quantile lies; null where it is one of the two. */
const BETWEEN: Readonly<
  Record<NonNullable<QuantileOptions["interpolation"]>, (rank: number) => number | null>
> = {
  linear: (rank) => rank % 1,
  midpoint: () => 0.5,
  lower: () => null,
  higher: () => null,
  nearest: () => null,
};

/** A whole rank; halfway goes to the even one. */
function chosenRank(rank: number, interpolation: QuantileOptions["interpolation"]): number {
  if (interpolation === "higher") return Math.ceil(rank);
  const below = Math.floor(rank);
  if (interpolation === "lower" || rank % 1 < 0.5 || (rank % 1 === 0.5 && below % 2 === 0)) return below;
  return below + 1;
}

/**
 * The value below which a part `q` of the elements lies, along a dimension or of all; several for an array or a
 * vector `q`, along a new first dimension. nan where an element is.
 *
 * @throws ValueError when `q` is not within [0, 1]; DTypeError for integers; IndexError when there is no such dimension
 *   or no element.
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
export function quantile(
  x: Tensor,
  q: number | readonly number[] | Tensor,
  dim?: number | null,
  options: QuantileOptions = {},
): Tensor {
  const { keepdim = false, interpolation = "linear" } = options;
  if (!isFloat(x.dtype)) throw new DTypeError(`quantile needs floats; got ${x.dtype}`);
  if (!Object.hasOwn(BETWEEN, interpolation)) {
    throw new ValueError(
      `quantile: interpolation is one of ${Object.keys(BETWEEN).join(", ")}; got ${JSON.stringify(interpolation)}`,
    );
  }
  const all = dim === undefined || dim === null;
  const d = all ? 0 : normalizeDim(dim, x.ndim);
  const from = all || x.ndim === 0 ? x.reshape([-1]) : x;
  const size = from.shape[d];
  if (from.numel() === 0)
    throw new IndexError(`quantile: there is no element; the shape is ${formatShape(x.shape)}`);
  const sorted = from.sort(d).values;
  // nan sorts last, and makes every quantile nan.
  const poisoned = any(isnan(from.detach()), d, { keepdim: true });
  const at = (part: number): Tensor => {
    if (!(part >= 0 && part <= 1)) throw new ValueError(`quantile: q lies between 0 and 1; got ${part}`);
    // The rank is computed in the dtype of the elements, as in PyTorch.
    const rank = x.dtype === "float32" ? Math.fround(Math.fround(part) * (size - 1)) : part * (size - 1);
    const share = BETWEEN[interpolation](rank);
    const value =
      share === null
        ? sorted.narrow(d, chosenRank(rank, interpolation), 1)
        : lerp(sorted.narrow(d, Math.floor(rank), 1), sorted.narrow(d, Math.ceil(rank), 1), share);
    const out = maskedFill(value, poisoned, Number.NaN);
    if (!keepdim) return x.ndim === 0 || all ? out.reshape([]) : out.squeeze(d);
    return all ? out.reshape(x.shape.map(() => 1)) : x.ndim === 0 ? out.reshape([]) : out;
  };
  if (q instanceof Tensor && q.ndim > 1)
    throw new ShapeError(`quantile: q is a number or a vector; got shape ${formatShape(q.shape)}`);
  const parts: number | readonly number[] = q instanceof Tensor ? toArraySync(q) : q;
  return typeof parts === "number" ? at(parts) : stack(parts.map(at));
}

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
export function varMean(x: Tensor, dim?: Dims, options: VarianceOptions = {}): [Tensor, Tensor] {
  return [named(variance(x, dim, options), "VarMean"), named(mean(x, dim, options), "VarMean")];
}

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
export function stdMean(x: Tensor, dim?: Dims, options: VarianceOptions = {}): [Tensor, Tensor] {
  return [named(x.std(dim, options), "StdMean"), named(mean(x, dim, options), "StdMean")];
}

/** What `aminmax` gives. */
export interface MinAndMax {
  /** The smallest elements. */
  readonly min: Tensor;
  /** The largest elements. */
  readonly max: Tensor;
}

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
export function aminmax(x: Tensor, dim?: number | null, options: ReduceOptions = {}): MinAndMax {
  return { min: amin(x, dim, options), max: amax(x, dim, options) };
}

/**
 * The covariances of variables in rows (a vector is one variable), whose observations are the columns.
 *
 * @param options - `correction`: what is subtracted from the number of observations; 1 by default.
 * @throws ShapeError when there are more than two dimensions; DTypeError when `x` is bool.
 *
 * @example
 * ```ts
 * import { cov, tensor } from "@flambeau/tensor";
 *
 * console.log(String(cov(tensor([[0, 1, 2], [2, 1, 0]]))));
 * // tensor([[ 1., -1.],
 * //         [-1.,  1.]])
 * ```
 */
export function cov(x: Tensor, options: { readonly correction?: number } = {}): Tensor {
  const { correction = 1 } = options;
  if (x.ndim > 2) throw new ShapeError(`cov takes variables in rows; got shape ${formatShape(x.shape)}`);
  if (x.dtype === "bool") throw new DTypeError("cov takes numbers, not a bool tensor; convert it with .to()");
  const rows = x.ndim === 2 ? x : x.reshape([1, -1]);
  const float = isFloat(rows.dtype) ? rows : rows.float();
  const centred = sub(float, mean(float, 1, { keepdim: true }));
  const out = div(centred.matmul(centred.t()), Math.max(0, rows.shape[1] - correction));
  return x.ndim === 2 ? out.squeeze() : out.reshape([]);
}

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
export function corrcoef(x: Tensor): Tensor {
  const c = cov(x);
  if (c.ndim === 0) return div(c, c);
  const deviations = sqrt(c.diagonal());
  return clamp(div(c, outer(deviations, deviations)), -1, 1);
}
