/**
 * Functions of one tensor, elementwise. Integers and bools become the default float; floats keep their dtype.
 *
 * One line is one op: its function, its method on Tensor, its in-place method (`exp_`), and the formula that every
 * device compiles. Its derivative is a line of `autograd`'s rules, its test samples a line of `tests`.
 *
 * @module
 */
import { E } from "@flambeau/backend";
import { type UnaryOp, unaryOp } from "../elementwise.ts";

const float = { result: "float" } as const;

/** e to the power of each element. */
export const exp: UnaryOp = unaryOp("exp", (x) => E.exp(x), float);
/** 2 to the power of each element. */
export const exp2: UnaryOp = unaryOp("exp2", (x) => E.pow(2, x), float);
/** `exp(x) - 1`, accurate near zero. */
export const expm1: UnaryOp = unaryOp("expm1", (x) => E.expm1(x), float);
/** Natural logarithm; nan below zero. */
export const log: UnaryOp = unaryOp("log", (x) => E.log(x), float);
/** Logarithm to base 2. */
export const log2: UnaryOp = unaryOp("log2", (x) => E.log2(x), float);
/** Logarithm to base 10. */
export const log10: UnaryOp = unaryOp("log10", (x) => E.log10(x), float);
/** `log(1 + x)`, accurate near zero. */
export const log1p: UnaryOp = unaryOp("log1p", (x) => E.log1p(x), float);
/** Square root; nan below zero. */
export const sqrt: UnaryOp = unaryOp("sqrt", (x) => E.sqrt(x), float);
/** `1 / sqrt(x)`. */
export const rsqrt: UnaryOp = unaryOp("rsqrt", (x) => E.div(1, E.sqrt(x)), float);
/** `1 / x`. */
export const reciprocal: UnaryOp = unaryOp("reciprocal", (x) => E.div(1, x), float);
/** Sine of radians. */
export const sin: UnaryOp = unaryOp("sin", (x) => E.sin(x), float);
/** Cosine of radians. */
export const cos: UnaryOp = unaryOp("cos", (x) => E.cos(x), float);
/** Tangent of radians. */
export const tan: UnaryOp = unaryOp("tan", (x) => E.tan(x), float);
/** Inverse sine, in radians. */
export const asin: UnaryOp = unaryOp("asin", (x) => E.asin(x), float);
/** Inverse cosine, in radians. */
export const acos: UnaryOp = unaryOp("acos", (x) => E.acos(x), float);
/** Inverse tangent, in radians. */
export const atan: UnaryOp = unaryOp("atan", (x) => E.atan(x), float);
/** Hyperbolic sine. */
export const sinh: UnaryOp = unaryOp("sinh", (x) => E.sinh(x), float);
/** Hyperbolic cosine. */
export const cosh: UnaryOp = unaryOp("cosh", (x) => E.cosh(x), float);
/** Hyperbolic tangent. */
export const tanh: UnaryOp = unaryOp("tanh", (x) => E.tanh(x), float);
/** Inverse hyperbolic sine. */
export const asinh: UnaryOp = unaryOp("asinh", (x) => E.asinh(x), float);
/** Inverse hyperbolic cosine. */
export const acosh: UnaryOp = unaryOp("acosh", (x) => E.acosh(x), float);
/** Inverse hyperbolic tangent. */
export const atanh: UnaryOp = unaryOp("atanh", (x) => E.atanh(x), float);
/** The error function. */
export const erf: UnaryOp = unaryOp("erf", (x) => E.erf(x), float);
/** `1 - erf(x)`. */
export const erfc: UnaryOp = unaryOp("erfc", (x) => E.erfc(x), float);
/** The inverse of the error function, on (-1, 1). */
export const erfinv: UnaryOp = unaryOp("erfinv", (x) => E.erfinv(x), float);
/** The logistic function `1 / (1 + exp(-x))`. */
export const sigmoid: UnaryOp = unaryOp("sigmoid", (x) => E.div(1, E.add(1, E.exp(E.neg(x)))), float);
/** The inverse of the logistic function, `log(x / (1 - x))`. */
export const logit: UnaryOp = unaryOp("logit", (x) => E.log(E.div(x, E.sub(1, x))), float);
