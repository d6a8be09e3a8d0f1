import { warn } from "@flambeau/backend";
import { type Args, bind, type HookHandle, hookHandle } from "@flambeau/tensor";
import { type BackwardHook, type BackwardPreHook, BackwardWatch } from "./backward-hooks.ts";
import { nameOf } from "./location.ts";
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

export const FORWARD_HOOK =
  "registerForwardHook(hook: function, *, prepend: bool = false, alwaysCall: bool = false)";
export const FORWARD_PRE_HOOK = "registerForwardPreHook(hook: function, *, prepend: bool = false)";
export const BACKWARD_HOOK = "registerFullBackwardHook(hook: function, prepend: bool = false)";
export const BACKWARD_PRE_HOOK = "registerFullBackwardPreHook(hook: function, prepend: bool = false)";

/** What a method that registers a hook takes. */
export interface HookOptions<H> {
  /** The function. */
  readonly hook: H;
  /** Whether it is called before those that are there already. */
  readonly prepend?: boolean;
  /** Whether it is called, with `undefined` for a result, when `forward` throws. */
  readonly alwaysCall?: boolean;
}

/** Hooks of one kind, in the order of their calls. The same function can be there twice, so each has an entry of its own. */
class HookList<H> {
  #entries: readonly { readonly hook: H; readonly always: boolean }[] = [];

  get size(): number {
    return this.#entries.length;
  }

  add({ hook, prepend = false, alwaysCall = false }: HookOptions<H>): HookHandle {
    const entry = { hook, always: alwaysCall };
    this.#entries = prepend ? [entry, ...this.#entries] : [...this.#entries, entry];
    return hookHandle(() => {
      this.#entries = this.#entries.filter((other) => other !== entry);
    });
  }

  /** The hooks that are there now: one that is called may remove itself. */
  list(): H[] {
    return this.#entries.map(({ hook }) => hook);
  }

  /** Those that are called when `forward` throws. */
  always(): H[] {
    return this.#entries.filter(({ always }) => always).map(({ hook }) => hook);
  }

  /** Takes away the first hook that is such a one, and returns whether there was one. */
  remove(isIt: (hook: H) => boolean): boolean {
    const found = this.#entries.find(({ hook }) => isIt(hook));
    this.#entries = this.#entries.filter((entry) => entry !== found);
    return found !== undefined;
  }

  copy(): HookList<H> {
    const copy = new HookList<H>();
    copy.#entries = this.#entries;
    return copy;
  }
}

/** The hooks of one module. */
export class Hooks {
  #before: HookList<ForwardPreHook> = new HookList();
  #after: HookList<ForwardHook> = new HookList();
  #beforeBackward: HookList<BackwardPreHook> = new HookList();
  #afterBackward: HookList<BackwardHook> = new HookList();

  addBefore(args: Args<typeof FORWARD_PRE_HOOK, HookOptions<ForwardPreHook>>): HookHandle {
    return this.#before.add(
      bind<typeof FORWARD_PRE_HOOK, HookOptions<ForwardPreHook>>(FORWARD_PRE_HOOK, args),
    );
  }

  addAfter(args: Args<typeof FORWARD_HOOK, HookOptions<ForwardHook>>): HookHandle {
    return this.#after.add(bind<typeof FORWARD_HOOK, HookOptions<ForwardHook>>(FORWARD_HOOK, args));
  }

  addBeforeBackward(args: Args<typeof BACKWARD_PRE_HOOK, HookOptions<BackwardPreHook>>): HookHandle {
    const options = bind<typeof BACKWARD_PRE_HOOK, HookOptions<BackwardPreHook>>(BACKWARD_PRE_HOOK, args);
    return this.#beforeBackward.add(options);
  }

  addAfterBackward(args: Args<typeof BACKWARD_HOOK, HookOptions<BackwardHook>>): HookHandle {
    return this.#afterBackward.add(
      bind<typeof BACKWARD_HOOK, HookOptions<BackwardHook>>(BACKWARD_HOOK, args),
    );
  }

  /** Takes away the first hook before `forward` that is such a one, and returns whether there was one. */
  removeBefore(isIt: (hook: ForwardPreHook) => boolean): boolean {
    return this.#before.remove(isIt);
  }

  /** Whether there is none. */
  get isEmpty(): boolean {
    const lists = [this.#before, this.#after, this.#beforeBackward, this.#afterBackward];
    return lists.every(({ size }) => size === 0);
  }

  /** The same hooks, which handles of these do not take away. */
  copy(): Hooks {
    const copy = new Hooks();
    copy.#before = this.#before.copy();
    copy.#after = this.#after.copy();
    copy.#beforeBackward = this.#beforeBackward.copy();
    copy.#afterBackward = this.#afterBackward.copy();
    return copy;
  }

  /** Runs `forward` between the hooks, in their order. */
  run(module: Module, args: unknown[]): unknown {
    const called = new Set<ForwardHook>();
    try {
      return this.#run(module, args, called);
    } catch (error) {
      for (const hook of this.#after.always()) if (!called.has(hook)) afterFailure(hook, module, args);
      throw error;
    }
  }

  #run(module: Module, args: unknown[], called: Set<ForwardHook>): unknown {
    for (const hook of this.#before.list()) {
      const replaced = hook(module, args);
      if (replaced !== undefined && replaced !== null) args = Array.isArray(replaced) ? replaced : [replaced];
    }
    const [before, after] = [this.#beforeBackward.list(), this.#afterBackward.list()];
    const watch = before.length + after.length > 0 ? new BackwardWatch(module, before, after) : null;
    const inputs = watch?.inputs(args) ?? args;
    let output: unknown = module.forward(...inputs);
    for (const hook of this.#after.list()) {
      called.add(hook);
      output = hook(module, inputs, output) ?? output;
    }
    return watch === null ? output : watch.outputs(output);
  }
}

/** Calls a hook after `forward` has thrown. The error of `forward` is the one that is thrown on; one of the hook is warned of. */
function afterFailure(hook: ForwardHook, module: Module, args: unknown[]): void {
  try {
    hook(module, args, undefined);
  } catch (error) {
    warn(
      `a forward hook of ${nameOf(module)} with alwaysCall has thrown after forward had: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
