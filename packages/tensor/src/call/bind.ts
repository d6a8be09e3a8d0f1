/** Arguments brought to the parameters of a signature: by position, by name, by default. */
import { ArgumentError, isPlainObject, quote } from "@flambeau/backend";
import { describeOperand, describeValue } from "../describe.ts";
import { checks } from "./kinds.ts";
import { nearest } from "./nearest.ts";
import { fits, type Param, type Schema, schemaOf } from "./schema.ts";
import type { BoundNames } from "./signature.ts";

/**
 * The arguments of a call, by the names of the parameters of its signature.
 *
 * @throws ArgumentError for an option that is unknown or given twice, an argument too many, a missing one, or one of the wrong
 *   kind.
 *
 * @internal
 */
export function bind<S extends string, T = object>(signature: S, args: readonly unknown[]): BoundNames<S, T> {
  const schema = schemaOf(signature);
  return namesOf(schema, bindAll(schema, args), 0) as BoundNames<S, T>;
}

/** The values from the `first` on by name. */
export function namesOf(
  { params }: Schema,
  values: readonly unknown[],
  first: number,
): Record<string, unknown> {
  const names: Record<string, unknown> = {};
  for (let i = first; i < params.length; i++) names[params[i].name] = values[i];
  return names;
}

/**
 * The value of each parameter.
 *
 * @internal
 */
export function bindAll(schema: Schema, args: ArrayLike<unknown>): unknown[] {
  const { params, positional } = schema;
  const given = countOf(schema, args);
  const options = args[given] as Readonly<Record<string, unknown>> | undefined;
  if (given > positional) throw tooMany(schema, Array.from(args).slice(0, given));
  const values = new Array<unknown>(params.length);
  for (let i = 0; i < given; i++) values[i] = args[i];
  for (const key in options) {
    const at = placeOf(schema, key);
    if (at < 0)
      throw unknownOption(
        schema.name,
        params.map(({ name }) => name),
        key,
      );
    const value = options?.[key];
    if (value === undefined) continue;
    if (values[at] !== undefined)
      throw error(schema, `${key} is given twice, by position and in the options`);
    values[at] = value;
  }
  for (let i = 0; i < params.length; i++) {
    const param = params[i];
    if (!fits(param, values[i])) throw misfit(schema, param, values[i]);
    // Null is left out, where it means nothing of its own.
    if (values[i] === undefined || (values[i] === null && param.nullable)) values[i] = param.initial;
  }
  return values;
}

/**
 * How many arguments are given by position. The next one, if there is one, is the object with options: a plain object where its
 * parameter takes none.
 */
function countOf({ params, positional }: Schema, args: ArrayLike<unknown>): number {
  let count = args.length;
  while (count > 0 && args[count - 1] === undefined) count--;
  const last = args[count - 1];
  const isOptions = isPlainObject(last) && (count > positional || !fits(params[count - 1], last));
  return isOptions ? count - 1 : count;
}

/** Which parameter has a name: -1 for none. */
function placeOf({ params }: Schema, name: string): number {
  let i = params.length - 1;
  while (i >= 0 && params[i].name !== name) i--;
  return i;
}

/** Added to `fitting` where nothing is left to wish for. */
export const WHOLE = 100;

/** How well arguments fit a signature: the number of those that do. */
export function fitting(schema: Schema, args: ArrayLike<unknown>): number {
  const { params, positional } = schema;
  const given = countOf(schema, args);
  const options = (args[given] ?? {}) as Readonly<Record<string, unknown>>;
  let count = 0;
  while (count < given && count < positional && fits(params[count], args[count])) count++;
  let isWhole = count === given;
  for (const key in options) {
    const at = placeOf(schema, key);
    if (at >= given && fits(params[at], options[key])) count++;
    else isWhole = false;
  }
  isWhole &&= params.every(({ name, optional }, i) => optional || i < given || name in options);
  return isWhole ? count + WHOLE : count;
}

/** What a shape is, or dimensions. */
const INTS = checks.ints[1];

function misfit(schema: Schema, { name, words }: Param, value: unknown): ArgumentError {
  if (value === undefined) return error(schema, `${name} is missing: ${usage(schema)}`);
  return error(schema, `${name} is ${words}; got ${describe(value, words)}`);
}

function describe(value: unknown, words: string): string {
  if (words.startsWith("a tensor") && !words.includes("array")) return describeOperand(value);
  if (typeof value === "number" && words.endsWith(INTS)) return `${value} (as an array: [${value}])`;
  return describeValue(value);
}

function tooMany(schema: Schema, args: readonly unknown[]): ArgumentError {
  const { params, positional } = schema;
  const next = params[positional];
  const from = params.findIndex(({ words }) => words === INTS);
  if (from >= 0 && from < positional && args.slice(from).every((x) => typeof x === "number"))
    return error(
      schema,
      `${params[from].name} is one array, as in [${args.slice(from).join(", ")}]; got ${args.length - from} numbers`,
    );
  const most = `at most ${positional} argument${positional === 1 ? "" : "s"}`;
  if (next === undefined) return error(schema, `${most}; got ${args.length}: ${usage(schema)}`);
  const example = `{ ${next.name}: ${quote(args[positional])} }`;
  return error(
    schema,
    `${most} by position; got ${args.length}: ${next.name} is given by name, as in ${example}`,
  );
}

/**
 * The error of an option that is none of those there are: it says how the one that was probably meant is written.
 *
 * @internal
 */
export function unknownOption(what: string, names: readonly string[], key: string): ArgumentError {
  const camelCase = key.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  if (camelCase !== key && names.includes(camelCase))
    return new ArgumentError(`${what}: "${key}" is written ${camelCase} here`);
  const near = nearest(camelCase, names);
  const hint =
    near !== undefined
      ? `did you mean "${near}"?`
      : names.length > 0
        ? `there are ${names.join(", ")}`
        : "it takes none";
  return new ArgumentError(`${what}: unknown option ${quote(key)}; ${hint}`);
}

/** A call as it is written: `sum(input, dim?, keepdim?, { dtype? })`. */
function usage({ name, params, positional }: Schema): string {
  const written = params.map((param) => (param.optional ? `${param.name}?` : param.name));
  const byName = written.slice(positional);
  const list = [...written.slice(0, positional), ...(byName.length > 0 ? [`{ ${byName.join(", ")} }`] : [])];
  return `${name}(${list.join(", ")})`;
}

function error({ name }: Schema, message: string): ArgumentError {
  return new ArgumentError(`${name}: ${message}`);
}
