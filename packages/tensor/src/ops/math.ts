/**
 * Functions of one tensor, elementwise. Integers and bools become the default float; floats keep their dtype.
 *
 * One line is one op: its function, its method on Tensor, its in-place method (`exp_`), and the formula that every
 * device compiles. Its derivative is a line of `autograd`'s rules, its test samples a line of `tests`.
 *
 * @module
 */
import { E } from "@flambeau/backend";
import { applyInPlace } from "../dispatch/elementwise.ts";
import { type ElementwiseOp, elementwise, type UnaryOp, unaryOp } from "../elementwise.ts";
import { named } from "../recorder.ts";
import type { Tensor } from "../tensor.ts";
import { gt, lt } from "./compare.ts";
import { overwrite } from "./overwrite.ts";
import { where } from "./where.ts";

const float = { result: "float" } as const;

/**
 * e to the power of each element.
 *
 * @example
 * ```ts
 * import { exp, tensor } from "@flambeau/tensor";
 *
 * console.log(String(exp(tensor([0, 1]))));
 * // tensor([1.0000, 2.7183])
 * ```
 */
export const exp: UnaryOp = unaryOp("exp", (x) => E.exp(x), float);
/**
 * 2 to the power of each element.
 *
 * @example
 * ```ts
 * import { exp2, tensor } from "@flambeau/tensor";
 *
 * console.log(String(exp2(tensor([0, 1, 10]))));
 * // tensor([1.0000e+00, 2.0000e+00, 1.0240e+03])
 * ```
 */
export const exp2: UnaryOp = unaryOp("exp2", (x) => E.pow(2, x), float);
/**
 * `exp(x) - 1`, accurate near zero.
 *
 * @example
 * ```ts
 * import { expm1, tensor } from "@flambeau/tensor";
 *
 * console.log(String(expm1(tensor([0, 1]))));
 * // tensor([0.0000, 1.7183])
 * ```
 */
export const expm1: UnaryOp = unaryOp("expm1", (x) => E.expm1(x), float);
/**
 * Natural logarithm; nan below zero.
 *
 * @example
 * ```ts
 * import { log, tensor } from "@flambeau/tensor";
 *
 * console.log(String(log(tensor([1, 10]))));
 * // tensor([0.0000, 2.3026])
 * ```
 */
export const log: UnaryOp = unaryOp("log", (x) => E.log(x), float);
/**
 * Logarithm to base 2.
 *
 * @example
 * ```ts
 * import { log2, tensor } from "@flambeau/tensor";
 *
 * console.log(String(log2(tensor([1, 8]))));
 * // tensor([0., 3.])
 * ```
 */
export const log2: UnaryOp = unaryOp("log2", (x) => E.log2(x), float);
/**
 * Logarithm to base 10.
 *
 * @example
 * ```ts
 * import { log10, tensor } from "@flambeau/tensor";
 *
 * console.log(String(log10(tensor([1, 1000]))));
 * // tensor([0., 3.])
 * ```
 */
export const log10: UnaryOp = unaryOp("log10", (x) => E.log10(x), float);
/**
 * `log(1 + x)`, accurate near zero.
 *
 * @example
 * ```ts
 * import { log1p, tensor } from "@flambeau/tensor";
 *
 * console.log(String(log1p(tensor([0, 1]))));
 * // tensor([0.0000, 0.6931])
 * ```
 */
export const log1p: UnaryOp = unaryOp("log1p", (x) => E.log1p(x), float);
/**
 * Square root; nan below zero.
 *
 * @example
 * ```ts
 * import { sqrt, tensor } from "@flambeau/tensor";
 *
 * console.log(String(sqrt(tensor([4, 2]))));
 * // tensor([2.0000, 1.4142])
 * ```
 */
export const sqrt: UnaryOp = unaryOp("sqrt", (x) => E.sqrt(x), float);
/**
 * `1 / sqrt(x)`.
 *
 * @example
 * ```ts
 * import { rsqrt, tensor } from "@flambeau/tensor";
 *
 * console.log(String(rsqrt(tensor([4, 2]))));
 * // tensor([0.5000, 0.7071])
 * ```
 */
