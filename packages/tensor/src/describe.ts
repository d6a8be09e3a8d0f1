import { ArgumentError, foreignClass, quote } from "@flambeau/backend";
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

/** As `describeValue`, for what an op takes: of an array it says how to make a tensor of it. */
export function describeOperand(x: unknown): string {
  return Array.isArray(x) ? "an array (make a tensor of it first: tensor([...]))" : describeValue(x);
}

/**
 * Refuses what is no tensor, for functions of as many arguments as one likes, which have no signature.
 *
 * @throws ArgumentError
 */
export function checkTensor(what: string, x: unknown): void {
  try {
    if (x instanceof Tensor) return;
  } catch {
    // A proxy of the user's threw: it is none.
  }
  throw new ArgumentError(`${what}: input is a tensor; got ${describeOperand(x)}`);
}
