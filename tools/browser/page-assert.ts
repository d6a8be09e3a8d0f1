/** What tests use of `node:assert/strict`, in a page. page-assert.test.ts compares it with Node's own. */

export class AssertionError extends Error {
  override readonly name: string = "AssertionError";
}

type Message = string | Error | undefined;
/** A class of errors, a pattern of the text, a judgement, or fields that the error must have. */
type Wanted = ((error: unknown) => unknown) | (new (...args: never[]) => unknown) | RegExp | object;

function fails(message: Message, otherwise: () => string): never {
  if (message instanceof Error) throw message;
  throw new AssertionError(message === undefined ? otherwise() : `${message}: ${otherwise()}`);
}

export function ok(value: unknown, message?: Message): asserts value {
  if (!value) fails(message, () => `${show(value)} is not true`);
}

export function equal(actual: unknown, expected: unknown, message?: Message): void {
  if (!Object.is(actual, expected)) fails(message, () => `${show(actual)} is not ${show(expected)}`);
}

export function notEqual(actual: unknown, expected: unknown, message?: Message): void {
  if (Object.is(actual, expected)) fails(message, () => `${show(actual)} should be something else`);
}

export function deepEqual(actual: unknown, expected: unknown, message?: Message): void {
  if (!isSame(actual, expected)) fails(message, () => `${show(actual)} is not ${show(expected)}`);
}

export function notDeepEqual(actual: unknown, expected: unknown, message?: Message): void {
  if (isSame(actual, expected)) fails(message, () => `${show(actual)} should be something else`);
}

export function match(text: string, pattern: RegExp, message?: Message): void {
  if (typeof text !== "string" || !pattern.test(text))
    fails(message, () => `${show(text)} does not match ${pattern}`);
}

export function doesNotMatch(text: string, pattern: RegExp, message?: Message): void {
  if (typeof text !== "string" || pattern.test(text))
    fails(message, () => `${show(text)} matches ${pattern}`);
}

export function fail(message?: Message): never {
  fails(message, () => "failed");
}

export function throws(work: () => unknown, wanted?: Wanted | string, message?: Message): void {
  let thrown: { error: unknown } | undefined;
  try {
    work();
  } catch (error) {
    thrown = { error };
  }
  judge(thrown, wanted, message);
}

export async function rejects(
  work: Promise<unknown> | (() => Promise<unknown>),
  wanted?: Wanted | string,
  message?: Message,
): Promise<void> {
  let thrown: { error: unknown } | undefined;
  try {
    await (typeof work === "function" ? work() : work);
  } catch (error) {
    thrown = { error };
  }
  judge(thrown, wanted, message);
}

export function doesNotThrow(work: () => unknown): void {
  work();
}

export async function doesNotReject(work: Promise<unknown> | (() => Promise<unknown>)): Promise<void> {
  await (typeof work === "function" ? work() : work);
}

function judge(
  thrown: { error: unknown } | undefined,
  wanted: Wanted | string | undefined,
  message: Message,
): void {
  if (typeof wanted === "string") [wanted, message] = [undefined, wanted];
  if (thrown === undefined) fails(message, () => "no error where one is expected");
  const { error } = thrown;
  if (wanted === undefined) return;
  if (wanted instanceof RegExp) {
    if (!wanted.test(String(error))) fails(message, () => `${String(error)} does not match ${wanted}`);
  } else if (typeof wanted === "object") {
    for (const [key, value] of Object.entries(wanted)) {
      const got = (error as Record<string, unknown>)[key];
      const fits = value instanceof RegExp && typeof got === "string" ? value.test(got) : isSame(got, value);
      if (!fits) fails(message, () => `${key} of ${String(error)} is ${show(got)}, not ${show(value)}`);
    }
  } else if (wanted.prototype !== undefined && error instanceof (wanted as new () => unknown)) {
    return;
  } else if (wanted === Error || Object.prototype.isPrototypeOf.call(Error, wanted)) {
    // Another class of error than the one wanted: a test needs to see it.
    throw error;
  } else if ((wanted as (error: unknown) => unknown)(error) !== true) {
    fails(message, () => `${String(error)} is not the error expected`);
  }
}

/** Deeply and strictly the same: prototypes, own enumerable keys, nan as itself, zeros by their sign. */
function isSame(a: unknown, b: unknown, seen: Map<object, object> = new Map()): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (ArrayBuffer.isView(a)) {
    const [x, y] = [a, b] as unknown as ArrayLike<unknown>[];
    if (x.length !== y.length) return false;
    for (let i = 0; i < x.length; i++) if (!Object.is(x[i], y[i])) return false;
    return true;
  }
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime());
  if (a instanceof RegExp) return String(a) === String(b);
  if (a instanceof Error && (a.message !== (b as Error).message || a.name !== (b as Error).name))
    return false;
  // Elements that are objects are compared in their order, which is stricter than Node is.
  if (a instanceof Map || a instanceof Set) {
    const [x, y] = [[...a], [...(b as Map<unknown, unknown> | Set<unknown>)]];
    if (!isSame(x, y, seen)) return false;
  }
  if (Array.isArray(a) && a.length !== (b as unknown[]).length) return false;
  const keys = Reflect.ownKeys(a).filter((key) => Object.prototype.propertyIsEnumerable.call(a, key));
  const others = Reflect.ownKeys(b).filter((key) => Object.prototype.propertyIsEnumerable.call(b, key));
  if (keys.length !== others.length) return false;
  return keys.every(
    (key) =>
      Object.prototype.propertyIsEnumerable.call(b, key) &&
      isSame((a as Record<PropertyKey, unknown>)[key], (b as Record<PropertyKey, unknown>)[key], seen),
  );
}

function show(value: unknown): string {
  if (Object.is(value, -0)) return "-0";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null || value instanceof Error)
    return typeof value === "string" ? JSON.stringify(value) : String(value);
  try {
    const list = ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<unknown>) : value;
    const text = JSON.stringify(list, (_, x: unknown) =>
      typeof x === "number" && (Object.is(x, -0) || !Number.isFinite(x))
        ? show(x)
        : typeof x === "bigint"
          ? `${x}n`
          : x,
    );
    return text.length > 500 ? `${text.slice(0, 500)}...` : text;
  } catch {
    return String(value);
  }
}

const parts = {
  AssertionError,
  ok,
  equal,
  strictEqual: equal,
  notEqual,
  deepEqual,
  deepStrictEqual: deepEqual,
  notDeepEqual,
  match,
  doesNotMatch,
  fail,
  throws,
  rejects,
  doesNotThrow,
  doesNotReject,
};

const assert: typeof ok & typeof parts = Object.assign(ok as typeof ok, parts);
export default assert;
