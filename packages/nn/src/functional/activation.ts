/**
 * Activations as functions.
 *
 * @module
 */
import { DTypeError, formatShape, isFloat, quote, ShapeError, ValueError } from "@flambeau/backend";
import * as ops from "@flambeau/tensor";
import { named, type Tensor, where } from "@flambeau/tensor";

/**
 * `max(x, 0)`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.relu(tensor([-2, 0, 2])));
 * // tensor([0., 0., 2.])
 * ```
 */
export function relu(x: Tensor, options: { readonly inplace?: boolean } = {}): Tensor {
  return options.inplace ? x.relu_() : ops.relu(x);
}

/**
 * `x` between 0 and 6, as `hardtanh`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.relu6(tensor([-2, 2, 9])));
 * // tensor([0., 2., 6.])
 * ```
 */
export function relu6(x: Tensor): Tensor {
  return hardtanh(x, { minVal: 0, maxVal: 6 });
}

/**
 * `x` above zero, `negativeSlope * x` (0.01) below.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.leakyRelu(tensor([-2, 0, 2]), 0.1));
 * // tensor([-0.2000,  0.0000,  2.0000])
 * ```
 */
export function leakyRelu(x: Tensor, negativeSlope = 0.01): Tensor {
  return ops.leakyRelu(x, negativeSlope);
}

/**
 * `x` above zero, `weight * x` below: one weight for all, or one for each entry of dimension 1.
 *
 * @throws ShapeError when the number of weights is another.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.prelu(tensor([-2, 0, 2]), tensor([0.25])));
 * // tensor([-0.5000,  0.0000,  2.0000])
 * ```
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  const channels = x.ndim > 1 ? x.shape[1] : 1;
  if (weight.ndim > 1 || (weight.numel() !== 1 && weight.numel() !== channels)) {
    throw new ShapeError(
      `prelu: an input of shape ${formatShape(x.shape)} takes 1 weight or ${channels}; got shape ${formatShape(weight.shape)}`,
    );
  }
  const each = weight.numel() > 1;
  const slopes = each ? weight.reshape([weight.numel(), ...new Array<number>(x.ndim - 2).fill(1)]) : weight;
  const scaled = x.mul(slopes.ndim === 1 && x.ndim === 0 ? slopes.reshape([]) : slopes);
  return named(where(x.gt(0), x, scaled), "Prelu");
}

/**
 * `x` above zero, `alpha * (exp(x) - 1)` below.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.elu(tensor([-2, 0, 2])));
 * // tensor([-0.8647,  0.0000,  2.0000])
 * ```
 */
export function elu(x: Tensor, alpha = 1): Tensor {
  return ops.elu(x, alpha);
}

/**
 * The self-normalizing `elu` of Klambauer et al. 2017.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.selu(tensor([-2, 0, 2])));
 * // tensor([-1.5202,  0.0000,  2.1014])
 * ```
 */
export function selu(x: Tensor): Tensor {
  return ops.selu(x);
}

/**
 * `x * sigmoid(x)`, also called swish.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.silu(tensor([-2, 0, 2])));
 * // tensor([-0.2384,  0.0000,  1.7616])
 * ```
 */
export function silu(x: Tensor): Tensor {
  return ops.silu(x);
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
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.gelu(tensor([-2, 0, 2])));
 * // tensor([-0.0455,  0.0000,  1.9545])
 * ```
 */
export function gelu(x: Tensor, options: GELUOptions = {}): Tensor {
  const { approximate = "none" } = options;
  if (approximate === "none") return ops.gelu(x);
  if (approximate !== "tanh")
    throw new ValueError(`gelu's approximations are "none" and "tanh"; got ${quote(approximate)}`);
  const inner = x
    .mul(x)
    .mul(0.044715)
    .add(1)
    .mul(x)
    .mul(Math.sqrt(2 / Math.PI));
  return named(inner.tanh().add(1).mul(x).mul(0.5), "Gelu");
}

/** Options of `softplus`. */
export interface SoftplusOptions {
  /** How sharp the bend is. Default 1. */
  readonly beta?: number;
  /** Where `beta * x` is above it, the result is `x`. Default 20. */
  readonly threshold?: number;
}

