/**
 * Other names that PyTorch has for the same functions.
 *
 * @module
 */
export { div as divide, div as trueDivide, mul as multiply, sub as subtract } from "./arithmetic.ts";
export { clamp as clip } from "./clamp.ts";
export { atan2 as arctan2 } from "./combine.ts";
export {
  ge as greaterEqual,
  gt as greater,
  le as lessEqual,
  lt as less,
  ne as notEqual,
} from "./compare.ts";
export {
  acos as arccos,
  acosh as arccosh,
  asin as arcsin,
  asinh as arcsinh,
  atan as arctan,
  atanh as arctanh,
} from "./math.ts";
export { outer as ger } from "./matmul.ts";
export { abs as absolute, neg as negative } from "./rounding.ts";
export { trunc as fix } from "./trunc.ts";
export { movedim as moveaxis, transpose as swapaxes, transpose as swapdims } from "./views.ts";
