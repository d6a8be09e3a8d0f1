/** What the calls of a graph reach: values that results depend on, memory that is shown or written to. */
import { type Call, type Graph, type Value, valuesIn } from "@flambeau/graph";

/** The values on which the results depend, and the operands of writes. */
export function neededValues({ calls, output }: Graph): ReadonlySet<Value> {
  const needed = new Set<Value>(valuesIn(output));
  const mark = (list: readonly Call[]): void => {
    for (const call of list.toReversed()) {
      if (!hasWrite(call) && !call.outputs.some((y) => needed.has(y))) continue;
      for (const value of call.inputs) needed.add(value);
      mark(call.inner);
    }
  };
  mark(calls);
  return needed;
}

const writing = new WeakMap<Call, boolean>();

/** Whether a call writes over its input, by its name: the calls within it may not be known. */
export function mutates({ kind, name, args }: Call): boolean {
  return kind === "call" && (name === "set" || /[^_]_$/.test(name) || args.inplace === true);
}

/** Whether a call is a write, or runs one. */
export function hasWrite(call: Call): boolean {
  let is = writing.get(call);
  if (is === undefined) {
    is = call.kind === "write" || (call.inner.length === 0 && mutates(call)) || call.inner.some(hasWrite);
    writing.set(call, is);
  }
  return is;
}

/** The calls within a call that show the memory of their input, by what they give. */
function viewsWithin(call: Call, views: Map<Value, Value>): Map<Value, Value> {
  const [input] = call.inputs;
  if (call.kind === "view") for (const y of call.outputs) views.set(y, input);
  for (const inner of call.inner) viewsWithin(inner, views);
  return views;
}

/** The value whose memory a result of a call shows: itself where it has its own. */
export function baseOf(call: Call, result: Value): Value {
  const views = viewsWithin(call, new Map());
  let base = result;
  for (let next = views.get(base); next !== undefined; next = views.get(base)) base = next;
  return base;
}

/** Whether a call writes to one of the tensors outside it: those of which `isOutside` is true. */
export function writesTo(call: Call, isOutside: (value: Value) => boolean): boolean {
  if (!hasWrite(call)) return false;
  const views = viewsWithin(call, new Map());
  const check = (inner: Call): boolean => {
    if (inner.kind !== "write") return inner.inner.some(check);
    let target = inner.inputs[0];
    for (let next = views.get(target); next !== undefined; next = views.get(target)) target = next;
    return isOutside(target);
  };
  return check(call);
}
