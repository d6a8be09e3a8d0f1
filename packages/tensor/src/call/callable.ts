// biome-ignore-all lint/complexity/noArguments: rest parameters would allocate an array for every call.
/** Functions and methods made of signatures and the code that gets their arguments in order. */
import { bindAll, fitting, namesOf } from "./bind.ts";
import { fits, type Schema, schemaOf } from "./schema.ts";
import type { Bound, BoundAfter, Callable, Overloaded } from "./signature.ts";

type Run = (...args: unknown[]) => unknown;

/**
 * A signature and its code.
 *
 * @internal
 */
export class Form {
  readonly signature: string;
  /** Gets the arguments in the order of the signature, then an object with those given by name only. */
  readonly run: Run;
  /** How many arguments `run` gets before the object. */
  readonly count: number | undefined;
  #schema: Schema | undefined;

  constructor(signature: string, run: Run, count?: number) {
    this.signature = signature;
    this.run = run;
    this.count = count;
  }

  /** Read at the first call: most callables of the library are never called by a program. */
  get schema(): Schema {
    this.#schema ??= schemaOf(this.signature);
    return this.#schema;
  }

  /** The same parameters under another name: an in-place form. */
  named(name: string, run: Run): Form {
    return new Form(name + this.signature.slice(this.signature.indexOf("(")), run);
  }
}

/**
 * The forms of a callable: one, or several where it is overloaded. None of any other function.
 *
 * @internal
 */
export function formsOf(f: object): readonly Form[] | undefined {
  return (f as { readonly forms?: readonly Form[] }).forms;
}

/**
 * A function of a signature. `run` gets a value for each parameter in order, and an object with those that are given by name
 * only.
 *
 * @internal
 */
export function callable<S extends string, R, T = object>(
  signature: S,
  run: (...args: Bound<S, T>) => R,
): Callable<S, R, T> {
  return functionOf([new Form(signature, run as unknown as Run)]) as unknown as Callable<S, R, T>;
}

/**
 * A function of a signature with many parameters: `run` gets the first `count` arguments, and an object with all others.
 *
 * @internal
 */
export function withOptions<S extends string, N extends number, R, T = object>(
  signature: S,
  count: N,
  run: (...args: BoundAfter<S, N, T>) => R,
): Callable<S, R, T> {
  const form = new Form(signature, run as unknown as Run, count);
  return functionOf([form]) as unknown as Callable<S, R, T>;
}

/**
 * A function that takes what any of the callables takes; the first that does is called.
 *
 * @internal
 */
export function overloaded<L extends readonly object[]>(...callables: L): Overloaded<L> {
  return functionOf(callables.flatMap((f) => formsOf(f) ?? [])) as unknown as Overloaded<L>;
}

/**
 * Forms as a function.
 *
 * @internal
 */
export function functionOf(forms: readonly Form[]): Run {
  const f: Run = function (a, b, c, d) {
    for (const form of forms) {
      const { schema } = form;
      if (form.count === undefined && direct(schema, arguments.length, a, b, c, d))
        return call(form, schema, a, b, c, d);
    }
    return callBound(forms, Array.from(arguments));
  };
  return Object.assign(f, { forms });
}

/**
 * Forms as a method: `this` is the first argument.
 *
 * @internal
 */
export function methodOf(forms: readonly Form[]): Run {
  const f: Run = function (this: unknown, a, b, c) {
    for (const form of forms) {
      const { schema } = form;
      if (form.count === undefined && direct(schema, arguments.length + 1, this, a, b, c))
        return call(form, schema, this, a, b, c);
    }
    return callBound(forms, [this, ...arguments]);
  };
  return Object.assign(f, { forms });
}

/** Whether the arguments can be passed on as they are: four at most, no options, and each of its kind. */
function direct(
  { params, positional, nullIsLeftOut }: Schema,
  given: number,
  a: unknown,
  b: unknown,
  c: unknown,
  d: unknown,
): boolean {
  return (
    given <= 4 &&
    given <= positional &&
    nullIsLeftOut &&
    (positional < 1 || fits(params[0], a)) &&
    (positional < 2 || fits(params[1], b)) &&
    (positional < 3 || fits(params[2], c)) &&
    (positional < 4 || fits(params[3], d)) &&
    (positional < 5 || params[4].optional)
  );
}

function call(form: Form, { initial }: Schema, a: unknown, b: unknown, c: unknown, d: unknown): unknown {
  if (initial.length > 5)
    return form.run(...[a, b, c, d, ...initial.slice(4)].map((x, i) => x ?? initial[i]));
  return form.run(a ?? initial[0], b ?? initial[1], c ?? initial[2], d ?? initial[3], initial[4]);
}

function callBound(forms: readonly Form[], args: readonly unknown[]): unknown {
  let nearest = forms[0];
  if (forms.length > 1) {
    let most = -1;
    for (const form of forms) {
      const count = fitting(form.schema, args);
      if (count > most) [most, nearest] = [count, form];
    }
  }
  const { schema } = nearest;
  const values = bindAll(schema, args);
  const count = nearest.count ?? schema.positional;
  values[count] = count < schema.params.length ? namesOf(schema, values, count) : schema.initial[count];
  // Fixed arguments are faster than spread ones.
  if (count > 4) return nearest.run(...values.slice(0, count + 1));
  return nearest.run(values[0], values[1], values[2], values[3], values[4]);
}
