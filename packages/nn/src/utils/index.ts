/**
 * `torch.nn.utils`: what is done to the parameters and gradients of whole models.
 *
 * @module
 */
export { clipGradNorm_, clipGradValue_ } from "@flambeau/optim";
export * as rnn from "./rnn.ts";
export * from "./vector.ts";
