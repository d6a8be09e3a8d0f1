import { ArgumentError, quote, ValueError } from "@flambeau/backend";
import { pythonFloat } from "./python-float.ts";
import { checkSamples, read, samplesIn } from "./read.ts";

/** How classes are written, by what they were given as. */
type Kind = "int" | "float" | "bool" | "string";

/** A class as a value that can be compared: booleans are 0 and 1, bigints are numbers. */
export type Class = number | string;

/** Classes of samples, or a list of classes. */
export interface Column {
  readonly values: readonly Class[];
  readonly kind: Kind;
}

/** @throws as `read`, and ValueError for numbers that are no integers, and so no classes. */
export function readClasses(call: string, name: string, x: unknown): Column {
  const found = read(call, name, x);
  samplesIn(call, name, found);
  const values = Array.from(found.elements, (element, i) => classOf(call, name, element, i));
  const kinds = new Set(
    found.dtype === null ? Array.from(found.elements, kindOf) : [kindOfDType(found.dtype)],
  );
  if (kinds.has("string") && kinds.size > 1)
    throw new ArgumentError(`${call}: the classes of ${name} are strings or numbers, and not both`);
  return { values, kind: joined([...kinds]) };
}

/** Two columns of the same samples. @throws as `readClasses`, and when they cannot be compared. */
export function readPair(
  call: string,
  names: readonly [string, string],
  x: unknown,
  y: unknown,
): readonly [Column, Column] {
  const first = readClasses(call, names[0], x);
  const second = readClasses(call, names[1], y);
  checkSamples(call, { [names[0]]: first.values.length, [names[1]]: second.values.length });
  checkComparable(call, names, [first, second]);
  return [first, second];
}

/** @throws ArgumentError when classes of one argument are strings, and of the other numbers. */
export function checkComparable(
  call: string,
  names: readonly [string, string],
  [a, b]: readonly [Column, Column],
): void {
  if ((a.kind === "string") === (b.kind === "string") || a.values.length * b.values.length === 0) return;
  throw new ArgumentError(
    `${call}: ${names[0]} and ${names[1]} have classes of one kind; got ${quote(a.values[0])} and ${quote(b.values[0])}`,
  );
}

/** The classes of all columns, sorted, each once. */
export function classesIn(...columns: readonly Column[]): Column {
  const values = [...new Set(columns.flatMap(({ values }) => values))].sort(byOrder);
  return { values, kind: joined(columns.map(({ kind }) => kind)) };
}

export function byOrder(a: Class, b: Class): number {
  return a < b ? -1 : Number(a > b);
}

/** The place of each class in a list; of one that is there twice, the last. */
export function placesOf({ values }: Column): ReadonlyMap<Class, number> {
  return new Map(values.map((value, i) => [value, i]));
}

/** A class as Python prints it. */
export function textOf(value: Class, kind: Kind): string {
  if (kind === "bool") return value === 0 ? "False" : "True";
  return kind === "float" ? pythonFloat(value as number) : String(value);
}

function classOf(call: string, name: string, element: unknown, i: number): Class {
  if (typeof element === "string") return element;
  if (typeof element === "boolean" || typeof element === "bigint" || typeof element === "number") {
    const value = Number(element);
    if (Number.isSafeInteger(value)) return value;
    throw new ValueError(
      `${call}: ${name} has classes, which are integers or strings; element ${i} is ${element}: make classes of scores first, as in probabilities.gt(0.5) or logits.argmax(1)`,
    );
  }
  throw new ArgumentError(
    `${call}: the elements of ${name} are numbers or strings; element ${i} is ${quote(element)}`,
  );
}

function kindOf(element: unknown): Kind {
  if (typeof element === "string") return "string";
  return typeof element === "boolean" ? "bool" : "int";
}

function kindOfDType(dtype: string): Kind {
  if (dtype === "bool") return "bool";
  return dtype.startsWith("float") ? "float" : "int";
}

function joined(kinds: readonly Kind[]): Kind {
  if (kinds.every((kind) => kind === kinds[0])) return kinds[0] ?? "int";
  if (kinds.includes("string")) return "string";
  return kinds.includes("float") ? "float" : "int";
}
