/** Order along a dimension: running extremes, medians, modes, runs. */
export * from "./argwhere.ts";
export * from "./logcumsumexp.ts";
export * from "./mode.ts";
export * from "./msort.ts";
export * from "./nanmedian.ts";
export * from "./running-extremes.ts";
export * from "./unique-consecutive.ts";
