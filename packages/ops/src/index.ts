/**
 * The rest of PyTorch's operations, as functions of tensors: a page downloads what it calls.
 *
 * @module
 */

export * from "./dtypes/index.ts";
export * from "./elementwise/index.ts";
export * from "./in-place/index.ts";
export * from "./native/index.ts";
export * from "./order/index.ts";
export * from "./products/index.ts";
export * from "./reals/index.ts";
export * from "./shapes/index.ts";
export * from "./statistics/index.ts";
export * from "./writes/index.ts";
