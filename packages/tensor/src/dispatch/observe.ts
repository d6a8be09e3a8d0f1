import { AutogradError, quote } from "@flambeau/backend";
import { keep } from "../lifetime.ts";
import { type HookHandle, hookHandle } from "../recorder.ts";
import { type Operand, Tensor } from "../tensor.ts";

/** An op that is about to run. */
export interface OpCall {
  /** The primitive's name: "add", "matmul", "reshape". Of a group, what it was called: a module by its class. */
  readonly name: string;
  /**
   * `"op"` allocates its outputs; `"view"` gives another layout of its input's elements; `"write"` overwrites its first input;
   * `"gradient"` is a kernel of a backward pass or of an optimizer; `"group"` is a composite, whose ops are seen within it.
   */
  readonly kind: "op" | "view" | "write" | "gradient" | "group";
  /** The operands: tensors and plain numbers. */
  readonly inputs: readonly Operand[];
  /** What the op takes besides: dimensions, sizes, an index. */
  readonly attributes: object | undefined;
}

/**
 * Called in place of an op, which it runs by one call of `execute`; that gives the outputs.
 */
export type OpHook = (call: OpCall, execute: () => readonly Tensor[]) => void;

/** Options of `registerOpHook`. */
export interface OpHookOptions {
  /** Whether the hook may hold tensors that it is shown. Default true. */
  readonly keeps?: boolean;
}

let hooks: readonly OpHook[] = [];
/** How many of them may hold what they are shown. */
let keeping = 0;

/**
 * Runs ops while there are hooks; else null, whose test is all that an op pays.
 *
 * @internal
 */
export let observer: OpHook | null = null;

function install(list: readonly OpHook[]): void {
  hooks = list;
  observer = through(list, list.length - 1);
}

/**
 * Runs an op through the hooks from number `level` down. Ops that a hook itself runs pass those below it only; ops within the op
 * pass all.
 */
function through(list: readonly OpHook[], level: number): OpHook | null {
  if (level < 0) return null;
  return (call, execute) => {
    const outer = observer;
    const below = through(list, level - 1);
    const restore = (to: OpHook | null): void => {
      // Unless a hook was added or removed meanwhile.
      observer = list === hooks ? to : through(hooks, hooks.length - 1);
    };
    observer = below;
    try {
      list[level](call, () => {
        observer = outer;
        try {
          if (below === null) return execute();
          let outputs: readonly Tensor[] = [];
          below(call, () => {
            outputs = execute();
            return outputs;
          });
          return outputs;
        } finally {
          restore(below);
        }
      });
    } finally {
      restore(outer);
    }
  };
}

/**
 * Has every op that runs from now on pass a hook, until the returned handle is called: for profilers, tracers and exporters. The
 * hook that was registered last is the first to see an op. Ops that run within others are seen within their calls; ops that the
 * hook runs itself are not seen by it. What a hook keeps of the operands and results stays as it is, unless the program itself writes to
 * it: intermediate results, too, which a layer would release. So the program takes more memory and time. A hook that holds no tensors, as
 * one that counts or measures, says `{ keeps: false }`, and sees the program as it is without it.
 *
 * @throws AutogradError, of an op whose hook does not call `execute` once.
 *
 * @example
 * ```ts
 * import { registerOpHook, tensor } from "@flambeau/tensor";
 *
 * const names: string[] = [];
 * const handle = registerOpHook((call, execute) => {
 *   execute();
 *   names.push(call.name);
 * });
 * tensor([[1, 2]]).mul(2).sum();
 * handle.remove();
 * console.log(names);
 * // [ 'mul', 'sum' ]
 * ```
 */
export function registerOpHook(hook: OpHook, { keeps = true }: OpHookOptions = {}): HookHandle {
  // Of its own, so that a hook that was registered twice can be removed once.
  const own: OpHook = (call, execute) => hook(call, execute);
  install([...hooks, own]);
  if (keeps) keeping++;
  return hookHandle(() => {
    if (!hooks.includes(own)) return;
    install(hooks.filter((other) => other !== own));
    if (keeps) keeping--;
  });
}

/**
 * Runs an op whose result is one tensor, a list with holes, or anything else, through the hooks. A hook may hold what it is shown, so
 * that these tensors are neither released nor overwritten as temporary ones: the garbage collector has their memory.
 */
function pass<T>(call: OpCall, run: () => T): T {
  let result: { readonly value: T } | null = null;
  if (keeping > 0) for (const x of tensorsOf(call.inputs)) keep(x.storage);
  (observer as OpHook)(call, () => {
    if (result !== null) throw onceError(call.name);
    const value = run();
    result = { value };
    const outputs = tensorsOf(value);
    if (keeping > 0) for (const y of outputs) keep(y.storage);
    return outputs;
  });
  if (result === null) throw onceError(call.name);
  return (result as { readonly value: T }).value;
}

function onceError(name: string): AutogradError {
  return new AutogradError(`a hook runs each op by one call of execute; it did not with ${quote(name)}`);
}

function tensorsOf(result: unknown): Tensor[] {
  const list: readonly unknown[] = Array.isArray(result) ? result : [result];
  return list.filter((x) => x instanceof Tensor);
}

/**
 * Runs an op of which there is no record, seen by the hooks under a name: a kernel of the backward pass, a search.
 *
 * @internal
 */
export function observed<T>(
  kind: OpCall["kind"],
  name: string,
  inputs: readonly Operand[],
  attributes: object | undefined,
  run: () => T,
): T {
  return observer === null ? run() : pass({ name, kind, inputs, attributes }, run);
}

/**
 * Runs `body`, whose ops are seen within one call: a module's, a composite's.
 *
 * @internal
 */
export function grouped<T>(name: string, inputs: readonly unknown[], body: () => T): T {
  return observed("group", name, observer === null ? [] : tensorsOf(inputs), undefined, body);
}
