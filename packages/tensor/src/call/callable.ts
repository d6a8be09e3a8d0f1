// biome-ignore-all lint/complexity/noArguments: rest parameters would allocate an array for every call.
/** Functions and methods made of signatures and the code that gets their arguments in order. */
import { observedCall, observesCalls } from "../dispatch/observe.ts";
import { bindAll, fitting, namesOf, WHOLE } from "./bind.ts";
import { fits, type Param, type Schema, schemaOf } from "./schema.ts";
import type { Bound, BoundAfter, Callable, Overloaded } from "./signature.ts";

type Run = (...args: unknown[]) => unknown;

/** A form made ready for calls of up to four arguments by position, all in fields: a call is to cost next to nothing. */
class Plan {
  readonly schema: Schema;
  readonly run: Run;
  /** How many arguments `run` gets before the object. */
  readonly leading: number;
  /** The object that it gets where nothing is given for it. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How many arguments can be passed on as they are: -1 where none can. */
  readonly most: number;
  /** How many have to be given. */
  readonly least: number;
  /** The first four parameters, as far as there are so many that are passed on. */
  readonly a: Param;
  readonly b: Param;
  readonly c: Param;
  readonly d: Param;
  /** What `run` gets where they are left out, one after the other; the object is among them. */
  readonly ifA: unknown;
  readonly ifB: unknown;
  readonly ifC: unknown;
  readonly ifD: unknown;
  readonly last: unknown;

  constructor(schema: Schema, run: Run, count: number = schema.positional) {
    const { params, positional } = schema;
    this.schema = schema;
    this.run = run;
    this.leading = count;
    const values = params.map(({ initial }) => initial);
    this.options = Object.freeze(namesOf(schema, values, count));
    const passed = params.slice(0, Math.min(count, positional));
    const isShort =
      count <= 4 && params.every(({ optional, takesNull }, i) => (i < passed.length ? !takesNull : optional));
    this.most = isShort ? passed.length : -1;
    this.least = params.findLastIndex(({ optional }, i) => i < positional && !optional) + 1;
    [this.a, this.b, this.c, this.d] = passed;
    [this.ifA, this.ifB, this.ifC, this.ifD, this.last] = [...values.slice(0, count), this.options];
  }
}

/** Takes no call: of five arguments none is passed on as it is. */
const UNREAD: Plan = new Plan({ name: "", params: [], positional: 0 }, () => undefined, 5);

/**
 * A signature and its code.
 *
 * @internal
 */
export class Form {
  readonly signature: string;
  /** Gets the arguments in the order of the signature, then an object with the rest. */
  readonly run: Run;
  /** How many arguments `run` gets before the object, if not as many as can be given by position. */
  readonly count: number | undefined;
  /** What a call needs to know. Made at the first call: most callables of the library are never called by a program. */
  plan: Plan = UNREAD;

  constructor(signature: string, run: Run, count?: number) {
    this.signature = signature;
    this.run = run;
    this.count = count;
  }

  /** The parameters. */
  get schema(): Schema {
    return this.read().schema;
  }

  read(): Plan {
    if (this.plan === UNREAD) this.plan = new Plan(schemaOf(this.signature), this.run, this.count);
    return this.plan;
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
    if (observesCalls) return callBound(forms, arguments);
    for (let i = 0; i < forms.length; i++) {
      const { plan } = forms[i];
      const n = arguments.length;
      if (
        n <= plan.most &&
        n >= plan.least &&
        (n < 1 || fits(plan.a, a)) &&
        (n < 2 || fits(plan.b, b)) &&
        (n < 3 || fits(plan.c, c)) &&
        (n < 4 || fits(plan.d, d))
      )
        return plan.run(a ?? plan.ifA, b ?? plan.ifB, c ?? plan.ifC, d ?? plan.ifD, plan.last);
    }
    return callBound(forms, arguments);
  };
  return Object.assign(f, { forms });
}

/**
 * Forms as a method: `this` is the first argument.
 *
 * @internal
 */
export function methodOf(forms: readonly Form[]): Run {
  const f: Run = function (this: unknown, b, c, d) {
    if (observesCalls) return callBound(forms, behind(this, arguments));
    for (let i = 0; i < forms.length; i++) {
      const { plan } = forms[i];
      const n = arguments.length;
      if (
        n < plan.most &&
        n >= plan.least - 1 &&
        (n < 1 || fits(plan.b, b)) &&
        (n < 2 || fits(plan.c, c)) &&
        (n < 3 || fits(plan.d, d))
      )
        return plan.run(this, b ?? plan.ifB, c ?? plan.ifC, d ?? plan.ifD, plan.last);
    }
    return callBound(forms, behind(this, arguments));
  };
  return Object.assign(f, { forms });
}

/** Arguments behind another one. A spread would go through an iterator, ten times as slow. */
function behind(first: unknown, others: ArrayLike<unknown>): unknown[] {
  const all = new Array<unknown>(others.length + 1);
  all[0] = first;
  for (let i = 0; i < others.length; i++) all[i + 1] = others[i];
  return all;
}

function callBound(forms: readonly Form[], args: ArrayLike<unknown>): unknown {
  const form = nearestOf(forms, args);
  const values = bindAll(form.schema, args);
  return observesCalls ? observedForm(form, values) : runForm(form, values);
}

function observedForm(form: Form, values: readonly unknown[]): unknown {
  const { schema, signature } = form;
  return observedCall(schema.name, signature, namesOf(schema, values, 0), () => runForm(form, [...values]));
}

/** Runs a form with the value of each parameter. */
function runForm(form: Form, values: unknown[]): unknown {
  const { schema, leading, options, run } = form.read();
  const { params } = schema;
  if (leading < params.length)
    values[leading] = params.every(({ initial }, i) => i < leading || values[i] === initial)
      ? options
      : namesOf(schema, values, leading);
  // Fixed arguments are faster than spread ones.
  if (leading > 4) return run(...values.slice(0, leading + 1));
  return run(values[0], values[1], values[2], values[3], values[4]);
}

/** The first form that fits, or else that which fits best. */
function nearestOf(forms: readonly Form[], args: ArrayLike<unknown>): Form {
  let nearest = forms[0];
  let most = -1;
  for (let i = 0; i < forms.length && forms.length > 1 && most < WHOLE; i++) {
    const count = fitting(forms[i].schema, args);
    if (count > most) [most, nearest] = [count, forms[i]];
  }
  return nearest;
}
