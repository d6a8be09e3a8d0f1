/**
 * Learning-rate schedulers.
 *
 * @module
 */
export { ConstantLR, type ConstantLROptions } from "./constant-lr.ts";
export { CosineAnnealingLR, type CosineAnnealingLROptions } from "./cosine-annealing-lr.ts";
export {
  CosineAnnealingWarmRestarts,
  type CosineAnnealingWarmRestartsOptions,
} from "./cosine-annealing-warm-restarts.ts";
export { ExponentialLR } from "./exponential-lr.ts";
export { LambdaLR, type LRLambda } from "./lambda-lr.ts";
export { LinearLR, type LinearLROptions } from "./linear-lr.ts";
export { MultiStepLR } from "./multi-step-lr.ts";
export { MultiplicativeLR } from "./multiplicative-lr.ts";
export { OneCycleLR, type OneCycleLROptions } from "./one-cycle-lr.ts";
export { PolynomialLR, type PolynomialLROptions } from "./polynomial-lr.ts";
export { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduce-lr-on-plateau.ts";
export { LRScheduler, type SchedulerOptions, type SchedulerStateDict } from "./scheduler.ts";
export { ChainedScheduler, type Scheduler, SequentialLR } from "./sequential-lr.ts";
export { StepLR, type StepLROptions } from "./step-lr.ts";
