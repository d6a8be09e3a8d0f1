/**
 * Whether a value can be awaited: a promise, of whatever realm or library.
 *
 * @internal
 */
export function isThenable(x: unknown): x is PromiseLike<unknown> {
  const isObject = (typeof x === "object" && x !== null) || typeof x === "function";
  return isObject && typeof (x as { then?: unknown }).then === "function";
}
