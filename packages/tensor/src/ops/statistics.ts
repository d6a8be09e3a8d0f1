/**
 * Reductions made of others: variances, norms, and those that leave out nan.
 *
 * @module
 */
import { formatShape, isFloat, isHalf, numel, ShapeError } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { getDefaultDType } from "../defaults.ts";
import { named } from "../recorder.ts";
import type { Tensor } from "../tensor.ts";
import { pow, sub } from "./arithmetic.ts";
import { isnan, ne } from "./compare.ts";
import { amax, amin } from "./extremes.ts";
import { exp, log, sqrt } from "./math.ts";
import { nuclearNorm } from "./nuclear-norm.ts";
import { type OfSample, ofSample } from "./of-sample.ts";
import { mean, sum } from "./reduce.ts";
import { type Dims, dimsOf, floatInput } from "./reduction.ts";
import { abs, square } from "./rounding.ts";
import { squeeze } from "./views.ts";
import { maskedFill, where } from "./where.ts";

/**
 * The variance, of a sample by default (divided by n - 1).
 *
 * @throws DTypeError for integers.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([1, 2, 3, 4]);
 * console.log(String(x.var()));
 * // tensor(1.6667)
 * console.log(String(x.var(0, { correction: 0 })));
 * // tensor(1.2500)
 * ```
 */
const variance: OfSample<"var", Tensor> = ofSample("var", (x, ...options) => {
  return roundedAs(x, varianceOf(widened(x), ...options));
});

export { variance as var };

function varianceOf(x: Tensor, dim: Dims, correction: number, keepdim: boolean): Tensor {
  const from = floatInput("var", x, {});
  const dims = dimsOf(x, dim);
  const count = numel(dims.map((d) => x.shape[d]));
  const squares = sum(square(sub(from, mean(from, dims, true))), dims, keepdim);
  return named(squares.div(Math.max(count - correction, 0)), "Var");
}

/**
 * The standard deviation, the square root of `var`.
 *
 * @throws DTypeError for integers.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2, 3, 4]).std()));
 * // tensor(1.2910)
 * ```
 */
export const std: OfSample<"std", Tensor> = ofSample("std", (x, ...options) => {
  return roundedAs(x, rootOf(varianceOf(widened(x), ...options)));
});

/** A tensor of 16-bit floats as float32, so that a composed result is rounded once; others as they are. */
function widened(x: Tensor): Tensor {
  return isHalf(x.dtype) ? x.to("float32") : x;
}

/** A result of `widened(x)` in the dtype of `x`. */
function roundedAs(x: Tensor, y: Tensor): Tensor {
  return isHalf(x.dtype) ? y.to(x.dtype) : y;
}

function rootOf(squared: Tensor): Tensor {
  if (!squared.requiresGrad) return sqrt(squared);
  // The root is infinitely steep at zero; the gradient zero is taken there, as PyTorch does.
  const zero = squared.detach().eq(0);
  return named(maskedFill(sqrt(maskedFill(squared, zero, 1)), zero, 0), "Std");
}

const LOGSUMEXP = "logsumexp(input, dim: int|ints, keepdim = false)";

/**
 * `log(sum(exp(x)))` over dimensions, without overflow.
 *
 * @throws DTypeError for integers.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[0, 0], [1000, 0]]).logsumexp(1)));
 * // tensor([6.9315e-01, 1.0000e+03])
 * ```
 */
export const logsumexp: Callable<typeof LOGSUMEXP, Tensor> = callable(LOGSUMEXP, (x, dim, keepdim) => {
  // Integers are exponents as good as any: as in PyTorch they become the default float.
  const from = floatInput("logsumexp", isFloat(x.dtype) ? x : x.to(getDefaultDType()), {});
  const dims = dimsOf(x, dim);
  if (numel(dims.map((d) => x.shape[d])) === 0) return log(sum(exp(from), dims, keepdim));
  const top = amax(from.detach(), dims, { keepdim: true });
  // Where everything is -inf (or something is inf) the difference would be nan.
  const shift = where(top.isfinite(), top, 0);
  const out = log(sum(exp(sub(from, shift)), dims, { keepdim: true })).add(shift);
  return named(keepdim || dims.length === 0 ? out : squeeze(out, dims), "Logsumexp");
});

