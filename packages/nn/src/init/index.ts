/**
 * Initial values of parameters, written in place and not recorded. For a seed they are PyTorch's.
 *
 * @module
 */
export * from "./basic.ts";
export { dirac_ } from "./dirac.ts";
export { calculateGain, type Nonlinearity } from "./fans.ts";
export * from "./orthogonal.ts";
export * from "./scaled.ts";
export { sparse_ } from "./sparse.ts";
