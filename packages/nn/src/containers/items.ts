import { ArgumentError, quote } from "@flambeau/backend";
import { Tensor } from "@flambeau/tensor";
import { Module } from "../module/module.ts";

const isModule = (x: unknown): boolean => x instanceof Module;
const isTensor = (x: unknown): boolean => x instanceof Tensor;

/**
 * What a collection gives, once all of it is known to be modules.
 *
 * @throws ArgumentError when an item is none.
 */
export function modulesOf<T>(what: string, modules: Iterable<T>): T[] {
  const list = [...modules];
  check(what, Object.entries(list), "a module", isModule);
  return list;
}

/** As `modulesOf`, of tensors. */
export function tensorsOf<T>(what: string, tensors: Iterable<T>): T[] {
  const list = [...tensors];
  check(what, Object.entries(list), "a tensor", isTensor);
  return list;
}

/** As `modulesOf`, of an object by its keys. */
export function namedModulesOf<T>(what: string, modules: Readonly<Record<string, T>>): [string, T][] {
  return check(what, Object.entries(modules), "a module", isModule);
}

/** As `modulesOf`, of tensors in an object by its keys. */
export function namedTensorsOf<T>(what: string, tensors: Readonly<Record<string, T>>): [string, T][] {
  return check(what, Object.entries(tensors), "a tensor", isTensor);
}

function check<T>(
  what: string,
  entries: [string, T][],
  kind: string,
  is: (x: unknown) => boolean,
): [string, T][] {
  for (const [key, x] of entries)
    if (!is(x)) throw new ArgumentError(`${what}: ${quote(key)} is ${kind}; got ${quote(x)}${hintOf(x)}`);
  return entries;
}

/** What was probably meant. */
function hintOf(x: unknown): string {
  if (typeof x !== "function") return "";
  return /^class\b/.test(Function.prototype.toString.call(x))
    ? " (a class: write new before it)"
    : " (layers of functions are classes, as in new nn.ReLU())";
}
