import { FlambeauError } from "@flambeau/backend";
import { allModules } from "./members.ts";
import type { Module } from "./module.ts";

/** Where an error comes from, as far as it has come. */
interface Location {
  /** The message as it was thrown. */
  readonly message: string;
  /** The class of the module that failed. */
  readonly name: string;
  /** The way to that module from the `last`. */
  path: string;
  /** The module whose call the error left last. */
  last: Module;
}

const locations = new WeakMap<FlambeauError, Location>();

/**
 * An error that leaves the call of a module says which of its parts failed: "(in 2: Linear)" of a Sequential, and by its whole path
 * at the end, "(in encoder.layers.0: Linear)". Errors that are not of this library stay as they are.
 *
 * Nothing is kept for it while no error is thrown: the path is put together as the error passes from call to call.
 *
 * @returns the error itself.
 */
export function located(error: unknown, module: Module): unknown {
  if (!(error instanceof FlambeauError)) return error;
  const location = locations.get(error);
  if (location === undefined) {
    locations.set(error, { message: error.message, name: nameOf(module), path: "", last: module });
    return error;
  }
  const { last } = location;
  if (last === module) return error;
  // What is no member of the caller is named by its class.
  const [step] = allModules(module, "").find(([, part]) => part === last) ?? [nameOf(last)];
  location.path = location.path === "" ? step : `${step}.${location.path}`;
  location.last = module;
  say(error, `${location.message} (in ${location.path}: ${location.name})`);
  return error;
}

function say(error: FlambeauError, message: string): void {
  const { stack, message: before } = error;
  error.message = message;
  // V8 writes the message into the stack when the error is made, and prints that.
  if (stack?.includes(before)) error.stack = stack.replace(before, () => message);
}

/** The name of a module's class, which one without a name of its own has from that it extends. */
export function nameOf(module: Module): string {
  let of = module.constructor as { readonly name: string };
  while (of.name === "") of = Object.getPrototypeOf(of);
  return of.name;
}
