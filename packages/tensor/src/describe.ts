import { foreignClass, quote } from "@flambeau/backend";
import { Tensor } from "./tensor.ts";

/**
 * Whether a value belongs to another copy of the package, whose classes are not those here.
 *
 * @internal
 */
export function isForeign(x: unknown): boolean {
  return !(x instanceof Tensor) && foreignClass(x) !== null;
}

/**
 * A value where a tensor was expected, for errors.
 *
 * @internal
 */
export const describeValue: (x: unknown) => string = quote;