export const rsqrt: UnaryOp = unaryOp("rsqrt", (x) => E.div(1, E.sqrt(x)), float);
/**
 * `1 / x`.
 *
 * @example
 * ```ts
 * import { reciprocal, tensor } from "@flambeau/tensor";
 *
 * console.log(String(reciprocal(tensor([4, 2]))));
 * // tensor([0.2500, 0.5000])
 * ```
 */
export const reciprocal: UnaryOp = unaryOp("reciprocal", (x) => E.div(1, x), float);
/**
 * Sine of radians.
 *
 * @example
 * ```ts
 * import { sin, tensor } from "@flambeau/tensor";
 *
 * console.log(String(sin(tensor([0, 1]))));
 * // tensor([0.0000, 0.8415])
 * ```
 */
export const sin: UnaryOp = unaryOp("sin", (x) => E.sin(x), float);
/**
 * Cosine of radians.
 *
 * @example
 * ```ts
 * import { cos, tensor } from "@flambeau/tensor";
 *
 * console.log(String(cos(tensor([0, 1]))));
 * // tensor([1.0000, 0.5403])
 * ```
 */
export const cos: UnaryOp = unaryOp("cos", (x) => E.cos(x), float);
/**
 * Tangent of radians.
 *
 * @example
 * ```ts
 * import { tan, tensor } from "@flambeau/tensor";
 *
 * console.log(String(tan(tensor([0, 1]))));
 * // tensor([0.0000, 1.5574])
 * ```
 */
export const tan: UnaryOp = unaryOp("tan", (x) => E.tan(x), float);
/**
 * Inverse sine, in radians.
 *
 * @example
 * ```ts
 * import { asin, tensor } from "@flambeau/tensor";
 *
 * console.log(String(asin(tensor([0, 1]))));
 * // tensor([0.0000, 1.5708])
 * ```
 */
export const asin: UnaryOp = unaryOp("asin", (x) => E.asin(x), float);
/**
 * Inverse cosine, in radians.
 *
 * @example
 * ```ts
 * import { acos, tensor } from "@flambeau/tensor";
 *
 * console.log(String(acos(tensor([0, 1]))));
 * // tensor([1.5708, 0.0000])
 * ```
 */
export const acos: UnaryOp = unaryOp("acos", (x) => E.acos(x), float);
/**
 * Inverse tangent, in radians.
 *
 * @example
 * ```ts
 * import { atan, tensor } from "@flambeau/tensor";
 *
 * console.log(String(atan(tensor([0, 1]))));
 * // tensor([0.0000, 0.7854])
 * ```
 */
export const atan: UnaryOp = unaryOp("atan", (x) => E.atan(x), float);
/**
 * Hyperbolic sine.
 *
 * @example
 * ```ts
 * import { sinh, tensor } from "@flambeau/tensor";
 *
 * console.log(String(sinh(tensor([0, 1]))));
 * // tensor([0.0000, 1.1752])
 * ```
 */
export const sinh: UnaryOp = unaryOp("sinh", (x) => E.sinh(x), float);
/**
 * Hyperbolic cosine.
 *
 * @example
 * ```ts
 * import { cosh, tensor } from "@flambeau/tensor";
 *
 * console.log(String(cosh(tensor([0, 1]))));
 * // tensor([1.0000, 1.5431])
 * ```
 */
export const cosh: UnaryOp = unaryOp("cosh", (x) => E.cosh(x), float);
/**
 * Hyperbolic tangent.
 *
 * @example
 * ```ts
 * import { tanh, tensor } from "@flambeau/tensor";
 *
 * console.log(String(tanh(tensor([0, 1]))));
 * // tensor([0.0000, 0.7616])
 * ```
 */
export const tanh: UnaryOp = unaryOp("tanh", (x) => E.tanh(x), float);
/**
 * Inverse hyperbolic sine.
 *
 * @example
 * ```ts
 * import { asinh, tensor } from "@flambeau/tensor";
 *
 * console.log(String(asinh(tensor([0, 1]))));
 * // tensor([0.0000, 0.8814])
 * ```
 */
