import { AutogradError, isPlainObject, quote } from "@flambeau/backend";
import { keep } from "../lifetime.ts";
import { isNamedTuple } from "../named-tuple.ts";
import { type HookHandle, hookHandle } from "../recorder.ts";
import { type Operand, Tensor } from "../tensor.ts";

/** An op that is about to run. */
export interface OpCall {
  /** The primitive's name: "add", "matmul", "reshape". Of a group, what it was called: a module by its class. */
  readonly name: string;
  /**
   * `"op"` allocates its outputs; `"view"` gives another layout of its input's elements; `"write"` overwrites its first input;
   * `"gradient"` is a kernel of a backward pass or of an optimizer; `"group"` is the call of a module, whose ops are seen within it.
   * `"call"` is the call of a function or a method of the library, and `"read"` brings elements to JavaScript: these two are shown to
   * hooks that are registered with `calls`.
   */
  readonly kind: "op" | "view" | "write" | "gradient" | "group" | "call" | "read";
  /** The operands: tensors and plain numbers. Of a call and of a module all tensors among the arguments. */
  readonly inputs: readonly Operand[];
  /** What the op takes besides: dimensions, sizes, an index. Of a call its arguments by name, of a module a `ModuleCall`. */
  readonly attributes: object | undefined;
  /** Of a call: what tells functions of the same name apart, `"norm(A, ord?: ...)"`. */
  readonly signature?: string;
  /** What a call or a module returned, once it has run. */
  result?: unknown;
}

/** What a hook is shown of the call of a module. */
export interface ModuleCall {
  /** The module that was called. */
  readonly module: object;
  /** What it was called with, in order. */
  readonly args: readonly unknown[];
}

/**
 * Called in place of an op, which it runs by one call of `execute`; that gives the outputs.
 */
export type OpHook = (call: OpCall, execute: () => readonly Tensor[]) => void;

/** Options of `registerOpHook`. */
export interface OpHookOptions {
  /** Whether the hook may hold tensors that it is shown. Default true. */
  readonly keeps?: boolean;
  /** Whether the hook is shown calls of functions and methods, and reads, too. Default false. */
  readonly calls?: boolean;
}

interface Hook {
  readonly run: OpHook;
  readonly keeps: boolean;
  readonly calls: boolean;
}

let hooks: readonly Hook[] = [];
/** Whether one of them may hold what it is shown. */
let keeping = false;

/**
 * Runs ops while there are hooks; else null, whose test is all that an op pays.
 *
 * @internal
 */
export let observer: OpHook | null = null;

/**
 * Whether a hook is shown calls: all that a call pays while there is none.
 *
 * @internal
 */
export let observesCalls = false;

function install(list: readonly Hook[]): void {
  hooks = list;
  observer = through(list, list.length - 1);
  keeping = list.some(({ keeps }) => keeps);
  observesCalls = list.some(({ calls }) => calls);
}

/**
 * Runs an op through the hooks from number `level` down. Ops that a hook itself runs pass those below it only; ops within the op
 * pass all.
 */
function through(list: readonly Hook[], level: number): OpHook | null {
  if (level < 0) return null;
  const { run, calls } = list[level];
  return (call, execute) => {
    const isShown = calls || (call.kind !== "call" && call.kind !== "read");
    const outer = observer;
    const below = through(list, level - 1);
    const restore = (to: OpHook | null): void => {
      // Unless a hook was added or removed meanwhile.
      observer = list === hooks ? to : through(hooks, hooks.length - 1);
    };
    observer = below;
    const hook: OpHook = isShown ? run : (_, inner) => void inner();
    try {
      hook(call, () => {
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
export function registerOpHook(
  hook: OpHook,
  { keeps = true, calls = false }: OpHookOptions = {},
): HookHandle {
  // Of its own, so that a hook that was registered twice can be removed once.
  const own: Hook = { run: hook, keeps, calls };
  install([...hooks, own]);
  return hookHandle(() => install(hooks.filter((other) => other !== own)));
}

/**
 * Runs an op whose result is one tensor, a list with holes, or anything else, through the hooks. A hook may hold what it is shown, so
 * that these tensors are neither released nor overwritten as temporary ones: the garbage collector has their memory.
 */
function pass<T>(call: OpCall, run: () => T): T {
  let result: { readonly value: T } | null = null;
  if (keeping) for (const x of tensorsOf(call.inputs)) keep(x.storage);
  (observer as OpHook)(call, () => {
    if (result !== null) throw onceError(call.name);
    const value = run();
    result = { value };
    if ("result" in call) call.result = value;
    const outputs = tensorsOf(value);
    if (keeping) for (const y of outputs) keep(y.storage);
    return outputs;
  });
  if (result === null) throw onceError(call.name);
  return (result as { readonly value: T }).value;
}

function onceError(name: string): AutogradError {
  return new AutogradError(`a hook runs each op by one call of execute; it did not with ${quote(name)}`);
}

/** The tensors in a value: in arrays, in named tuples and in objects with options as deep as they go. */
function tensorsOf(value: unknown): Tensor[] {
  if (value instanceof Tensor) return [value];
  if (Array.isArray(value)) return value.flatMap(tensorsOf);
  return isNamedTuple(value) || isPlainObject(value) ? Object.values(value as object).flatMap(tensorsOf) : [];
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
 * Runs the call of a module, whose ops are seen within it.
 *
 * @internal
 */
export function observedModule<T>(name: string, module: object, args: readonly unknown[], run: () => T): T {
  if (observer === null) return run();
  const attributes: ModuleCall = { module, args };
  return pass({ name, kind: "group", inputs: tensorsOf(args), attributes, result: undefined }, run);
}

/**
 * Runs the call of a function or a method with these arguments by name.
 *
 * @internal
 */
export function observedCall<T>(name: string, signature: string, args: object, run: () => T): T {
  return pass(
    {
      name,
      kind: "call",
      inputs: tensorsOf(Object.values(args)),
      attributes: args,
      signature,
      result: undefined,
    },
    run,
  );
}

/**
 * Brings elements to JavaScript.
 *
 * @internal
 */
export function observedRead<T>(name: string, x: Tensor, run: () => T): T {
  return observesCalls ? pass({ name, kind: "read", inputs: [x], attributes: undefined }, run) : run();
}
