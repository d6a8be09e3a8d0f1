/**
 * The formulas of activations and losses, elementwise: what `nn` is built from.
 *
 * @module
 * @internal
 */
import { E, type Expr, type ExprLike } from "@flambeau/backend";
import { type BinaryOp, binaryOp, type TernaryOp, ternaryOp, type UnaryOp, unaryOp } from "../elementwise.ts";
import { heldNumbers, notAllBool } from "./refusals.ts";

const float = { result: "float" } as const;

/** `log(1 + exp(x))` for any x: the exponent never grows large. */
const stableSoftplus = (x: ExprLike): Expr => E.add(E.max(x, 0), E.log1p(E.exp(E.neg(E.abs(x)))));
const logistic = (x: ExprLike): Expr => E.div(1, E.add(1, E.exp(E.neg(x))));

/**
 * `x`, but 0 where it is below zero.
 *
 * @throws DTypeError when `x` is bool.
 *
 * @example
 * ```ts
 * import { relu, tensor } from "@flambeau/tensor";
 *
 * console.log(String(relu(tensor([-1, 2]))));
 * // tensor([0., 2.])
 * ```
 */
export const relu: UnaryOp = unaryOp("relu", (x) => E.select(E.lt(x, 0), 0, x), notAllBool);
/**
 * `x` above zero, `slope * x` below.
 *
 * @example
 * ```ts
 * import { leakyRelu, tensor } from "@flambeau/tensor";
 *
 * console.log(String(leakyRelu(tensor([-1, 2]), 0.01)));
 * // tensor([-0.0100,  2.0000])
 * ```
 */
export const leakyRelu: BinaryOp = binaryOp("leakyRelu", (x, slope) =>
  E.select(E.gt(x, 0), x, E.mul(x, slope)),
);
/**
 * `x` between two bounds. As `clamp`, but the derivative at the bounds themselves is zero, as PyTorch has it.
 *
 * @throws DTypeError when `x` is bool, or uint8 and a bound is below zero.
 *
 * @example
 * ```ts
 * import { hardtanh, tensor } from "@flambeau/tensor";
 *
 * console.log(String(hardtanh(tensor([-2, 0.5, 7]), 0, 6)));
 * // tensor([0.0000, 0.5000, 6.0000])
 * ```
 */
export const hardtanh: TernaryOp = ternaryOp(
  "hardtanh",
  (x, min, max) => E.min(E.max(x, min), max),
  heldNumbers,
);
/** `x + 3` between 0 and 6. */
const sixfold = (x: Expr): Expr => E.min(E.max(E.add(x, 3), 0), 6);
/**
 * `(x + 3) / 6` between 0 and 1: a sigmoid of three lines.
 *
 * @example
 * ```ts
 * import { hardsigmoid, tensor } from "@flambeau/tensor";
 *
 * console.log(String(hardsigmoid(tensor([-4, 0, 1.5]))));
 * // tensor([0.0000, 0.5000, 0.7500])
 * ```
 */
export const hardsigmoid: UnaryOp = unaryOp("hardsigmoid", (x) => E.div(sixfold(x), 6), float);
/**
 * `x * (x + 3) / 6` between -3 and 3, 0 below and `x` above. Source: Howard et al. 2019.
 *
 * @example
 * ```ts
 * import { hardswish, tensor } from "@flambeau/tensor";
 *
 * console.log(String(hardswish(tensor([-4, -1, 4]))));
 * // tensor([-0.0000, -0.3333,  4.0000])
 * ```
 */
export const hardswish: UnaryOp = unaryOp("hardswish", (x) => E.div(E.mul(x, sixfold(x)), 6), float);
/**
 * `x` above zero, `alpha * (exp(x) - 1)` below. Source: Clevert et al. 2015.
 *
 * @example
 * ```ts
 * import { elu, tensor } from "@flambeau/tensor";
 *
 * console.log(String(elu(tensor([-1, 2]), 1)));
 * // tensor([-0.6321,  2.0000])
 * ```
 */
export const elu: BinaryOp = binaryOp(
  "elu",
  (x, alpha) => E.select(E.gt(x, 0), x, E.mul(alpha, E.expm1(x))),
  float,
);

/**
 * How far below zero `selu` can get, before it is scaled. Source: Klambauer et al. 2017.
 *
 * @internal
 */
export const SELU_ALPHA = 1.6732632423543772;
/**
 * What `selu` is scaled by. Source: Klambauer et al. 2017.
 *
 * @internal
 */
export const SELU_SCALE = 1.0507009873554805;

/**
 * `scale * elu(x, alpha)` with the self-normalizing constants.
 *
 * @example
 * ```ts
 * import { selu, tensor } from "@flambeau/tensor";
 *
 * console.log(String(selu(tensor([-1, 2]))));
 * // tensor([-1.1113,  2.1014])
 * ```
 */
export const selu: UnaryOp = unaryOp(
  "selu",
  (x) => E.mul(SELU_SCALE, E.select(E.gt(x, 0), x, E.mul(SELU_ALPHA, E.expm1(x)))),
  float,
);
/**
 * `x * sigmoid(x)`.
 *
 * @example
 * ```ts
 * import { silu, tensor } from "@flambeau/tensor";
 *
 * console.log(String(silu(tensor([-1, 2]))));
 * // tensor([-0.2689,  1.7616])
 * ```
 */
