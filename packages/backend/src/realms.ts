/**
 * What objects are, whatever realm made them: a frame of a page, a context of `node:vm`, a test runner's. `instanceof` sees those
 * of its own realm only.
 *
 * @module
 * @internal
 */

/**
 * Whether a value is an object as `{}` makes one.
 *
 * @internal
 */
export function isPlainObject(x: unknown): boolean {
  if (typeof x !== "object" || x === null) return false;
  let prototype: object | null;
  try {
    prototype = Object.getPrototypeOf(x);
  } catch {
    // A proxy of the user's threw.
    return false;
  }
  // The comparison with our own is for speed: objects of options are looked at in every call.
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Whether a value is an object of a class of the language's: "Map", "ArrayBuffer".
 *
 * @internal
 */
export function isOf(kind: string, x: unknown): boolean {
  return Object.prototype.toString.call(x) === `[object ${kind}]`;
}
