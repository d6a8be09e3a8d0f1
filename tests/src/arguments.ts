/**
 * Tables of what functions and classes take, one row each. A row gives good values in PyTorch's order; from it follow the calls
 * that have to agree, and those that have to be refused.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ArgumentError } from "@flambeau/backend";
import fixture from "../fixtures/signatures.json" with { type: "json" };

/** One function or class. */
export interface ArgumentsRow {
  /** Calls it, or makes an instance, and gives something that can be compared. */
  readonly run: (...args: unknown[]) => unknown;
  /** Fresh values of those that can be given by position, in order. Defaults are left to be told from them. */
  readonly positional?: () => Readonly<Record<string, unknown>>;
  /** Those by position that stand after these, and do not go together with them. */
  readonly others?: readonly string[];
  /** Fresh values of those that are given by name only. */
  readonly named?: () => Readonly<Record<string, unknown>>;
  /** Those that cannot be left out. */
  readonly required?: readonly string[];
  /** Those whose default is not PyTorch 1.13's, or that it does not have. */
  readonly own?: readonly string[];
}

/** A function for arguments of any type. */
export function called<R>(f: object): (...args: unknown[]) => R {
  return f as (...args: unknown[]) => R;
}

/** The constructor of a class for arguments of any type. */
export function made<R>(Class: object): (...args: unknown[]) => R {
  return (...args) => Reflect.construct(Class as new () => R, args);
}

type Parameter = readonly [name: string, isKeywordOnly: boolean, initial?: unknown];
const signatures = fixture as unknown as Readonly<Record<string, readonly Parameter[] | undefined>>;

const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * Tests for every row, and one that each of the package's functions and classes has one.
 *
 * @param all - the package's exports.
 * @param rest - those that take no arguments of their own, as many as one likes, or the user's.
 */
export function describeArguments(
  all: object,
  rows: Readonly<Record<string, ArgumentsRow>>,
  rest: readonly string[],
): void {
  test("every function and class has a row", () => {
    const names = Object.entries(all).filter(([, f]) => typeof f === "function");
    assert.deepEqual(names.map(([name]) => name).sort(), [...Object.keys(rows), ...rest].sort());
  });
  for (const [name, row] of Object.entries(rows)) describe(`arguments of ${name}`, () => testRow(name, row));
}

/** The tests of one row. */
export function testRow(name: string, row: ArgumentsRow): void {
  const { positional = () => ({}), named = () => ({}), required = [], own = [], others = [] } = row;
  const { run } = row;
  const names = Object.keys(positional());
  const everything = (): Record<string, unknown> => ({ ...positional(), ...named() });
  const least = (): Record<string, unknown> =>
    Object.fromEntries(Object.entries(everything()).filter(([key]) => required.includes(key)));
  const refuses = (args: () => readonly unknown[], message: RegExp): Promise<void> =>
    assert.rejects(
      async () => run(...args()),
      (error) => {
        assert.ok(error instanceof ArgumentError, `${error}`);
        assert.ok(error.message.startsWith(`${name}: `), error.message);
        assert.match(error.message, message);
        return true;
      },
    );

  test("by position, by name and split anywhere it is the same call", async () => {
    const wanted = await run(everything());
    for (let count = 0; count <= names.length; count++) {
      const { ...rest } = everything();
      const head = names.slice(0, count).map((key) => rest[key]);
      for (const key of names.slice(0, count)) delete rest[key];
      const args = Object.keys(rest).length > 0 ? [...head, rest] : head;
      assert.deepEqual(await run(...args), wanted, `${count} by position`);
    }
  });

  test("an unknown option is refused, and one in snake_case with the name it has", async () => {
    await refuses(() => [{ ...least(), nothingLikeIt: 1 }], /unknown option "nothingLikeIt"/);
    for (const key of Object.keys(everything())) {
      const snake = snakeCase(key);
      if (snake === key || key === "X") continue;
      const { [key]: value, ...others } = { ...least(), [key]: everything()[key] };
      await refuses(() => [{ ...others, [snake]: value }], new RegExp(`"${snake}" is written ${key} here`));
    }
  });

  test("one argument too many is refused", async () => {
    const values = (): unknown[] => [
      ...names.map((key) => everything()[key]),
      ...others.map(() => undefined),
    ];
    await refuses(() => [...values(), 1], /at most \d+ arguments?( by position)?; got/);
    await refuses(() => [...values(), 1, named()], /at most \d+ arguments?( by position)?; got/);
  });

  test("an argument given twice is refused", async () => {
    const [first] = names;
    if (first === undefined) return;
    await refuses(
      () => [everything()[first], { ...least(), [first]: everything()[first] }],
      new RegExp(`${first} is given twice`),
    );
  });

  test("an argument of the wrong kind is refused by its name", async () => {
    for (const key of Object.keys(everything()))
      await refuses(() => [{ ...least(), [key]: Symbol("wrong") }], new RegExp(`: ${key} is `));
  });

  test("a missing argument is refused by its name", async () => {
    for (const key of required) {
      const { [key]: _, ...others } = least();
      await refuses(() => [others], new RegExp(`${key} is missing`));
    }
  });

  const signature = signatures[name];
  if (signature === undefined) return;
  test("order and defaults are PyTorch's, or scikit-learn's", async () => {
    const theirs = signature.filter(([, isKeywordOnly]) => !isKeywordOnly).map(([key]) => key);
    const known = [...names.filter((key) => !own.includes(key)), ...others];
    assert.deepEqual(known, theirs.slice(0, known.length));
    for (const key of Object.keys(named()))
      if (!own.includes(key))
        assert.ok(
          signature.some(([known]) => known === key),
          `${key} is there`,
        );
    const defaults = signature.filter(
      ([key, , initial]) =>
        key in everything() && !required.includes(key) && !own.includes(key) && initial !== undefined,
    );
    const given = Object.fromEntries(defaults.map(([key, , initial]) => [key, initial]));
    assert.deepEqual(await run({ ...least(), ...given }), await run(least()));
  });
}
