/**
 * Models as PyTorch projects.
 *
 * @module
 */
export * from "./code/index.ts";
