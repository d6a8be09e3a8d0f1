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
