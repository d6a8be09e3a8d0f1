/** The calls of a body as steps: an expression each, and the values that it gives. */
import { type Argument, type Call, isNamed, Value, valuesIn } from "@flambeau/graph";
import { type Module, Sequential } from "@flambeau/nn";
import { exprOf } from "../calls/arguments.ts";
import { callExpr } from "../calls/call.ts";
import { hasEffects } from "../calls/creation.ts";
import { indexItems } from "../calls/indexing.ts";
import { ExportError } from "../errors.ts";
import type { BodyExpr, Hole } from "../hole.ts";
import { snakeCase } from "../python/names.ts";
import { type Arg, call as callOf, hole, named } from "../python/tree.ts";
import type { Flags } from "../structure/align.ts";
import { isNothing } from "../structure/identities.ts";
import { withSafeViews } from "./strides.ts";

/** What a body is given, and where it finds what it calls. */
export interface Scope {
  /** How a module is reached: `self.fc1`. */
  readonly moduleOf: (call: Call) => BodyExpr;
  /** Whether a module's code is the user's. */
  readonly isOwn: (call: Call) => boolean;
  readonly helper: (name: string) => string;
  /** Arguments that are the mode of the module. */
  readonly flags?: Flags;
}

/** What one call of the program becomes. */
export interface Step {
  readonly expr: BodyExpr;
  /** What it gives: a value, or arrays and objects of values. */
  readonly result: Argument;
  /** The value that it writes over, which is its result then. */
  readonly writes: Value | null;
  /** Of an assignment to an index: what is assigned. */
  readonly assigned: BodyExpr | null;
  /** Whether it stays though nobody uses its result. */
  readonly hasEffects: boolean;
  /** Whether it writes over its operand and returns it: what is read before has to stand before. */
  readonly isInPlace: boolean;
  /** What its result would be called. */
  readonly hint: string;
  /** The call, for messages and places. */
  readonly call: Call;
}

/** The steps of the calls of a body. */
export function stepsOf(calls: readonly Call[], scope: Scope): Step[] {
  return withSafeViews(calls).flatMap((call) => (isNothing(call) ? [] : [stepOf(call, scope)]));
}

function stepOf(call: Call, scope: Scope): Step {
  const common = {
    call,
    result: call.result,
    writes: null,
    assigned: null,
    hasEffects: hasEffects(call),
    isInPlace: call.args.inplace === true || (call.module !== null && startsInPlace(call.module)),
  };
  if (call.kind === "module") {
    const callee = scope.moduleOf(call);
    const args = scope.isOwn(call) ? ownArguments(call) : moduleArguments(call);
    return { ...common, expr: callOf<Hole>(callee, ...args), hasEffects: true, hint: hintOf(callee) };
  }
  if (call.kind !== "call")
    throw new ExportError(`${call.name}: a primitive that the program runs itself has no name in PyTorch`);
  if (call.name === "set") {
    const { input, index, value } = call.args;
    const place: BodyExpr = { kind: "index", of: hole<Hole>(input as Value), items: indexItems(index) };
    return {
      ...common,
      expr: place,
      assigned: exprOf(value, "value", call),
      writes: input as Value,
      hint: "",
    };
  }
  const [target] = Object.values(call.args);
  const writes = call.name.endsWith("_") && target instanceof Value ? target : null;
  const flags = Object.entries(scope.flags?.get(call) ?? {}).map(([name, flag]) => [name, { opaque: flag }]);
  const flagged =
    flags.length === 0 ? call : { ...call, args: { ...call.args, ...Object.fromEntries(flags) } };
  return { ...common, expr: callExpr(flagged, scope), writes, hint: hintOfCall(call) };
}

/** Whether a module's first layer writes over what it is given. */
function startsInPlace(module: Module): boolean {
  if (module instanceof Sequential) {
    const [first] = module.children();
    return first !== undefined && startsInPlace(first);
  }
  return (module as { readonly inplace?: unknown }).inplace === true;
}

/** Arguments of a library's module: tensors in order, options by name. */
function moduleArguments(call: Call): Arg<Hole>[] {
  const list = Object.values(call.args);
  const end = list.findLastIndex((arg) => arg != null) + 1;
  return list.slice(0, end).flatMap((arg, i): Arg<Hole>[] => {
    if (!isNamed(arg)) return [{ value: partsOf(exprOf(arg, `input${i}`, call)) }];
    return Object.entries(arg).flatMap(([name, value]) =>
      // That a mask is causal is a hint, which PyTorch 1.13 does not take yet.
      value == null || /isCausal$/i.test(name)
        ? []
        : [named(snakeCase(name), exprOf(value as Argument, name, call))],
    );
  });
}

/** Arguments of a module of the user: what holds tensors. */
function ownArguments(call: Call): Arg<Hole>[] {
  return parametersIn(call).map(({ isNamed, name, pattern }) => {
    const value = partsOf(exprOf(pattern, name, call));
    return isNamed ? named(snakeCase(name), value) : { value };
  });
}

/** States are tuples there. */
function partsOf(expr: BodyExpr): BodyExpr {
  return expr.kind === "list" ? { kind: "tuple", items: expr.items } : expr;
}

/** A parameter of a body. */
export interface BodyParameter {
  readonly name: string;
  readonly pattern: Argument;
  /** Whether it was given in an object at the end. */
  readonly isNamed: boolean;
  /** What its parts are called, where it is an array. */
  readonly parts?: readonly string[];
}

/** What the call of a module was given that holds tensors. */
export function parametersIn(call: Call, names: readonly string[] = []): BodyParameter[] {
  return Object.values(call.args).flatMap((arg, i): BodyParameter[] => {
    if (!holdsValues(arg)) return [];
    if (!isNamed(arg)) return [{ name: names[i] ?? `input${i}`, pattern: arg, isNamed: false }];
    return Object.entries(arg).flatMap(([name, pattern]) =>
      holdsValues(pattern as Argument) ? [{ name, pattern: pattern as Argument, isNamed: true }] : [],
    );
  });
}

function holdsValues(argument: Argument): boolean {
  return valuesIn(argument).length > 0;
}

/** The last name of a path: `attn` of `self.h[0].attn`. */
function hintOf(callee: BodyExpr): string {
  if (callee.kind === "attribute") return callee.name;
  return callee.kind === "index" ? hintOf(callee.of).replace(/s$/, "") : "out";
}

/** What people would call a result. */
const hints: Readonly<Record<string, string>> = {
  arange: "positions",
  randn: "noise",
  randnLike: "noise",
  rand: "noise",
  randLike: "noise",
  zeros: "zeros",
  zerosLike: "zeros",
  ones: "ones",
  onesLike: "ones",
  matmul: "scores",
  softmax: "weights",
  logSoftmax: "log_probs",
  sigmoid: "probs",
  scaledDotProductAttention: "attn",
  argmax: "indices",
  argmin: "indices",
  exp: "exp",
  log: "log",
  mean: "mean",
  var: "var",
  std: "std",
  norm: "norm",
  vectorNorm: "norm",
  sum: "total",
  max: "values",
  min: "values",
  amax: "values",
  amin: "values",
  einsum: "scores",
};

function hintOfCall({ name, args }: Call): string {
  if (name === "at") return args.input instanceof Value && args.input.origin === "parameter" ? "emb" : "part";
  return hints[name] ?? "out";
}
