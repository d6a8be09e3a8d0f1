/**
 * `torch.nn.utils`: what is done to the parameters and gradients of whole models.
 *
 * @module
 */
export { clipGradNorm_, clipGradsWithNorm_, clipGradValue_, getTotalNorm } from "@flambeau/optim";
export * from "./checkpoint.ts";
export { functionalCall, type TensorsByName } from "./functional-call.ts";
export * as fusion from "./fusion.ts";
export { fuseConvBnEval, fuseConvBnWeights, fuseLinearBnEval, fuseLinearBnWeights } from "./fusion.ts";
export * as parametrizations from "./parametrizations.ts";
export * as parametrize from "./parametrize/index.ts";
export * as rnn from "./rnn.ts";
export { skipInit } from "./skip-init.ts";
export { removeSpectralNorm, spectralNorm } from "./spectral-norm.ts";
export * from "./vector.ts";
export { removeWeightNorm, weightNorm } from "./weight-norm.ts";
