/** Indexed writes and scatters. */
export * from "./index-put.ts";
export * from "./masked-scatter.ts";
export * from "./put.ts";
export * from "./scatter-reduce.ts";
export * from "./segment-reduce.ts";
export * from "./views.ts";
