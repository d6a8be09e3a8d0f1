import { describeForeign } from "./copies.ts";
import { isPlainObject } from "./realms.ts";

/** How much of a value a message shows. */
const LONGEST = 100;

/**
 * A value that a user gave, as a message shows it: strings in quotation marks, arrays and plain objects with what they
 * hold, objects of another copy of a package by that, anything else by what it is; cut where it is longer than 100 characters.
 *
 * @internal
 */
export function quote(value: unknown): string {
  let text: string;
  try {
    const foreign = describeForeign(value);
    if (foreign !== null) return foreign;
    const inside = Array.isArray(value) ? value.find((item) => describeForeign(item) !== null) : undefined;
    if (inside !== undefined) return `an array with ${describeForeign(inside)}`;
    text = describe(value, LONGEST);
  } catch {
    // A getter or a proxy of the user's threw.
    text = "an object";
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** The text of a value, of which at least `room` characters are right if it is longer. */
function describe(value: unknown, room: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.slice(0, room + 1));
    case "bigint":
      return `${value}n`;
    case "function":
      return "a function";
    case "object":
      return value === null ? "null" : describeObject(value, room);
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

function describeObject(value: object, room: number): string {
  if (Array.isArray(value)) return `[${list(value, room, (item, left) => describe(item, left))}]`;
  if (!isPlainObject(value)) return withArticle(value.constructor.name);
  const entries = list(Object.entries(value), room, ([key, item], left) => `${key}: ${describe(item, left)}`);
  return entries === "" ? "{}" : `{ ${entries} }`;
}

/** The first of some items, as many as there is room for. */
function list<T>(items: readonly T[], room: number, text: (item: T, left: number) => string): string {
  let out = "";
  for (let i = 0; i < items.length && out.length <= room; i++) {
    out += `${i > 0 ? ", " : ""}${text(items[i], room - out.length - 1)}`;
  }
  return out;
}

function withArticle(name: string): string {
  return `${/^[AEIOU]/.test(name) ? "an" : "a"} ${name}`;
}
