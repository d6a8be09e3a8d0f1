/** Options of functions that take them as an object. */
import { ArgumentError, isPlainObject } from "@flambeau/backend";
import { describeValue, unknownOption } from "@flambeau/tensor";

/**
 * @throws ArgumentError when options are no plain object, or one of them has another name than these.
 *
 * @internal
 */
export function checkOptions(what: string, names: readonly string[], options: unknown): void {
  if (!isPlainObject(options))
    throw new ArgumentError(`${what}: options is an object; got ${describeValue(options)}`);
  for (const key of Object.keys(options as object))
    if (!names.includes(key)) throw unknownOption(what, names, key);
}