export const silu: UnaryOp = unaryOp("silu", (x) => E.mul(x, logistic(x)), float);
/**
 * `x` times the normal distribution function of `x`. Source: Hendrycks and Gimpel 2016.
 *
 * @example
 * ```ts
 * import { gelu, tensor } from "@flambeau/tensor";
 *
 * console.log(String(gelu(tensor([-1, 2]))));
 * // tensor([-0.1587,  1.9545])
 * ```
 */
export const gelu: UnaryOp = unaryOp(
  "gelu",
  (x) => E.mul(E.mul(0.5, x), E.add(1, E.erf(E.mul(x, Math.SQRT1_2)))),
  float,
);
/**
 * `log(1 + exp(beta * x)) / beta`, and `x` itself where `beta * x` is above `threshold`.
 *
 * @example
 * ```ts
 * import { softplus, tensor } from "@flambeau/tensor";
 *
 * console.log(String(softplus(tensor([-1, 2, 50]), 1, 20)));
 * // tensor([ 0.3133,  2.1269, 50.0000])
 * ```
 */
export const softplus: TernaryOp = ternaryOp(
  "softplus",
  (x, beta, threshold) =>
    E.select(E.gt(E.mul(x, beta), threshold), x, E.div(stableSoftplus(E.mul(x, beta)), beta)),
  float,
);
/**
 * `log(sigmoid(x))` without underflow.
 *
 * @example
 * ```ts
 * import { logSigmoid, tensor } from "@flambeau/tensor";
 *
 * console.log(String(logSigmoid(tensor([-1, 2]))));
 * // tensor([-1.3133, -0.1269])
 * ```
 */
export const logSigmoid: UnaryOp = unaryOp(
  "logSigmoid",
  (x) => E.sub(E.min(x, 0), E.log1p(E.exp(E.neg(E.abs(x))))),
  float,
);

/**
 * `(a - b)^2`.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { squaredError, tensor } from "@flambeau/tensor";
 *
 * console.log(String(squaredError(tensor([1, 2]), tensor([1, 5]))));
 * // tensor([0., 9.])
 * ```
 */
export const squaredError: BinaryOp = binaryOp("squaredError", (a, b) => E.mul(E.sub(a, b), E.sub(a, b)));
/**
 * `|a - b|`.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { absoluteError, tensor } from "@flambeau/tensor";
 *
 * console.log(String(absoluteError(tensor([1, 2]), tensor([1, 5]))));
 * // tensor([0., 3.])
 * ```
 */
export const absoluteError: BinaryOp = binaryOp("absoluteError", (a, b) => E.abs(E.sub(a, b)));
/**
 * Squared below `beta`, absolute above. Source: Girshick 2015.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { smoothL1Error, tensor } from "@flambeau/tensor";
 *
 * console.log(String(smoothL1Error(tensor([1, 2]), tensor([1.5, 5]), 1)));
 * // tensor([0.1250, 2.5000])
 * ```
 */
export const smoothL1Error: TernaryOp = ternaryOp("smoothL1Error", (a, b, beta) => {
  const distance = E.abs(E.sub(a, b));
  return E.select(
    E.lt(distance, beta),
    E.div(E.mul(E.mul(0.5, distance), distance), beta),
    E.sub(distance, E.mul(0.5, beta)),
  );
});
/**
 * Squared below `delta`, linear above. Source: Huber 1964.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { huberError, tensor } from "@flambeau/tensor";
 *
 * console.log(String(huberError(tensor([1, 2]), tensor([1.5, 5]), 2)));
 * // tensor([0.1250, 4.0000])
 * ```
 */
export const huberError: TernaryOp = ternaryOp("huberError", (a, b, delta) => {
  const distance = E.abs(E.sub(a, b));
  return E.select(
    E.le(distance, delta),
    E.mul(E.mul(0.5, distance), distance),
    E.mul(delta, E.sub(distance, E.mul(0.5, delta))),
  );
});
/**
 * Cross entropy of a probability `p` and a target in [0, 1]; logarithms are bounded at -100, as PyTorch bounds them.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { binaryCrossEntropy, tensor } from "@flambeau/tensor";
 *
 * console.log(String(binaryCrossEntropy(tensor([0.9, 0.9]), tensor([1, 0]))));
 * // tensor([0.1054, 2.3026])
 * ```
 */
export const binaryCrossEntropy: BinaryOp = binaryOp(
  "binaryCrossEntropy",
  (p, target) =>
    E.sub(E.mul(E.sub(target, 1), E.max(E.log1p(E.neg(p)), -100)), E.mul(target, E.max(E.log(p), -100))),
  float,
);
/**
 * Cross entropy of a logit `x` and a target in [0, 1], positive targets weighted by `positiveWeight`:
 * `(1 - t) * x + (1 + (w - 1) * t) * log(1 + exp(-x))`.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { binaryCrossEntropyWithLogits, tensor } from "@flambeau/tensor";
 *
 * console.log(String(binaryCrossEntropyWithLogits(tensor([2, 2]), tensor([1, 0]), 1)));
 * // tensor([0.1269, 2.1269])
 * ```
 */
export const binaryCrossEntropyWithLogits: TernaryOp = ternaryOp(
  "binaryCrossEntropyWithLogits",
  (x, target, positiveWeight) =>
    E.add(
      E.mul(E.sub(1, target), x),
      E.mul(E.add(1, E.mul(E.sub(positiveWeight, 1), target)), stableSoftplus(E.neg(x))),
    ),
  float,
);
