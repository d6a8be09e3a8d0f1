/** The values in arguments and results. */
import { isPlainObject } from "@flambeau/backend";
import { type Argument, Value } from "./graph.ts";

/**
 * Whether an argument is an object of others, by name.
 *
 * @internal
 */
export function isNamed(argument: Argument): argument is { readonly [name: string]: Argument } {
  return isPlainObject(argument) && !("opaque" in (argument as object));
}

/**
 * The values in an argument or a result, in arrays and objects as deep as they go.
 *
 * @internal
 */
export function valuesIn(argument: Argument): Value[] {
  if (argument instanceof Value) return [argument];
  if (Array.isArray(argument)) return argument.flatMap(valuesIn);
  return isNamed(argument) ? Object.values(argument).flatMap(valuesIn) : [];
}

/**
 * An argument or a result with other values in the places of its own.
 *
 * @internal
 */
export function replaceValues(argument: Argument, replace: (value: Value) => Value): Argument {
  if (argument instanceof Value) return replace(argument);
  if (Array.isArray(argument)) return argument.map((part) => replaceValues(part as Argument, replace));
  if (!isNamed(argument)) return argument;
  return Object.fromEntries(
    Object.entries(argument).map(([name, part]) => [name, replaceValues(part, replace)]),
  );
}
