/**
 * Activations as functions.
 *
 * @module
 */

import { DTypeError, formatShape, isFloat, quote, ShapeError, ValueError } from "@flambeau/backend";
import * as ops from "@flambeau/tensor";
import { type Callable, callable, named, type Tensor, where } from "@flambeau/tensor";
import { inPlaceIf } from "./inplace.ts";

const RELU = "relu(input, inplace = false)";

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
export const relu: Callable<typeof RELU, Tensor> = callable(RELU, (x, inplace) => {
  return inplace ? x.relu_() : ops.relu(x);
});

const RELU6 = "relu6(input, inplace = false)";

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
export const relu6: Callable<typeof RELU6, Tensor> = callable(RELU6, (x, inplace) => {
  return inPlaceIf(inplace, x, (x) => hardtanh(x, { minVal: 0, maxVal: 6 }));
});

const LEAKY_RELU = "leakyRelu(input, negativeSlope = 0.01, inplace = false)";

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
export const leakyRelu: Callable<typeof LEAKY_RELU, Tensor> = callable(
  LEAKY_RELU,
  (x, negativeSlope, inplace) => {
    return inPlaceIf(inplace, x, (x) => ops.leakyRelu(x, negativeSlope));
  },
);

const PRELU = "prelu(input, weight)";

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
export const prelu: Callable<typeof PRELU, Tensor> = callable(PRELU, (x, weight) => {
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
});

const ELU = "elu(input, alpha: number = 1, inplace = false)";

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
export const elu: Callable<typeof ELU, Tensor> = callable(ELU, (x, alpha, inplace) => {
  return inPlaceIf(inplace, x, (x) => ops.elu(x, alpha));
});

const SELU = "selu(input, inplace = false)";

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
export const selu: Callable<typeof SELU, Tensor> = callable(SELU, (x, inplace) => {
  return inPlaceIf(inplace, x, (x) => ops.selu(x));
});

const SILU = "silu(input, inplace = false)";

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
export const silu: Callable<typeof SILU, Tensor> = callable(SILU, (x, inplace) => {
  return inPlaceIf(inplace, x, (x) => ops.silu(x));
});

const GELU = "gelu(input, *, approximate: 'none'|'tanh' = 'none')";

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
export const gelu: Callable<typeof GELU, Tensor> = callable(GELU, (x, { approximate }) => {
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
});

const SOFTPLUS = "softplus(input, beta = 1, threshold = 20)";

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
export const softplus: Callable<typeof SOFTPLUS, Tensor> = callable(SOFTPLUS, (x, beta, threshold) => {
  return ops.softplus(x, beta, threshold);
});

const LOG_SIGMOID = "logSigmoid(input)";

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
export const logSigmoid: Callable<typeof LOG_SIGMOID, Tensor> = callable(LOG_SIGMOID, (x) => {
  return ops.logSigmoid(x);
});

const SIGMOID = "sigmoid(input)";

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
export const sigmoid: Callable<typeof SIGMOID, Tensor> = callable(SIGMOID, (x) => {
  return x.sigmoid();
});

const TANH = "tanh(input)";

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
export const tanh: Callable<typeof TANH, Tensor> = callable(TANH, (x) => {
  return x.tanh();
});

const HARDTANH = "hardtanh(input, minVal = -1, maxVal = 1, inplace = false)";

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
export const hardtanh: Callable<typeof HARDTANH, Tensor> = callable(
  HARDTANH,
  (x, minVal, maxVal, inplace) => {
    checkBounds(x, minVal, maxVal);
    return inPlaceIf(inplace, x, (x) =>
      isFloat(x.dtype) ? ops.hardtanh(x, minVal, maxVal) : x.clamp(Math.trunc(minVal), Math.trunc(maxVal)),
    );
  },
);

function checkBounds(x: Tensor, minVal: number, maxVal: number): void {
  if (!(minVal <= maxVal))
    throw new ValueError(`hardtanh: minVal ${quote(minVal)} is above maxVal ${quote(maxVal)}`);
  if (x.dtype === "bool") throw new DTypeError("hardtanh takes numbers, not bool tensors");
  if (x.dtype === "uint8" && minVal < 0)
    throw new ValueError(`hardtanh: a uint8 tensor has no bound below 0; got minVal ${quote(minVal)}`);
}

/** Without a dimension, the one PyTorch takes: the first of 0, 1 or 3, else the second. */
function impliedDim(x: Tensor, dim: number | undefined): number {
  return dim ?? (x.ndim === 0 || x.ndim === 1 || x.ndim === 3 ? 0 : 1);
}

const SOFTMAX = "softmax(input, dim?, dtype?)";

/**
 * Exponentials along `dim`, divided by their sum; computed in `dtype`, if it is given.
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
export const softmax: Callable<typeof SOFTMAX, Tensor> = callable(SOFTMAX, (x, dim, dtype) => {
  return x.softmax(impliedDim(x, dim), dtype);
});

const LOG_SOFTMAX = "logSoftmax(input, dim?, dtype?)";

/**
 * The logarithm of `softmax`, without underflow; computed in `dtype`, if it is given.
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
export const logSoftmax: Callable<typeof LOG_SOFTMAX, Tensor> = callable(LOG_SOFTMAX, (x, dim, dtype) => {
  return x.logSoftmax(impliedDim(x, dim), dtype);
});
