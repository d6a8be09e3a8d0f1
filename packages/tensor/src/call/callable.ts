// biome-ignore-all lint/complexity/noArguments: rest parameters would allocate an array for every call.
/** Functions and methods made of signatures and the code that gets their arguments in order. */
import { bindAll, fitting, namesOf } from "./bind.ts";
import { fits, type Param, type Schema, schemaOf } from "./schema.ts";
import type { Bound, BoundAfter, Callable, Overloaded } from "./signature.ts";

type Run = (...args: unknown[]) => unknown;

/** A form made ready for calls of up to four arguments by position, all in fields: a call is to cost next to nothing. */
class Plan {
  readonly schema: Schema;
  readonly run: Run;
  /** How many arguments `run` gets before the object. */
  readonly leading: number;
  /** The object that it gets where nothing is given for it. Copies of it have one shape, and are fast to make and to read. */
  readonly options: Readonly<Record<string, unknown>>;
  /** How many arguments can be passed on as they are: -1 where none can. */
  readonly most: number;
  /** The first four parameters that are passed on; a parameter that is none takes what is left out. */
  readonly a: Param;
  readonly b: Param;
  readonly c: Param;
  readonly d: Param;
  /** What `run` gets where they are left out; the object is among them. */
  readonly initial: readonly unknown[];

  constructor(schema: Schema, run: Run, count: number = schema.positional) {
    const { params, positional, nullIsLeftOut } = schema;
    this.schema = schema;
    this.run = run;
    this.leading = count;
    const values = params.map(({ initial }) => initial);
    this.options = Object.freeze(namesOf(schema, values, count));
    const passed = params.slice(0, Math.min(count, positional));
    const isShort =
      count <= 4 && nullIsLeftOut && params.slice(count, positional).every(({ optional }) => optional);
    this.most = isShort ? passed.length : -1;
    [this.a, this.b, this.c, this.d] = [0, 1, 2, 3].map((i) => passed[i] ?? LEFT_OUT);
    this.initial = [0, 1, 2, 3, 4].map((i) =>
      i < count ? values[i] : i === count ? this.options : undefined,
    );
  }
}

const LEFT_OUT: Param = {
  name: "",
  optional: true,
  nullable: false,
  takesNull: false,
  initial: undefined,
  kind: "any",
  takes: () => false,
  words: "",
};
const UNREAD: Plan = new Plan({ name: "", params: [], positional: 0, nullIsLeftOut: false }, () => undefined);

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
    for (let i = 0; i < forms.length; i++) {
      const { plan } = forms[i];
      if (arguments.length <= plan.most && direct(plan, a, b, c, d)) {
        const { initial, run } = plan;
        return run(a ?? initial[0], b ?? initial[1], c ?? initial[2], d ?? initial[3], initial[4]);
      }
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
    for (let i = 0; i < forms.length; i++) {
      const { plan } = forms[i];
      if (arguments.length < plan.most && rest(plan.b, a) && rest(plan.c, b) && rest(plan.d, c)) {
        const { initial, run } = plan;
        return run(this, a ?? initial[1], b ?? initial[2], c ?? initial[3], initial[4]);
      }
    }
    const all: unknown[] = [this];
    for (let i = 0; i < arguments.length; i++) all.push(arguments[i]);
    return callBound(forms, all);
  };
  return Object.assign(f, { forms });
}

/** Whether the arguments can be passed on as they are, each of its kind: an object with options is of none. */
function direct(plan: Plan, a: unknown, b: unknown, c: unknown, d: unknown): boolean {
  return fits(plan.a, a) && rest(plan.b, b) && rest(plan.c, c) && rest(plan.d, d);
}

/** As `fits`, without a call for an argument that is left out. */
function rest(param: Param, x: unknown): boolean {
  return x === undefined ? param.optional : fits(param, x);
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
  const { schema, leading, options, run } = nearest.read();
  const { params } = schema;
  const values = bindAll(schema, args);
  if (leading < params.length) {
    const names: Record<string, unknown> = { ...options };
    for (let i = leading; i < params.length; i++) names[params[i].name] = values[i];
    values[leading] = names;
  }
  // Fixed arguments are faster than spread ones.
  if (leading > 4) return run(...values.slice(0, leading + 1));
  return run(values[0], values[1], values[2], values[3], values[4]);
}
