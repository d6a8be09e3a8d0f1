/**
 * Rounding towards zero, apart from the other ways: division needs it, and they need division.
 *
 * @module
 */
import { E, isFloat } from "@flambeau/backend";
import { elementwise, type UnaryOp, unaryOp } from "../elementwise.ts";
import { notAllBool } from "./refusals.ts";

/** An op that rounds in one way. */
export const rounding = (name: string, fn: "floor" | "ceil" | "trunc" | "round"): UnaryOp => {
  const rounded = unaryOp(name, (x) => E[fn](x), notAllBool);
  // Integers are whole already; devices round floats only.
  return elementwise(
    `${name}(input)` as "unary(input)",
    rounded.op,
    (x) => (isFloat(x.dtype) || x.dtype === "bool" ? rounded(x) : x.clone()),
    rounded.inPlace,
  );
};

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
