/** The fields of modules: what they are called in Python, and how the code of a module reaches what is below it. */
import {
  Buffer,
  Module,
  ModuleDict,
  ModuleList,
  Parameter,
  ParameterDict,
  ParameterList,
  Sequential,
} from "@flambeau/nn";
import type { Tensor } from "@flambeau/tensor";
import { isOwnClass } from "../modules/class-of.ts";
import { Names, snakeCase } from "../python/names.ts";
import { atom, attribute, type Expr } from "../python/tree.ts";

/** A parameter, buffer or module that a field holds. */
export interface Field {
  /** The field's name. */
  readonly name: string;
  /** Its key in a state dict here, and in Python. */
  readonly key: string;
  readonly python: string;
  readonly member: Parameter | Buffer | Module;
}

const known = new WeakMap<Module, readonly Field[]>();

/** The fields of a module that hold parameters, buffers and modules, in their order. */
export function fieldsOf(module: Module): readonly Field[] {
  let fields = known.get(module);
  if (fields === undefined) {
    fields = read(module);
    known.set(module, fields);
  }
  return fields;
}

function read(module: Module): Field[] {
  const names = new Names("fields");
  const isOwn = isOwnClass(module);
  return Object.entries(module).flatMap(([name, member]): Field[] => {
    if (!(member instanceof Module || member instanceof Parameter || member instanceof Buffer)) return [];
    const key = keyOf(module, name);
    return [{ name, key, python: isOwn ? names.give(snakeCase(name)) : key, member }];
  });
}

function keyOf(module: Module, name: string): string {
  const { stateKeys } = module.constructor as typeof Module;
  return typeof stateKeys === "function" ? stateKeys(name) : (stateKeys[name] ?? name);
}

/** The expression of a field of what `of` is: `self.fc1`, `self.layers[0]`, `self.heads["a"]`. */
export function fieldExpr(of: Expr, holder: Module, { python }: Field): Expr {
  if (holder instanceof Sequential || holder instanceof ModuleList || holder instanceof ParameterList)
    return { kind: "index", of, items: [atom(python)] };
  if (holder instanceof ModuleDict || holder instanceof ParameterDict)
    return { kind: "index", of, items: [atom(JSON.stringify(python))] };
  return attribute(of, python);
}

/** How each module and tensor below a module is reached from it, by the first way. */
export function pathsFrom(module: Module, start: Expr): ReadonlyMap<Module | Tensor, Expr> {
  const found = new Map<Module | Tensor, Expr>([[module, start]]);
  const walk = (holder: Module, of: Expr): void => {
    for (const field of fieldsOf(holder)) {
      if (found.has(field.member)) continue;
      const expr = fieldExpr(of, holder, field);
      found.set(field.member, expr);
      if (field.member instanceof Module) walk(field.member, expr);
    }
  };
  walk(module, start);
  return found;
}

/** Every parameter and buffer under each of its keys, in Python and here. */
export function stateOf(
  module: Module,
): { readonly python: string; readonly key: string; readonly tensor: Tensor }[] {
  const walk = (holder: Module, python: string, key: string): ReturnType<typeof stateOf> =>
    fieldsOf(holder).flatMap((field) => {
      const [inPython, here] = [python + field.python, key + field.key];
      if (field.member instanceof Module) return walk(field.member, `${inPython}.`, `${here}.`);
      return [{ python: inPython, key: here, tensor: field.member }];
    });
  return walk(module, "", "");
}
