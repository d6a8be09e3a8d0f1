/**
 * `torch.masked`: reductions and normalizations of the elements that a mask selects.
 *
 * @module
 */
export * from "./extremes.ts";
export * from "./normalizations.ts";
export * from "./sums.ts";
