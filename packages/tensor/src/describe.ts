import { quote } from "@flambeau/backend";
import { markOf } from "./copies.ts";
import { Tensor } from "./tensor.ts";

/**
 * A value where a tensor was expected, for errors: what it is, and where it is a tensor of another copy of the package, that.
 *
 * @internal
 */
export function describeValue(x: unknown): string {
  if (x instanceof Tensor || markOf(x) === undefined) return quote(x);
  return "a Tensor of another copy of @flambeau/tensor, two of which the program loads (see npm ls @flambeau/tensor)";
}
