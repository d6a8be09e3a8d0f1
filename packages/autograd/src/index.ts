/**
 * Automatic differentiation: importing this package lets tensors record what made them, and `backward` run.
 *
 * @module
 */
import { installTracker } from "@flambeau/tensor";
import { COPY } from "./copy.ts";
import { Meta } from "./meta.ts";

installTracker((tensor) => new Meta(tensor, null), COPY);

export { detectAnomaly, isAnomalyEnabled, setDetectAnomaly } from "./anomaly.ts";
export { type CheckpointOptions, checkpoint } from "./checkpoint.ts";
export { type Backward, type DerivedOp, derived } from "./derived.ts";
export { hessian, hvp, jacfwd, jacrev, jvp, type Pullback, vjp } from "./forward/index.ts";
export { AutogradFunction } from "./function.ts";
export type { FunctionContext } from "./function-context.ts";
export { grad } from "./grad.ts";
export { type CheckedFunction, gradcheck, gradgradcheck } from "./gradcheck.ts";
export { enableGrad, GradModeGuard, inferenceMode, isGradEnabled, noGrad, setGradEnabled } from "./mode.ts";
export type { FunctionGradients } from "./nodes/function.ts";
export { gate } from "./nodes/gate.ts";
export { elementwiseRules } from "./rules/elementwise.ts";
export { learnAttention, learnRecurrence, learnStandardization, learnWindows } from "./rules/layers.ts";
export { type Context, type Rule, structuralRules } from "./rules/structural.ts";
