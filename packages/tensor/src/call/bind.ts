/** Arguments brought to the parameters of a signature: by position, by name, by default. */
import { ArgumentError, isPlainObject, quote } from "@flambeau/backend";
import { describeOperand, describeValue } from "../describe.ts";
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
  let given = args.length;
  while (given > 0 && args[given - 1] === undefined) given--;
  const options = given > 0 && isOptions(schema, args[given - 1], given - 1) ? args[--given] : undefined;
  if (given > positional) throw tooMany(schema, Array.from(args).slice(0, given));
  const values: unknown[] = [];
  for (let i = 0; i < params.length; i++) values.push(i < given ? args[i] : undefined);
  if (options !== undefined) readOptions(schema, options as Readonly<Record<string, unknown>>, values);
  for (let i = 0; i < params.length; i++) {
    const param = params[i];
    if (!fits(param, values[i])) throw misfit(schema, param, values[i]);
    // Null is left out, where it means nothing of its own.
    if (values[i] === undefined || (values[i] === null && param.nullable)) values[i] = param.initial;
  }
  return values;
}

/** Whether the last argument is the object with options: a plain object where its parameter takes none. */
function isOptions({ params, positional }: Schema, x: unknown, at: number): boolean {
  return isPlainObject(x) && (at >= positional || !fits(params[at], x));
}

function readOptions(schema: Schema, options: Readonly<Record<string, unknown>>, values: unknown[]): void {
  const { params } = schema;
  let read = 0;
  for (let i = 0; i < params.length; i++) {
    const { name } = params[i];
    const value = options[name];
    if (value === undefined) continue;
    if (values[i] !== undefined)
      throw error(schema, `${name} is given twice, by position and in the options`);
    values[i] = value;
    read++;
  }
  // Only then are there keys that no parameter has, or such that are undefined.
  for (const _ in options) read--;
  if (read === 0) return;
  const names = params.map(({ name }) => name);
  for (const key of Object.keys(options))
    if (!names.includes(key)) throw unknownOption(schema.name, names, key);
}

/** How well arguments fit a signature: the number of those that do, and more where nothing is left to wish for. */
export function fitting(schema: Schema, args: readonly unknown[]): number {
  const { params, positional } = schema;
  const last = args.length - 1;
  const options = last >= 0 && isOptions(schema, args[last], last) ? (args[last] as object) : {};
  const given = Object.keys(options).length > 0 ? args.slice(0, -1) : args;
  const byPosition = given.findIndex((x, i) => i >= positional || !fits(params[i], x));
  const byName = Object.entries(options).filter(([key, value]) =>
    params.some((param, i) => i >= given.length && param.name === key && fits(param, value)),
  );
  const isWhole =
    byPosition < 0 &&
    byName.length === Object.keys(options).length &&
    params.every(({ name, optional }, i) => optional || i < given.length || name in options);
  return (byPosition < 0 ? given.length : byPosition) + byName.length + (isWhole ? 100 : 0);
}

function misfit(schema: Schema, { name, words }: Param, value: unknown): ArgumentError {
  if (value === undefined) return error(schema, `${name} is missing: ${usage(schema)}`);
  return error(schema, `${name} is ${words}; got ${describe(value, words)}`);
}

function describe(value: unknown, words: string): string {
  if (words.startsWith("a tensor") && !words.includes("array")) return describeOperand(value);
  if (typeof value === "number" && words.endsWith("an array of integers"))
    return `${value} (as an array: [${value}])`;
  return describeValue(value);
}

function tooMany(schema: Schema, args: readonly unknown[]): ArgumentError {
  const { params, positional } = schema;
  const next = params[positional];
  const from = params.findIndex(({ kind }) => kind === "ints");
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
