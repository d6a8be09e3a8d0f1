/**
 * `torch.special`: special functions of tensors.
 *
 * @module
 */
export {
  erf,
  erfc,
  erfinv,
  exp2,
  expm1,
  log1p,
  logit,
  logSoftmax,
  logsumexp,
  round,
  sigmoid as expit,
  softmax,
  xlogy,
} from "@flambeau/tensor";
export * from "./bessel.ts";
export * from "./elementary.ts";
export * from "./error.ts";
export { digamma, digamma as psi, gammaln, multigammaln, polygamma } from "./gamma.ts";
export { digammaOf } from "./gamma-values.ts";
export * from "./incomplete-gamma.ts";
export * from "./modified-bessel.ts";
export * from "./polynomials.ts";
