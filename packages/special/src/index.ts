/**
 * `torch.special`: special functions of tensors.
 *
 * @module
 */
export { digamma, lgamma } from "./gamma.ts";
export { digammaOf } from "./gamma-values.ts";
