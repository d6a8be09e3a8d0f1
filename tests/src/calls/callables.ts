/** Every public callable of tensor, and every function of nn: what is called by a signature. */
import { functional } from "@flambeau/nn";
import * as T from "@flambeau/tensor";
import { isAlias } from "../records/aliases.ts";
import { isNamespace } from "../records/names.ts";

export type Schema = ReturnType<typeof T.schemaOf>;

/** One way to call one of them. */
export interface Called {
  /** As the public API has it: "sum", "linalg.lstsq", "Tensor.add_". */
  readonly name: string;
  /** How it is named in messages. */
  readonly shown: string;
  /** All its forms, of which this is one. */
  readonly schemas: readonly Schema[];
  readonly schema: Schema;
  /** Whether the first argument is what the method is called on. */
  readonly isMethod: boolean;
  /** What gives its arguments in tests/fixtures/ops.json: the op itself, or that of which it is the in-place form. */
  readonly ops: readonly string[];
  readonly call: (args: readonly unknown[]) => unknown;
}

type AnyFunction = (...args: unknown[]) => unknown;
type Table = Readonly<Record<string, unknown>>;

function called(
  name: string,
  f: AnyFunction,
  isMethod: boolean,
  call: (args: readonly unknown[]) => unknown,
): Called[] {
  const schemas = (T.formsOf(f) ?? []).map(({ signature }) => T.schemaOf(signature));
  const op = name.replace(/^Tensor\./, "");
  const ops = op.endsWith("_") ? [op, op.slice(0, -1)] : [op];
  return schemas.map((schema) => ({ name, shown: schema.name, schemas, schema, isMethod, ops, call }));
}

function functionsIn(table: Table, prefix = ""): Called[] {
  return Object.entries(table).flatMap(([name, f]) => {
    if (isNamespace(f)) return functionsIn(f, `${prefix}${name}.`);
    return typeof f === "function"
      ? called(`${prefix}${name}`, f as AnyFunction, false, (args) => f(...args))
      : [];
  });
}

/** Methods of what a tensor was computed from: packages/autograd/test/arguments.test.ts calls them. */
const OF_GRAPHS: readonly string[] = ["backward"];

const methods = Object.entries(Object.getOwnPropertyDescriptors(T.Tensor.prototype)).flatMap(
  ([name, { value }]) =>
    typeof value === "function" && !OF_GRAPHS.includes(name)
      ? called(`Tensor.${name}`, value, true, ([x, ...rest]) => Reflect.apply(value, x, rest))
      : [],
);

export const callables: readonly Called[] = [
  ...functionsIn(T as unknown as Table),
  ...functionsIn(functional as unknown as Table, "F."),
  ...methods,
].filter(({ name }) => !isAlias(name));
