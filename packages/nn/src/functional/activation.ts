/**
 * Activations as functions.
 *
 * @module
 */
import { ValueError } from "@flambeau/backend";
import { pointwise, type Tensor, where } from "@flambeau/tensor";

/** `max(x, 0)`. */
export function relu(x: Tensor, options: { readonly inplace?: boolean } = {}): Tensor {
  return options.inplace ? x.relu_() : pointwise.relu(x);
}

/** `x` between 0 and 6, as `hardtanh`. */
export function relu6(x: Tensor): Tensor {
  return hardtanh(x, { minVal: 0, maxVal: 6 });
}

/** `x` above zero, `negativeSlope * x` (0.01) below. */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  return pointwise.leakyRelu(x, negativeSlope);
}

/**
 * `x` above zero, `weight * x` below: one weight for all, or one for each entry of dimension 1.
 *
 * @throws ShapeError when the number of weights is another.
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  const each = weight.numel() > 1 && x.ndim > 1;
  const slopes = each ? weight.reshape([weight.numel(), ...new Array<number>(x.ndim - 2).fill(1)]) : weight;
  return where(x.gt(0), x, x.mul(slopes.ndim === 1 && x.ndim === 0 ? slopes.reshape([]) : slopes));
}

/** `x` above zero, `alpha * (exp(x) - 1)` below. */
export function elu(x: Tensor, alpha = 1): Tensor {
  return pointwise.elu(x, alpha);
}

/** The self-normalizing `elu` of Klambauer et al. 2017. */
export function selu(x: Tensor): Tensor {
  return pointwise.selu(x);
}

/** `x * sigmoid(x)`, also called swish. */
export function silu(x: Tensor): Tensor {
  return pointwise.silu(x);
}

/** Options of `gelu`. */
export interface GELUOptions {
  /** "none" (default) computes the normal distribution function, "tanh" its approximation. */
  readonly approximate?: "none" | "tanh";
}

/**
 * `x` times the normal distribution function of `x`. Source: Hendrycks and Gimpel 2016.
 *
 * @throws ValueError when the approximation is unknown.
 */
export function gelu(x: Tensor, options: GELUOptions = {}): Tensor {
  const { approximate = "none" } = options;
  if (approximate === "none") return pointwise.gelu(x);
  if (approximate !== "tanh")
    throw new ValueError(`gelu's approximations are "none" and "tanh"; got "${approximate}"`);
  const inner = x
    .mul(x)
    .mul(0.044715)
    .add(1)
    .mul(x)
    .mul(Math.sqrt(2 / Math.PI));
  return inner.tanh().add(1).mul(x).mul(0.5);
}

/** Options of `softplus`. */
export interface SoftplusOptions {
  /** How sharp the bend is. Default 1. */
  readonly beta?: number;
  /** Where `beta * x` is above it, the result is `x`. Default 20. */
  readonly threshold?: number;
}

/** `log(1 + exp(beta * x)) / beta`, a smooth `relu`. */
export function softplus(x: Tensor, options: SoftplusOptions = {}): Tensor {
  return pointwise.softplus(x, options.beta ?? 1, options.threshold ?? 20);
}

/** `log(sigmoid(x))` without underflow. */
export function logSigmoid(x: Tensor): Tensor {
  return pointwise.logSigmoid(x);
}

/** `1 / (1 + exp(-x))`. */
export function sigmoid(x: Tensor): Tensor {
  return x.sigmoid();
}

/** The hyperbolic tangent. */
export function tanh(x: Tensor): Tensor {
  return x.tanh();
}

/** Options of `hardtanh`. */
export interface HardtanhOptions {
  /** Default -1. */
  readonly minVal?: number;
  /** Default 1. */
  readonly maxVal?: number;
}

/**
 * `x` between `minVal` and `maxVal`. At the bounds the derivative is 0, where that of `clamp` is 1.
 *
 * @throws ValueError when the bounds are the wrong way round.
 */
export function hardtanh(x: Tensor, options: HardtanhOptions = {}): Tensor {
  const { minVal = -1, maxVal = 1 } = options;
  if (!(minVal <= maxVal)) throw new ValueError(`hardtanh: minVal ${minVal} is above maxVal ${maxVal}`);
  return pointwise.hardtanh(x, minVal, maxVal);
}

/** Without a dimension, the one PyTorch takes: the first of 0, 1 or 3, else the second. */
function impliedDim(x: Tensor, dim: number | null | undefined): number {
  return dim ?? (x.ndim === 0 || x.ndim === 1 || x.ndim === 3 ? 0 : 1);
}

/**
 * Exponentials along `dim`, divided by their sum.
 *
 * @throws DTypeError for integers; IndexError when there is no such dimension.
 */
export function softmax(x: Tensor, dim?: number | null): Tensor {
  return x.softmax(impliedDim(x, dim));
}

/** The logarithm of `softmax`, without underflow. */
export function logSoftmax(x: Tensor, dim?: number | null): Tensor {
  return x.logSoftmax(impliedDim(x, dim));
}
