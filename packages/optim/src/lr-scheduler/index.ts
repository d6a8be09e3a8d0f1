/**
 * Learning-rate schedulers.
 *
 * @module
 */
export { CosineAnnealingLR, type CosineAnnealingLROptions } from "./cosine-annealing-lr.ts";
export { ExponentialLR } from "./exponential-lr.ts";
export { LambdaLR, type LRLambda } from "./lambda-lr.ts";
export { MultiStepLR } from "./multi-step-lr.ts";
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduce-lr-on-plateau.ts";
export { LRScheduler, type SchedulerOptions, type SchedulerStateDict } from "./scheduler.ts";
export { StepLR, type StepLROptions } from "./step-lr.ts";
