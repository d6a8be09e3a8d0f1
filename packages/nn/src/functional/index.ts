/**
 * Layers and losses as functions.
 *
 * @module
 */
export { linear } from "@flambeau/tensor";
export * from "./activation.ts";
export { logSigmoid as logsigmoid } from "./activation.ts";
export * from "./adaptive-max.ts";
export * from "./alpha-dropout.ts";
export { scaledDotProductAttention } from "./attention.ts";
export { bilinear } from "./bilinear.ts";
export * from "./binary.ts";
export * from "./classification.ts";
export { type Conv1dOptions, type Conv2dOptions, type Conv3dOptions, conv1d, conv2d } from "./conv.ts";
export { convTranspose1d, convTranspose2d, convTranspose3d } from "./conv-transpose.ts";
export { conv3d } from "./conv3d.ts";
export { type CTCOptions, ctcLoss } from "./ctc.ts";
export { dropout, dropout1d, dropout2d, dropout3d } from "./dropout.ts";
export { type EmbeddingOptions, embedding } from "./embedding.ts";
export { embeddingBag } from "./embedding-bag.ts";
export * from "./encoding.ts";
export { fold, unfold } from "./fold.ts";
export { fractionalMaxPool2d, fractionalMaxPool3d } from "./fractional-max.ts";
export { affineGrid, gridSample } from "./grid-sample.ts";
export { gumbelSoftmax } from "./gumbel.ts";
export * from "./hard.ts";
export * from "./in-place-names.ts";
export { type InterpolationMode, interpolate } from "./interpolate.ts";
export * from "./likelihood.ts";
export { localResponseNorm } from "./local-response.ts";
export * from "./lp-pool.ts";
export * from "./margins.ts";
export { multiHeadAttentionForward } from "./multi-head-attention.ts";
export * from "./multi-label.ts";
export * from "./normalization.ts";
export { type PadOptions, pad } from "./pad.ts";
export { pdist } from "./pdist.ts";
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
export {
  type AvgPool3dOptions,
  adaptiveAvgPool3d,
  avgPool3d,
  type MaxPool3dOptions,
  maxPool3d,
} from "./pooling-3d.ts";
export type { LossOptions, Reduction } from "./reduction.ts";
export * from "./regression.ts";
export { rmsNorm } from "./rms-norm.ts";
export { rrelu } from "./rrelu.ts";
export * from "./shuffle.ts";
export * from "./similarity.ts";
export * from "./soft.ts";
export * from "./unpool.ts";
export * from "./upsample.ts";
export type { Size1d, Size2d, Size3d } from "./windows.ts";
