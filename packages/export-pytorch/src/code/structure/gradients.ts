/** Where a program stops gradients: `detach` and `noGrad`, which a graph of calls does not show. */
import { enableGrad } from "@flambeau/autograd";
import { type Call, isLibrary, type Value } from "@flambeau/graph";
import { type ModuleCall, type OpCall, registerOpHook, Tensor } from "@flambeau/tensor";

/** Whether the tensors of a call recorded gradients when it ran. */
interface Flags {
  readonly name: string;
  readonly inputs: readonly boolean[];
  readonly outputs: readonly boolean[];
  readonly inner: readonly Flags[];
}

/** Runs a program with gradients, and writes down which tensors recorded them. */
export function flagsOf(run: () => unknown): readonly Flags[] {
  let open: Flags[] = [];
  let isOwn = true;
  const see = (call: OpCall, execute: () => readonly Tensor[]): void => {
    if (!isOwn || call.kind === "read" || call.kind === "gradient") {
      execute();
      return;
    }
    const [outer, inner] = [open, [] as Flags[]];
    const inputs = call.inputs.filter((x) => x instanceof Tensor).map(({ requiresGrad }) => requiresGrad);
    open = inner;
    isOwn = call.kind === "group" && !isLibrary((call.attributes as ModuleCall).module);
    try {
      const outputs = execute().map(({ requiresGrad }) => requiresGrad);
      outer.push({ name: call.name, inputs, outputs, inner });
    } finally {
      open = outer;
      isOwn = true;
    }
  };
  const handle = registerOpHook(see, { calls: true });
  try {
    enableGrad(run);
  } finally {
    handle.remove();
  }
  return open;
}

/** For each call the operands that carried no gradient though in Python they would; for a module of the user its results. */
export type Detached = ReadonlyMap<Call, ReadonlySet<Value>>;

/** Compares what recorded gradients with what would in Python. */
export function detachedIn(calls: readonly Call[], flags: readonly Flags[]): Detached {
  const found = new Map<Call, Set<Value>>();
  const carries = new Set<Value>();
  const mark = (call: Call, value: Value): void => {
    found.set(call, (found.get(call) ?? new Set()).add(value));
  };
  const does = (value: Value): boolean => carries.has(value) || value.tensor?.requiresGrad === true;
  const walk = (list: readonly Call[], own: readonly Flags[]): void => {
    list.forEach((call, i) => {
      const flag = own[i];
      if (flag === undefined || flag.name !== call.name) return;
      const isUsers = call.module !== null && !isLibrary(call.module);
      // Without a gradient of its own a call needs no sign: what takes its result has one.
      const isStopped = !flag.outputs.includes(true);
      const inputs = call.inputs.filter((value, k) => {
        if (!does(value)) return false;
        if (flag.inputs[k] !== false || isStopped || isUsers) return true;
        mark(call, value);
        return false;
      });
      if (isUsers) {
        walk(call.inner, flag.inner);
        call.outputs.forEach((value, k) => {
          if (does(value) && flag.outputs[k] === false) {
            mark(call, value);
            carries.delete(value);
          }
        });
        return;
      }
      const hasParameters = call.module?.parameters().some((p) => p.requiresGrad) === true;
      if ((inputs.length === 0 && !hasParameters) || /Like$|^new[A-Z]/.test(call.name)) return;
      for (const value of call.outputs) if (value.dtype.includes("float")) carries.add(value);
    });
  };
  walk(calls, flags);
  return found;
}
