/**
 * Optimizers, learning-rate schedulers and gradient clipping.
 *
 * @module
 */
export { Adagrad, type AdagradGroup, type AdagradOptions } from "./adagrad.ts";
export { Adam, type AdamGroup, type AdamOptions, AdamW } from "./adam.ts";
export { type ClipGradNormOptions, clipGradNorm_, clipGradValue_ } from "./clip.ts";
export type { GroupInit, GroupOptions, ParamGroup, Params } from "./group.ts";
export * as lrScheduler from "./lr-scheduler/index.ts";
export { Optimizer, type ZeroGradOptions } from "./optimizer.ts";
export { RMSprop, type RMSpropGroup, type RMSpropOptions } from "./rmsprop.ts";
export { SGD, type SGDGroup, type SGDOptions } from "./sgd.ts";
export type { OptimizerStateDict, ParamState } from "./state-dict.ts";
