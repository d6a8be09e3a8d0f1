import { markOf } from "./copies.ts";
import { Tensor } from "./tensor.ts";

/** Longer texts are cut: an error that repeats the whole of what it was given cannot be read. */
const LONGEST = 100;

/**
 * What a value is, for errors about arguments: "null", "a number", "an array", "a string ("x")".
 *
 * @internal
 */
export function describeValue(x: unknown): string {
  if (x === null || x === undefined) return String(x);
  if (x instanceof Tensor) return "a tensor";
  if (markOf(x) !== undefined)
    return "a Tensor of another copy of @flambeau/tensor, two of which the program loads (see npm ls @flambeau/tensor)";
  if (Array.isArray(x)) return "an array";
  if (typeof x === "string") return `a string (${quoteText(x)})`;
  return typeof x === "object" ? "an object" : `a ${typeof x}`;
}

/**
 * A value as a message quotes it: numbers as they are, a string in quotes, anything else by what it is.
 *
 * @internal
 */
export function quoteValue(x: unknown): string {
  if (typeof x === "string") return quoteText(x);
  return typeof x === "number" || typeof x === "bigint" || typeof x === "boolean"
    ? String(x)
    : describeValue(x);
}

function quoteText(x: string): string {
  return JSON.stringify(x.length > LONGEST ? `${x.slice(0, LONGEST)}...` : x);
}
