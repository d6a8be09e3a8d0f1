/**
 * Dense linear algebra. It runs on the CPU in double precision, whatever the tensors' device and dtype: elements of other
 * devices go there and back by themselves, in the order of everything else.
 *
 * @module
 */
export { type LstsqDriver, type LstsqOptions, type LstsqResult, lstsq } from "./lstsq.ts";
export { matrixNorm } from "./matrix-norm.ts";
export { svdvals } from "./svd.ts";