export const asinh: UnaryOp = unaryOp("asinh", (x) => E.asinh(x), float);
/**
 * Inverse hyperbolic cosine.
 *
 * @example
 * ```ts
 * import { acosh, tensor } from "@flambeau/tensor";
 *
 * console.log(String(acosh(tensor([1, 2]))));
 * // tensor([0.0000, 1.3170])
 * ```
 */
export const acosh: UnaryOp = unaryOp("acosh", (x) => E.acosh(x), float);
/**
 * Inverse hyperbolic tangent.
 *
 * @example
 * ```ts
 * import { atanh, tensor } from "@flambeau/tensor";
 *
 * console.log(String(atanh(tensor([0, 0.5]))));
 * // tensor([0.0000, 0.5493])
 * ```
 */
export const atanh: UnaryOp = unaryOp("atanh", (x) => E.atanh(x), float);
/**
 * The error function.
 *
 * @example
 * ```ts
 * import { erf, tensor } from "@flambeau/tensor";
 *
 * console.log(String(erf(tensor([0, 1]))));
 * // tensor([0.0000, 0.8427])
 * ```
 */
export const erf: UnaryOp = unaryOp("erf", (x) => E.erf(x), float);
/**
 * `1 - erf(x)`.
 *
 * @example
 * ```ts
 * import { erfc, tensor } from "@flambeau/tensor";
 *
 * console.log(String(erfc(tensor([0, 1]))));
 * // tensor([1.0000, 0.1573])
 * ```
 */
export const erfc: UnaryOp = unaryOp("erfc", (x) => E.erfc(x), float);
/**
 * The inverse of the error function, on (-1, 1).
 *
 * @example
 * ```ts
 * import { erfinv, tensor } from "@flambeau/tensor";
 *
 * console.log(String(erfinv(tensor([0, 0.5]))));
 * // tensor([0.0000, 0.4769])
 * ```
 */
export const erfinv: UnaryOp = unaryOp("erfinv", (x) => E.erfinv(x), float);
/**
 * The logistic function `1 / (1 + exp(-x))`.
 *
 * @example
 * ```ts
 * import { sigmoid, tensor } from "@flambeau/tensor";
 *
 * console.log(String(sigmoid(tensor([0, 2]))));
 * // tensor([0.5000, 0.8808])
 * ```
 */
export const sigmoid: UnaryOp = unaryOp("sigmoid", (x) => E.div(1, E.add(1, E.exp(E.neg(x)))), float);
const logOdds = unaryOp("logit", (x) => E.log(E.div(x, E.sub(1, x))), float);

/** Elements within `[eps, 1 - eps]`, bounds that are computed in the dtype; nan stays, and gets its gradient. */
function kept(x: Tensor, eps: number): Tensor {
  const high = 1 - (x.dtype === "float64" ? eps : Math.fround(eps));
  return where(lt(x, eps), eps, where(gt(x, high), high, x));
}

const LOGIT = "logit(input, eps?: number)";

/**
 * The inverse of the logistic function, `log(x / (1 - x))`. With `eps` elements are first brought into `[eps, 1 - eps]`:
 * `x.logit(1e-6)` or `x.logit({ eps: 1e-6 })`.
 *
 * @throws ValueError when `eps` is no number.
 *
 * @example
 * ```ts
 * import { logit, tensor } from "@flambeau/tensor";
 *
 * console.log(String(logit(tensor([0.5, 0.9]))));
 * // tensor([0.0000, 2.1972])
 * console.log(String(logit(tensor([0.5, 1]), { eps: 0.1 })));
 * // tensor([0.0000, 2.1972])
 * ```
 */
export const logit: ElementwiseOp<typeof LOGIT> = elementwise(
  LOGIT,
  logOdds.op,
  // PyTorch takes a negative eps for none.
  (x, eps = -1) => (eps < 0 ? logOdds(x) : named(logOdds(kept(x, eps)), "Logit")),
  (x, eps = -1) => (eps < 0 ? applyInPlace(logOdds.op, [x]) : overwrite("logit_", x, logOdds(kept(x, eps)))),
);
