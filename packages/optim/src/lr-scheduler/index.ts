/**
 * Learning-rate schedulers.
 *
 * @module
 */
export { ConstantLR } from "./constant-lr.ts";
export { CosineAnnealingLR } from "./cosine-annealing-lr.ts";
export { CosineAnnealingWarmRestarts } from "./cosine-annealing-warm-restarts.ts";
export { CyclicLR } from "./cyclic-lr.ts";
export { ExponentialLR } from "./exponential-lr.ts";
export { LambdaLR, type LRLambda } from "./lambda-lr.ts";
export { LinearLR } from "./linear-lr.ts";
export { MultiStepLR } from "./multi-step-lr.ts";
export { MultiplicativeLR } from "./multiplicative-lr.ts";
export { OneCycleLR } from "./one-cycle-lr.ts";
export { PolynomialLR } from "./polynomial-lr.ts";
export { ReduceLROnPlateau } from "./reduce-lr-on-plateau.ts";
export { LRScheduler, type SchedulerStateDict } from "./scheduler.ts";
export { ChainedScheduler, type Scheduler, SequentialLR } from "./sequential-lr.ts";
export { StepLR } from "./step-lr.ts";
