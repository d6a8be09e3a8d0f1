/**
 * Optimizers, learning-rate schedulers and gradient clipping.
 *
 * @module
 */
export { Adadelta, type AdadeltaGroup } from "./adadelta.ts";
export { Adafactor, type AdafactorGroup } from "./adafactor.ts";
export { Adagrad, type AdagradGroup } from "./adagrad.ts";
export { Adam, type AdamGroup, AdamW } from "./adam.ts";
export { Adamax, type AdamaxGroup } from "./adamax.ts";
export { ASGD, type ASGDGroup } from "./asgd.ts";
export { clipGradNorm_, clipGradsWithNorm_, clipGradValue_, getTotalNorm } from "./clip.ts";
export { EarlyStopping, type EarlyStoppingState } from "./early-stopping.ts";
export type { GroupInit, GroupOptions, NamedParam, ParamGroup, Params } from "./group.ts";
export { LBFGS, type LBFGSGroup } from "./lbfgs.ts";
export * as lrScheduler from "./lr-scheduler/index.ts";
export { Muon, type MuonGroup } from "./muon.ts";
export { NAdam, type NAdamGroup } from "./nadam.ts";
export { Optimizer } from "./optimizer.ts";
export { RAdam, type RAdamGroup } from "./radam.ts";
export { RMSprop, type RMSpropGroup } from "./rmsprop.ts";
export { Rprop, type RpropGroup } from "./rprop.ts";
export { SGD, type SGDGroup } from "./sgd.ts";
export { SparseAdam } from "./sparse-adam.ts";
export type { OptimizerStateDict, ParamState, StateEntry } from "./state-dict.ts";
export * as swaUtils from "./swa-utils/index.ts";
