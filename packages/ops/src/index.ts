/**
 * The rest of PyTorch's operations, as functions of tensors: a page downloads what it calls.
 *
 * @module
 */
export * from "./elementwise/index.ts";
