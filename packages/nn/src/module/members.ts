import { foreignClass, quote, ValueError } from "@flambeau/backend";
import { Callable } from "../callable.ts";
import { Buffer, Parameter } from "../parameter.ts";
import type { Module } from "./module.ts";

/** A member of a module under its name. */
export type Named<T> = [name: string, member: T];

type Members = Record<string, unknown>;

function ownMembers<T>(module: Module, is: (value: unknown) => boolean): Named<T>[] {
  const found: Named<T>[] = [];
  for (const key of Object.keys(module)) {
    const value = (module as unknown as Members)[key];
    if (is(value)) found.push([key, value as T]);
    else refuseForeign(key, value);
  }
  return found;
}

/** A parameter or module of another copy of the package would be passed over, and its training with it; a tensor is no member. */
function refuseForeign(key: string, value: unknown): void {
  if (value instanceof Parameter || value instanceof Buffer || value instanceof Callable) return;
  if (!["Parameter", "Buffer", "Module"].includes(foreignClass(value) ?? "")) return;
  throw new ValueError(`the field ${JSON.stringify(key)} of a module holds ${quote(value)}`);
}

/** The parameters that fields of this very module hold, in the order the fields were set. */
export function ownParameters(module: Module): Named<Parameter>[] {
  return ownMembers(module, (value) => value instanceof Parameter);
}

/** The buffers that fields of this very module hold. */
export function ownBuffers(module: Module): Named<Buffer>[] {
  return ownMembers(module, (value) => value instanceof Buffer);
}

/** The modules that fields of this very module hold, as often as they are held. */
export function ownModules(module: Module): Named<Module>[] {
  return ownMembers(module, (value) => value instanceof Callable);
}

/** `a` and `b` as `a.b`, either of which may be empty. */
export function dotted(prefix: string, name: string): string {
  return prefix === "" ? name : `${prefix}.${name}`;
}

/** What a field of a module is called in its text and its state dict: a field of the library's own has PyTorch's name. */
export function keyOf(module: Module, name: string): string {
  const { stateKeys } = module.constructor as typeof Module;
  return typeof stateKeys === "function" ? stateKeys(name) : (stateKeys[name] ?? name);
}

/** A key as Python writes it: `inputLayer.weight` as `input_layer.weight`. */
export function inSnakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The module and all below it, each once, under its first path. */
export function allModules(module: Module, prefix: string, seen: Set<Module> = new Set()): Named<Module>[] {
  if (seen.has(module)) return [];
  seen.add(module);
  const found: Named<Module>[] = [[prefix, module]];
  for (const [name, child] of ownModules(module))
    found.push(...allModules(child, dotted(prefix, name), seen));
  return found;
}

/**
 * The module and all below it under every path of keys that leads there, parents first.
 *
 * @throws ValueError when a module holds itself: paths through it have no end.
 */
export function allPaths(module: Module, prefix: string): Named<Module>[] {
  const found: Named<Module>[] = [];
  const above = new Map<Module, string>();
  const walk = (path: string, part: Module): void => {
    const start = above.get(part);
    if (start !== undefined) throw holdsItself(start === prefix ? "" : start, path);
    found.push([path, part]);
    above.set(part, path);
    for (const [name, child] of ownModules(part)) walk(dotted(path, keyOf(part, name)), child);
    above.delete(part);
  };
  walk(prefix, module);
  return found;
}

function holdsItself(start: string, path: string): ValueError {
  return new ValueError(
    `the module ${start === "" ? "" : `"${start}" `}holds itself at ${path}: a field with a module is a child; keep a reference to a parent in a #private field`,
  );
}

/** What `own` finds in the module and (with `recurse`) all below it, each once, under its first path. */
export function allMembers<T>(
  module: Module,
  own: (module: Module) => Named<T>[],
  prefix: string,
  recurse: boolean,
): Named<T>[] {
  const seen = new Set<T>();
  const found: Named<T>[] = [];
  for (const [path, part] of recurse ? allModules(module, prefix) : [[prefix, module] as Named<Module>]) {
    for (const [name, member] of own(part)) {
      if (seen.has(member)) continue;
      seen.add(member);
      found.push([dotted(path, name), member]);
    }
  }
  return found;
}
