import { ArgumentError } from "./errors.ts";
import { quote } from "./quote.ts";

/** What stands in for a name that an object has not: an error, or nothing for a name that may be looked for. */
export type Unnamed = (key: string, isWrite: boolean) => Error | undefined;

/**
 * Has names as Python writes them refused, on objects of a class, where they have the name in camelCase: `x.requires_grad = true`
 * would set a field without effect, and `layer.in_features` be undefined. Any other name that is not there is undefined as ever, since
 * test runners and `await` look for some.
 *
 * The refusal stands behind the prototype, where the search for a name gets that has not been found there: what is there is found as
 * fast as without it.
 *
 * @param other - what else is refused.
 *
 * @internal
 */
export function refuseSnakeCase(prototype: object, what: string, other?: Unnamed): void {
  const refuse = (key: string | symbol, receiver: object, isWrite: boolean): void => {
    if (typeof key !== "string") return;
    const error = other?.(key, isWrite);
    if (error !== undefined) throw error;
    const camelCase = inCamelCase(key);
    if (camelCase !== key && camelCase in receiver)
      throw new ArgumentError(`${what}: ${quote(key)} is written ${camelCase} here`);
  };
  // In front of the prototype that was there, which `instanceof` looks for.
  const end = new Proxy(Object.create(Object.getPrototypeOf(prototype) as object) as object, {
    get(target, key, receiver): unknown {
      if (!(key in target)) refuse(key, receiver, false);
      return Reflect.get(target, key, receiver);
    },
    set(target, key, value, receiver): boolean {
      if (!(key in target)) refuse(key, receiver, true);
      return Reflect.set(target, key, value, receiver);
    },
  });
  Object.setPrototypeOf(prototype, end);
}

/** `requires_grad` as `requiresGrad`; an underscore at the end, as that of an op in place, stays. */
function inCamelCase(key: string): string {
  return key.replace(/(?<=[A-Za-z0-9])_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
