/**
 * Layers and losses as functions.
 *
 * @module
 */
export { linear } from "@flambeau/tensor";
export * from "./activation.ts";
export * from "./binary.ts";
export * from "./classification.ts";
export { dropout } from "./dropout.ts";
export * from "./encoding.ts";
export type { LossOptions, Reduction } from "./reduction.ts";
export * from "./regression.ts";
export * from "./similarity.ts";
