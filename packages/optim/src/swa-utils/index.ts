/**
 * Stochastic weight averaging.
 *
 * @module
 */
export { SWALR } from "./swalr.ts";
