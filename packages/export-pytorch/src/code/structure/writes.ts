/** Tensors of fields that the program writes over: what they are afterwards is reached in the same way. */
import { type Call, Value } from "@flambeau/graph";

/** For each value that a write gave, the one that was first in that tensor. */
export function writesIn(call: Call): ReadonlyMap<Value, Value> {
  const first = new Map<Value, Value>();
  const walk = ({ inner }: Call): void => {
    for (const one of inner) {
      const [target] = Object.values(one.args);
      const isWrite = one.kind === "call" && one.name.endsWith("_") && target instanceof Value;
      if (isWrite) for (const made of one.outputs) first.set(made, first.get(target) ?? target);
      walk(one);
    }
  };
  walk(call);
  return first;
}
