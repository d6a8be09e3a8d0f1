/** The calls of tests/fixtures/ops.json, and every way in which the public API makes one. */
import { functional } from "@flambeau/nn";
import * as T from "@flambeau/tensor";
import fixture from "../../fixtures/ops.json" with { type: "json" };
import type { Written } from "./record.ts";

/** A call with what PyTorch makes of it: one tensor, several, something else, or an error. */
export interface OpCase {
  readonly op: string;
  readonly args: readonly unknown[];
  readonly seed?: number;
  readonly out?: Written;
  readonly all?: readonly Written[];
  readonly value?: unknown;
  readonly raises?: string;
  /** Of the inputs that are leaves, with the outputs' elements weighted; null where there is none. */
  readonly grads?: readonly (Written | null)[];
}

export const pool = fixture.tensors as unknown as readonly Written[];
export const opCases = fixture.cases as unknown as readonly OpCase[];

type AnyFunction = (...args: any[]) => unknown;
type Table = Readonly<Record<string, any>>;

/** One way to make a call: as a function, as a method or property, in place. */
export interface Form {
  /** The name that the completeness test finds in the public API: "exp", "Tensor.exp_", "F.relu". */
  readonly name: string;
  readonly call: AnyFunction;
}

const members: Table = Object.getOwnPropertyDescriptors(T.Tensor.prototype);

/** A method's arguments in order, the tensor first: `where(mask, a, b)` is `a.where(mask, b)`. */
function ofMethod(name: string, args: readonly unknown[]): any[] {
  return name === "where" ? [args[1], args[0], args[2]] : [...args];
}

/** Where an in-place form writes: over a copy, since a leaf that collects gradients is not written to. */
const copied = (x: unknown): any => (x instanceof T.Tensor ? x.clone() : x);

function isTensor(arg: unknown): arg is { readonly t?: number; readonly x?: number } {
  return typeof arg === "object" && arg !== null && ("t" in arg || "x" in arg);
}

/** The forms of a case's op that take its arguments. */
export function formsOf({ op, args, seed, out }: OpCase): Form[] {
  const path = op.split(".");
  const name = path[path.length - 1];
  const root: Table = path[0] === "F" ? { F: functional } : T;
  const f = path.reduce<any>(
    (table, key) => (Object.hasOwn(table ?? {}, key) ? table[key] : undefined),
    root,
  ) as AnyFunction | undefined;
  const writes = name.endsWith("_") || name === "set";
  const forms: Form[] = [];
  if (f !== undefined) forms.push({ name: op, call: writes ? (x, ...rest) => f(copied(x), ...rest) : f });
  if (path.length > 1) return forms;

  const [first] = ofMethod(name, args);
  if (!isTensor(first)) return forms;
  const { value, get } = members[name] ?? {};
  if (typeof value === "function") {
    const call: AnyFunction = (...list) => {
      const [x, ...rest] = ofMethod(name, list);
      return (writes ? copied(x) : x)[name](...rest);
    };
    forms.push({ name: `Tensor.${name}`, call });
  } else if (get !== undefined)
    forms.push({ name: `Tensor.${name}`, call: (x) => (name === "data" ? x.data() : x[name]) });

  const [dtype, shape] = pool[(first.x ?? first.t) as number];
  // What draws numbers in place draws other ones.
  const fits =
    seed === undefined && out !== undefined && out[0] === dtype && String(out[1]) === String(shape);
  if (typeof members[`${name}_`]?.value === "function" && fits && f !== undefined)
    forms.push({ name: `Tensor.${name}_`, call: (x, ...rest) => copied(x)[`${name}_`](...rest) });
  return forms;
}

/** Every name of the public API that one of the cases calls; with `gradients`, those whose gradient is compared. */
export function recordedNames(options: { readonly gradients?: boolean } = {}): Set<string> {
  const cases = options.gradients ? opCases.filter((c) => c.grads?.some((g) => g !== null)) : opCases;
  return new Set(cases.flatMap((c) => formsOf(c).map((form) => form.name)));
}
