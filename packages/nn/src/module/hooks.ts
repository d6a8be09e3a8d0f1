import { type HookHandle, hookHandle } from "@flambeau/tensor";
import type { Module } from "./module.ts";

/**
 * Called before `forward` with the module and its arguments. What it returns (an array of arguments, or one argument)
 * replaces them; `undefined` leaves them.
 */
// biome-ignore lint/suspicious/noExplicitAny: forward's arguments are the module's own affair
export type ForwardPreHook = (module: Module, args: any[]) => unknown;

/** Called after `forward` with the module, its arguments and its result. What it returns replaces the result. */
// biome-ignore lint/suspicious/noExplicitAny: forward's arguments and result are the module's own affair
export type ForwardHook = (module: Module, args: any[], output: any) => unknown;

/** The hooks of one module. The same function can be there twice, so each is kept under a token of its own. */
export class Hooks {
  private readonly before: Map<object, ForwardPreHook> = new Map();
  private readonly after: Map<object, ForwardHook> = new Map();

  addBefore(hook: ForwardPreHook): HookHandle {
    return add(this.before, hook);
  }

  addAfter(hook: ForwardHook): HookHandle {
    return add(this.after, hook);
  }

  /** The same hooks, which handles of these do not take away. */
  copy(): Hooks {
    const copy = new Hooks();
    for (const hook of this.before.values()) copy.addBefore(hook);
    for (const hook of this.after.values()) copy.addAfter(hook);
    return copy;
  }

  /** Runs `forward` between the hooks, in the order they were registered. */
  run(module: Module, args: unknown[]): unknown {
    // Copies: a hook may remove itself.
    for (const hook of [...this.before.values()]) {
      const replaced = hook(module, args);
      if (replaced !== undefined && replaced !== null) args = Array.isArray(replaced) ? replaced : [replaced];
    }
    let output: unknown = module.forward(...args);
    for (const hook of [...this.after.values()]) output = hook(module, args, output) ?? output;
    return output;
  }
}

function add<H>(hooks: Map<object, H>, hook: H): HookHandle {
  const token = {};
  hooks.set(token, hook);
  return hookHandle(() => {
    hooks.delete(token);
  });
}
