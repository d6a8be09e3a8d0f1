/**
 * `torch.special`: functions that have another name there.
 *
 * @module
 */
export { xlogy } from "./combine.ts";
export { erf, erfc, erfinv, exp2, expm1, log1p, logit, sigmoid as expit } from "./math.ts";
export { round } from "./rounding.ts";
export { logSoftmax, softmax } from "./softmax.ts";
export { logsumexp } from "./statistics.ts";
