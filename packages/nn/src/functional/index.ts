/**
 * Layers and losses as functions.
 *
 * @module
 */
export { linear } from "@flambeau/tensor";
export * from "./activation.ts";
export * from "./binary.ts";
export * from "./classification.ts";
export { type Conv1dOptions, type Conv2dOptions, type Conv3dOptions, conv1d, conv2d } from "./conv.ts";
export { convTranspose1d, convTranspose2d, convTranspose3d } from "./conv-transpose.ts";
export { conv3d } from "./conv3d.ts";
export { type CTCOptions, ctcLoss } from "./ctc.ts";
export { dropout, dropout1d, dropout2d } from "./dropout.ts";
export { type EmbeddingOptions, embedding } from "./embedding.ts";
export * from "./encoding.ts";
export * from "./hard.ts";
export * from "./likelihood.ts";
export * from "./margins.ts";
export * from "./multi-label.ts";
export * from "./normalization.ts";
export { type PadOptions, pad } from "./pad.ts";
export {
  type AvgPool1dOptions,
  type AvgPool2dOptions,
  adaptiveAvgPool1d,
  adaptiveAvgPool2d,
  avgPool1d,
  avgPool2d,
  type MaxPool1dOptions,
  type MaxPool2dOptions,
  maxPool1d,
  maxPool2d,
} from "./pooling.ts";
export type { LossOptions, Reduction } from "./reduction.ts";
export * from "./regression.ts";
export * from "./similarity.ts";
export * from "./soft.ts";
export type { Size1d, Size2d, Size3d } from "./windows.ts";
