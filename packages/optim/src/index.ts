/**
 * Optimizers, learning-rate schedulers and gradient clipping.
 *
 * @module
 */
export { Adadelta, type AdadeltaGroup, type AdadeltaOptions } from "./adadelta.ts";
export { Adagrad, type AdagradGroup, type AdagradOptions } from "./adagrad.ts";
export { Adam, type AdamGroup, type AdamOptions, AdamW } from "./adam.ts";
export { Adamax, type AdamaxGroup, type AdamaxOptions } from "./adamax.ts";
export { type ClipGradNormOptions, clipGradNorm_, clipGradValue_ } from "./clip.ts";
export type { GroupInit, GroupOptions, NamedParam, ParamGroup, Params } from "./group.ts";
export * as lrScheduler from "./lr-scheduler/index.ts";
export { NAdam, type NAdamGroup, type NAdamOptions } from "./nadam.ts";
export { Optimizer, type ZeroGradOptions } from "./optimizer.ts";
export { RAdam, type RAdamGroup, type RAdamOptions } from "./radam.ts";
export { RMSprop, type RMSpropGroup, type RMSpropOptions } from "./rmsprop.ts";
export { SGD, type SGDGroup, type SGDOptions } from "./sgd.ts";
export type { OptimizerStateDict, ParamState } from "./state-dict.ts";
