/**
 * Rounding towards zero, apart from the other ways: division needs it, and they need division.
 *
 * @module
 */
import type { UnaryOp } from "../elementwise.ts";
import { rounding } from "./rounding-op.ts";

/**
 * Each element without its fraction. Its derivative is zero.
 *
 * @example
 * ```ts
 * import { tensor, trunc } from "@flambeau/tensor";
 *
 * console.log(String(trunc(tensor([1.5, -1.5]))));
 * // tensor([ 1., -1.])
 * ```
 */
export const trunc: UnaryOp = rounding("trunc", "trunc");
