/**
 * Results that are read by name and unpacked, as PyTorch's named tuples: `max(x, 1).values` and
 * `const [values, indices] = max(x, 1)`.
 */

/** An object whose values are also unpacked, in the order of its keys. */
export type NamedTuple<T extends object> = T & Iterable<T[keyof T]>;

class Fields {
  constructor(values: object) {
    Object.assign(this, values);
  }

  *[Symbol.iterator](): Iterator<unknown, undefined> {
    yield* Object.values(this);
    return undefined;
  }
}

/**
 * Values with names, in order.
 *
 * @internal
 */
export function namedTuple<T extends object>(values: T): NamedTuple<T> {
  return new Fields(values) as unknown as NamedTuple<T>;
}

/**
 * Whether something has values with names that also unpack.
 *
 * @internal
 */
export function isNamedTuple(x: unknown): x is NamedTuple<object> {
  return x instanceof Fields;
}
