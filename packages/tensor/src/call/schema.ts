/** A signature read at run time: see signature.ts for how it is written. */

import { FlambeauError, isPlainObject } from "@flambeau/backend";
import { Tensor } from "../tensor.ts";
import { checks, type Kinds } from "./kinds.ts";
import { kindOf } from "./labels.ts";

/**
 * Lists of parameters that many callables end with.
 *
 * @internal
 */
export const groups = {
  making: "dtype?, device?, requiresGrad = false",
  drawing: "generator?, dtype?, device?, requiresGrad = false",
} as const;
export type Groups = typeof groups;

/** One parameter. */
export interface Param {
  readonly name: string;
  /** Whether it can be left out. */
  readonly optional: boolean;
  /** Whether null stands for leaving it out. */
  readonly nullable: boolean;
  /** Whether null is a value of its own, beside others. */
  readonly takesNull: boolean;
  readonly initial: unknown;
  /** Whether it takes a value. */
  readonly takes: (x: unknown) => boolean;
  /** Whether it takes what most arguments are: found once, and not in each call. */
  readonly takesTensor: boolean;
  readonly takesNumber: boolean;
  readonly takesBool: boolean;
  /** What it takes, in words. */
  readonly words: string;
}

/** A callable's parameters. */
export interface Schema {
  readonly name: string;
  /** All of them, those given by name only at the end. */
  readonly params: readonly Param[];
  /** How many can be given by position. */
  readonly positional: number;
}

const schemas = new Map<string, Schema>();

/**
 * The schema of a signature, read once.
 *
 * @internal
 */
export function schemaOf(signature: string): Schema {
  let schema = schemas.get(signature);
  if (schema === undefined) {
    schema = read(signature);
    schemas.set(signature, schema);
  }
  return schema;
}

function read(signature: string): Schema {
  const open = signature.indexOf("(");
  const list = signature
    .slice(open + 1, -1)
    .replace(/\.\.\.(\w+)/g, (_, group) => groups[group as keyof Groups]);
  const texts = list === "" ? [] : list.split(",").map((text) => text.trim());
  const star = texts.indexOf("*");
  const positional = star < 0 ? texts.length : star;
  const all = texts.filter((text) => text !== "*").map(readParam);
  const params = all.map((param, i) => (i < positional ? leavingOptions(param, all) : param));
  return {
    name: signature.slice(0, open),
    params,
    positional,
  };
}

/** A tensor as far as checks look at it. */
const TENSOR: object = Object.create(Tensor.prototype);

/** Where any object fits by position, one with names of parameters is that of the options all the same. */
function leavingOptions(param: Param, params: readonly Param[]): Param {
  const { takes } = param;
  if (takes !== checks.any[0] && takes !== checks.object[0]) return param;
  const isOptions = (x: object): boolean =>
    Object.keys(x).some((key) => params.some(({ name }) => name === key));
  return { ...param, takes: (x) => takes(x) && !(isPlainObject(x) && isOptions(x as object)) };
}

function readParam(text: string): Param {
  const [, name, mark, kind, initial] = /^(\w+)(\??)(?:: ([^=]+?))?(?: = (.+))?$/.exec(text) as string[];
  const value: unknown = initial === undefined ? undefined : JSON.parse(initial.replaceAll("'", '"'));
  const kinds = (kind ?? kindOf[name] ?? kindOfDefault(value)).split("|");
  const alternatives = kinds.map(alternative);
  const [[first]] = alternatives;
  const takes =
    kinds.length === 1 ? first : (x: unknown): boolean => alternatives.some(([takes]) => takes(x));
  return {
    name,
    optional: mark !== "" || initial !== undefined,
    nullable: mark !== "",
    takesNull: kinds.includes("null"),
    initial: value,
    takes,
    takesTensor: takes(TENSOR),
    takesNumber: takes(0),
    takesBool: takes(true),
    words: listed(alternatives.map(([, words]) => words)),
  };
}

/** `a`, `a or b`, `a, b or c`. */
function listed(words: readonly string[]): string {
  const others = words.slice(0, -1).join(", ");
  return `${others}${others && " or "}${words[words.length - 1]}`;
}

function kindOfDefault(value: unknown): string {
  if (value === undefined) return "any";
  return typeof value === "boolean" ? "bool" : typeof value;
}

function alternative(kind: string): readonly [(x: unknown) => boolean, string] {
  if (!kind.startsWith("'")) return checks[kind as keyof Kinds];
  const literal = kind.slice(1, -1);
  return [(x) => x === literal, `"${literal}"`];
}

/** Whether a parameter takes an argument as it is. */
export function fits(param: Param, x: unknown): boolean {
  switch (typeof x) {
    case "undefined":
      return param.optional;
    case "number":
      return param.takesNumber;
    case "boolean":
      return param.takesBool;
    default:
      try {
        if (x instanceof Tensor) return param.takesTensor;
        return (x === null && param.nullable) || param.takes(x);
      } catch (error) {
        // For a name that is no dtype the check throws one with a suggestion.
        if (error instanceof FlambeauError) throw error;
        // A getter or a proxy of the user's threw.
        return false;
      }
  }
}