const NORM = "norm(input, p: number|'fro'|'nuc' = 'fro', dim?: int|ints, keepdim = false, dtype?)";

/**
 * The p-norm over all elements or dimensions: `sum(|x|^p)^(1/p)`; the largest absolute value for Infinity, the smallest
 * for -Infinity, the number of non-zeros for 0. Its gradient at zero is zero. `"fro"`, the Frobenius norm, is 2; `"nuc"`, the
 * nuclear norm, is the sum of the singular values of a matrix, or of those along two dimensions.
 *
 * @throws DTypeError for integers; ValueError when there is no such order, or "nuc" has an infinite or nan element; ShapeError
 *   when "fro" is along more than two dimensions, or "nuc" not along two.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([3, -4]);
 * console.log(String(x.norm()));
 * // tensor(5.)
 * console.log(String(x.norm(1)));
 * // tensor(7.)
 * ```
 */
export const norm: Callable<typeof NORM, Tensor> = callable(NORM, (x, p, dim, keepdim, dtype) => {
  if (p === "nuc") return nuclearNorm(x, dim, { keepdim, dtype });
  if (p === "fro" && Array.isArray(dim) && dim.length > 2)
    throw new ShapeError(`norm: "fro" is along two dimensions at most; got ${formatShape(dim)}`);
  const from = floatInput("norm", x, { dtype });
  return roundedAs(from, vectorNorm(widened(from), p === "fro" ? 2 : p, dim, keepdim));
});

function vectorNorm(x: Tensor, p: number, dim: Dims, keepdim: boolean): Tensor {
  // Nothing has no length, whichever way it is measured.
  if (numel(dimsOf(x, dim).map((d) => x.shape[d])) === 0) return sum(abs(x), dim, keepdim);
  if (p === Number.POSITIVE_INFINITY) return named(amax(abs(x), dim, keepdim), "NormBackward1");
  if (p === Number.NEGATIVE_INFINITY) return named(amin(abs(x), dim, keepdim), "NormBackward1");
  if (p === 0) return sum(steps(x), dim, keepdim);
  if (p === 1) return named(sum(abs(x), dim, keepdim), "NormBackward1");
  const powers = sum(p === 2 ? square(x) : powersOf(x, p), dim, keepdim);
  // The root is infinitely steep at zero; its subgradient zero is taken there.
  const zero = powers.detach().eq(0);
  const root = pow(maskedFill(powers, zero, 1), 1 / p);
  return named(maskedFill(root, zero, p < 0 ? Infinity : 0), "NormBackward1");
}

/** 1 for each element but zero, with a gradient of zero. */
function steps(x: Tensor): Tensor {
  const zero = x.detach().eq(0);
  return maskedFill(maskedFill(x, zero, 0), zero.logicalNot(), 1);
}

/** `|x|^p`. For p < 1 it is infinitely steep at zero, where the gradient zero is taken. */
function powersOf(x: Tensor, p: number): Tensor {
  if (p >= 1 || !x.requiresGrad) return pow(abs(x), p);
  const zero = x.detach().eq(0);
  return maskedFill(pow(abs(maskedFill(x, zero, 1)), p), zero, p < 0 ? Infinity : 0);
}

const NANSUM = "nansum(input, dim?: int|ints, keepdim = false, *, dtype?)";

/**
 * The sum with nan taken as zero.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, Number.NaN, 2]).nansum()));
 * // tensor(3.)
 * ```
 */
export const nansum: Callable<typeof NANSUM, Tensor> = callable(NANSUM, (x, dim, keepdim, options) => {
  return named(sum(isFloat(x.dtype) ? maskedFill(x, isnan(x), 0) : x, dim, keepdim, options), "Nansum");
});

const NANMEAN = "nanmean(input, dim?: int|ints, keepdim = false, *, dtype?)";

/**
 * The mean of the elements that are not nan; nan where there is none.
 *
 * @throws DTypeError for integers.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, Number.NaN, 2]).nanmean()));
 * // tensor(1.5000)
 * ```
 */
export const nanmean: Callable<typeof NANMEAN, Tensor> = callable(NANMEAN, (x, dim, keepdim, options) => {
  const from = floatInput("nanmean", x, options);
  const counted = sum(ne(isnan(from.detach()), true), dim, { keepdim, dtype: from.dtype });
  return nansum(from, dim, { keepdim }).div(counted);
});
