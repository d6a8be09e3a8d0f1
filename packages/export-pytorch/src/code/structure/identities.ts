/** Calls that gave their operand back, as calls with results of their own: what a dropout is in evaluation mode. */
import { type Call, replaceValues, Value, valuesIn } from "@flambeau/graph";
import { isOwnClass } from "../modules/class-of.ts";

/** What gives its operand back where there is nothing to convert: nothing is written for it. */
const conversions: ReadonlySet<string> = new Set(
  "to float double half bfloat16 long int short char byte bool type typeAs".split(" "),
);

/** Whether a call is a conversion of what was there already. */
export function isNothing({ kind, name, outputs, inputs }: Call): boolean {
  return kind === "call" && conversions.has(name) && outputs.length === 1 && inputs.includes(outputs[0]);
}

/** A call whose inner calls have results of their own. */
export function withOwnResults(call: Call): Call {
  // What the library does within is its own.
  if (call.module === null || !isOwnClass(call.module)) return call;
  let replaced: ReadonlyMap<Value, Value> = new Map();
  const inner = call.inner.map((one) => {
    const own = withOwnResults(replaceIn(one, replaced));
    const [output] = own.outputs;
    const isIdentity =
      (own.kind === "call" || (own.module !== null && !isOwnClass(own.module))) &&
      own.outputs.length === 1 &&
      own.inputs.includes(output) &&
      own.name !== "set" &&
      !own.name.endsWith("_") &&
      !isNothing(own);
    if (!isIdentity) {
      // What a module within gave back has a result of its own, then.
      const [before, after] = [valuesIn(one.result), valuesIn(own.result)];
      before.forEach((value, k) => {
        if (after[k] !== value) replaced = new Map([...replaced, [value, after[k]]]);
      });
      return own;
    }
    const fresh = new Value({ ...output, id: output.id, origin: "result", name: "", tensor: null });
    replaced = new Map([...replaced, [original(replaced, output), fresh], [output, fresh]]);
    return {
      ...own,
      outputs: [fresh],
      result: replaceValues(own.result, (value) => (value === output ? fresh : value)),
    };
  });
  const outputs = call.outputs.map((value) => replaced.get(value) ?? value);
  return {
    ...call,
    inner,
    outputs,
    result: replaceValues(call.result, (value) => replaced.get(value) ?? value),
  };
}

function original(replaced: ReadonlyMap<Value, Value>, value: Value): Value {
  for (const [from, to] of replaced) if (to === value) return from;
  return value;
}

function replaceIn(call: Call, by: ReadonlyMap<Value, Value>): Call {
  if (by.size === 0) return call;
  const value = (x: Value): Value => by.get(x) ?? x;
  return {
    ...call,
    args: replaceValues(call.args, value) as Call["args"],
    inputs: call.inputs.map(value),
    outputs: call.outputs.map(value),
    result: replaceValues(call.result, value),
    inner: call.inner.map((inner) => replaceIn(inner, by)),
  };
}
