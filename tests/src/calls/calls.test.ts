/** Every public callable of tensor takes its arguments by one rule, and refuses what does not fit it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import "@flambeau/autograd";
import { ArgumentError } from "@flambeau/backend";
import { manualSeed, Tensor } from "@flambeau/tensor";
import { type Called, callables } from "./callables.ts";
import { byPosition, caseOf } from "./cases.ts";

const HERE = "tests/src/calls/cases.ts";
/** Only what they are like is the same. */
const withoutElements = /^(Tensor\.)?(empty(Like)?|newEmpty)$/;

/** A result as text that compares bit for bit, or what is thrown. */
function outcome(c: Called, args: readonly unknown[]): string {
  manualSeed(1);
  try {
    return show(described(c, c.call(args)));
  } catch (error) {
    return `throws ${error}`;
  }
}

function described(c: Called, x: unknown): unknown {
  if (x instanceof Tensor) {
    const bytes = withoutElements.test(c.name) ? [] : Array.from(x.detach().contiguous().dataSync(), bits);
    return [x.dtype, x.device, x.requiresGrad, x.shape, x.strides, bytes];
  }
  if (typeof x !== "object" || x === null) return typeof x === "number" ? bits(x) : x;
  return Array.isArray(x) ? x.map((e) => described(c, e)) : Object.values(x).map((e) => described(c, e));
}

const double = new Float64Array(1);
const words = new BigUint64Array(double.buffer);
function bits(x: number | bigint | boolean): unknown {
  if (typeof x !== "number") return x;
  double[0] = x;
  return words[0];
}

/** What is not as it should be, if anything: the callable and the call. */
type Problems = string[];

function sameInEverySplit(c: Called, make: () => unknown[]): Problems {
  const { schema } = c;
  const whole = outcome(c, byPosition(schema, make()));
  if (whole.startsWith("throws ")) return [`all by position: ${whole}`];
  const problems: Problems = [];
  for (let count = Number(c.isMethod); count < schema.positional; count++) {
    const other = outcome(c, byPosition(schema, make(), count));
    if (other !== whole) problems.push(`${count} by position, the others by name: ${other}`);
  }
  return problems;
}

/** With every default given, and with null where PyTorch has None, as with none of them. */
function sameWithDefaults(c: Called, make: () => unknown[]): Problems {
  const { params, positional } = c.schema;
  const required = (): unknown[] => make().map((x, i) => (params[i].optional ? undefined : x));
  const defaults = (): unknown[] =>
    required().map((x, i) => x ?? params[i].initial ?? (params[i].nullable ? null : undefined));
  const wanted = outcome(c, byPosition(c.schema, required()));
  const problems: Problems = [];
  for (const count of [positional, Number(c.isMethod)]) {
    const other = outcome(c, byPosition(c.schema, defaults(), count));
    if (other !== wanted) problems.push(`the defaults, ${count} by position: ${other}, not ${wanted}`);
  }
  return problems;
}

/** Refusals: each an ArgumentError that names the callable and the parameter. */
function refused(c: Called, make: () => unknown[]): Problems {
  const { params, positional } = c.schema;
  const first = Number(c.isMethod);
  const problems: Problems = [];
  const refuse = (what: string, args: readonly unknown[], ...names: readonly string[]): void => {
    try {
      c.call(args);
      problems.push(`${what} is taken`);
    } catch (error) {
      const { message } = error as Error;
      const isRight =
        error instanceof ArgumentError &&
        message.startsWith(`${c.shown}: `) &&
        names.some((name) => message.includes(name));
      if (!isRight) problems.push(`${what}: ${error}`);
    }
  };
  const byName = (change: Record<string, unknown>, without?: string): unknown[] => {
    const args = byPosition(c.schema, make(), first);
    const options = { ...(args[first] as object | undefined), ...change } as Record<string, unknown>;
    if (without !== undefined) delete options[without];
    return [...args.slice(0, first), options];
  };
  refuse("an unknown option", byName({ nosuchoption: 1 }), "nosuchoption");
  // One argument more than the longest of its forms has.
  if (c.schemas.every((schema) => schema.positional <= positional))
    refuse(
      "an argument too many",
      [...make().slice(0, positional), 1],
      "arguments",
      ...params.map(({ name }) => name),
    );
  for (const [i, { name, optional, nullable, takes }] of params.entries()) {
    if (i < first) continue;
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (snake !== name && name.length > 1)
      refuse(`${snake}`, byName({ [snake]: make()[i] }, name), `${name} here`);
    // Any parameter of another form may be what the call is about.
    const others =
      c.schemas.length > 1 ? c.schemas.flatMap((schema) => schema.params.map((param) => param.name)) : [];
    for (const wrong of [new Map(), 7, "wrong", ...(nullable ? [] : [null])]) {
      if (!accepts(takes, wrong))
        refuse(`${name} of ${show(wrong)}`, byName({ [name]: wrong }), name, ...others);
    }
    const fitsAnother = c.schemas.some(
      (schema) =>
        schema !== c.schema && schema.params.every((param) => param.name !== name || param.optional),
    );
    if (!optional && !fitsAnother) refuse(`without ${name}`, byName({}, name), name);
  }
  return problems;
}

function accepts(takes: (x: unknown) => boolean, x: unknown): boolean {
  try {
    return takes(x);
  } catch {
    return true;
  }
}

function show(x: unknown): string {
  return typeof x === "string"
    ? x
    : x instanceof Map
      ? "a Map"
      : JSON.stringify(x, (_, e) => (typeof e === "bigint" ? `${e}` : e));
}

describe("arguments by one rule", () => {
  const found = callables.map((c) => ({ c, found: caseOf(c) }));

  test("every parameter of every callable has a value", () => {
    const problems = found.flatMap(({ c, found }) =>
      found === undefined
        ? [`${c.name}(${c.schema.params.map(({ name }) => name).join(", ")}) has no case: add it to ${HERE}`]
        : found.lacking.map((name) => `${c.name} has no value for ${name}: add one to ${HERE}`),
    );
    assert.deepEqual(problems, []);
    // Of functions and methods, and of the forms of each.
    assert.ok(callables.length > 500, `only ${callables.length} forms were found`);
  });

  const checks = {
    "by position, by name, or both": sameInEverySplit,
    defaults: sameWithDefaults,
    refusals: refused,
  };
  for (const [title, check] of Object.entries(checks)) {
    test(title, () => {
      const problems = found.flatMap(({ c, found }) =>
        found === undefined ? [] : check(c, found.make).map((problem) => `${c.name}: ${problem}`),
      );
      assert.deepEqual(problems, []);
    });
  }
});