/**
 * `log(1 + exp(beta * x)) / beta`, a smooth `relu`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.softplus(tensor([-2, 0, 2])));
 * // tensor([0.1269, 0.6931, 2.1269])
 * ```
 */
export function softplus(x: Tensor, options: SoftplusOptions = {}): Tensor {
  return ops.softplus(x, options.beta ?? 1, options.threshold ?? 20);
}

/**
 * `log(sigmoid(x))` without underflow.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.logSigmoid(tensor([-2, 0, 2])));
 * // tensor([-2.1269, -0.6931, -0.1269])
 * ```
 */
export function logSigmoid(x: Tensor): Tensor {
  return ops.logSigmoid(x);
}

/**
 * `1 / (1 + exp(-x))`.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.sigmoid(tensor([-2, 0, 2])));
 * // tensor([0.1192, 0.5000, 0.8808])
 * ```
 */
export function sigmoid(x: Tensor): Tensor {
  return x.sigmoid();
}

/**
 * The hyperbolic tangent.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.tanh(tensor([-2, 0, 2])));
 * // tensor([-0.9640,  0.0000,  0.9640])
 * ```
 */
export function tanh(x: Tensor): Tensor {
  return x.tanh();
}

/** Options of `hardtanh`. */
export interface HardtanhOptions {
  /** The smallest result. Default -1. */
  readonly minVal?: number;
  /** The largest result. Default 1. */
  readonly maxVal?: number;
}

/**
 * `x` between `minVal` and `maxVal`; of integers, whose bounds are cut to integers. At the bounds the derivative is 0, where that
 * of `clamp` is 1.
 *
 * @throws ValueError when the bounds are the wrong way round, or an integer dtype cannot hold one (uint8 a negative one);
 *   DTypeError for bools.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * console.log(nn.functional.hardtanh(tensor([-2, 0, 2]), { maxVal: 1.5 }));
 * // tensor([-1.0000,  0.0000,  1.5000])
 * ```
 */
export function hardtanh(x: Tensor, options: HardtanhOptions = {}): Tensor {
  const { minVal = -1, maxVal = 1 } = options;
  if (!(minVal <= maxVal))
    throw new ValueError(`hardtanh: minVal ${quote(minVal)} is above maxVal ${quote(maxVal)}`);
  if (isFloat(x.dtype)) return ops.hardtanh(x, minVal, maxVal);
  if (x.dtype === "bool") throw new DTypeError("hardtanh takes numbers, not bool tensors");
  if (x.dtype === "uint8" && minVal < 0)
    throw new ValueError(`hardtanh: a uint8 tensor has no bound below 0; got minVal ${quote(minVal)}`);
  return x.clamp(Math.trunc(minVal), Math.trunc(maxVal));
}

/** Without a dimension, the one PyTorch takes: the first of 0, 1 or 3, else the second. */
function impliedDim(x: Tensor, dim: number | null | undefined): number {
  return dim ?? (x.ndim === 0 || x.ndim === 1 || x.ndim === 3 ? 0 : 1);
}

/**
 * Exponentials along `dim`, divided by their sum; computed in `options.dtype`, if it is given.
 *
 * @throws DTypeError for integers without a float `dtype`; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const logits = tensor([[1, 2, 3], [1, 1, 1]]);
 * console.log(nn.functional.softmax(logits, 1));
 * // tensor([[0.0900, 0.2447, 0.6652],
 * //         [0.3333, 0.3333, 0.3333]])
 * ```
 */
export function softmax(x: Tensor, dim?: number | null, options: ops.SoftmaxOptions = {}): Tensor {
  return x.softmax(impliedDim(x, dim), options);
}

/**
 * The logarithm of `softmax`, without underflow; computed in `options.dtype`, if it is given.
 *
 * @throws DTypeError for integers without a float `dtype`; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { nn, tensor } from "flambeau";
 *
 * const logits = tensor([[1, 2, 3], [1, 1, 1]]);
 * console.log(nn.functional.logSoftmax(logits, 1));
 * // tensor([[-2.4076, -1.4076, -0.4076],
 * //         [-1.0986, -1.0986, -1.0986]])
 * ```
 */
export function logSoftmax(x: Tensor, dim?: number | null, options: ops.SoftmaxOptions = {}): Tensor {
  return x.logSoftmax(impliedDim(x, dim), options);
}
