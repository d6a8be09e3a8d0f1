/**
 * One tensor as several arguments: `attend(x, x, x)`. A graph has one value for all of them, so that it does not say which of them the module
 * used. While a program is traced, all but the first are copies, which the module makes before it does anything else.
 *
 * @module
 */
import { isPlainObject } from "@flambeau/backend";
import { type Call, replaceValues, type Value } from "@flambeau/graph";
import type { Module } from "@flambeau/nn";
import { clone, Tensor } from "@flambeau/tensor";
import { isOwnClass } from "../modules/class-of.ts";

type Forward = (...args: unknown[]) => unknown;

/** Runs `body` while the modules of the user get tensors of their own. */
export function withSeparateArguments<T>(model: Module, body: () => T): T {
  const patched = model.modules().filter((module) => isOwnClass(module) && !Object.hasOwn(module, "forward"));
  for (const module of patched) {
    const forward = module.forward as Forward;
    const value: Forward = (...args) => forward.apply(module, separated(args));
    Object.defineProperty(module, "forward", {
      value,
      configurable: true,
      writable: true,
      enumerable: false,
    });
  }
  try {
    return body();
  } finally {
    for (const module of patched) Reflect.deleteProperty(module, "forward");
  }
}

function separated(args: readonly unknown[]): unknown[] {
  const seen = new Set<Tensor>();
  const separate = (part: unknown): unknown => {
    if (part instanceof Tensor) {
      if (seen.has(part)) return clone(part);
      seen.add(part);
      return part;
    }
    if (Array.isArray(part)) return part.map(separate);
    return isPlainObject(part)
      ? Object.fromEntries(Object.entries(part as object).map(([name, inner]) => [name, separate(inner)]))
      : part;
  };
  return args.map(separate);
}

/** What a module was given and what it called, without the copies. */
export function bodyOf(call: Call): Pick<Call, "args" | "inner"> {
  const seen = new Set<Value>();
  let copies = 0;
  const args = replaceValues(call.args, (value) => {
    const copy = call.inner[copies];
    if (!seen.has(value) || copy?.name !== "clone" || copy.inputs[0] !== value) {
      seen.add(value);
      return value;
    }
    copies++;
    return copy.outputs[0];
  });
  return { args: args as Call["args"], inner: call.inner.slice(copies) };
}
