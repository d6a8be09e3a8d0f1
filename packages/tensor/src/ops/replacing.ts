/**
 * Ops without a kernel that writes over their input: their in-place form copies the result over it.
 *
 * @module
 */
export { addmm } from "./matmul.ts";
export { cumprod, cumsum } from "./scan.ts";
export { nanToNum } from "./search.ts";
export { tril, triu } from "./triangle.ts";
