/** Arguments of calls, as numbers. */
import { type Argument, type Call, Size, type Value } from "@flambeau/graph";
import type { Emit } from "../emit.ts";

/** A dimension counted from the start. */
export function dimOf(dim: Argument, rank: number): number {
  const d = Number(dim);
  return d < 0 ? d + Math.max(rank, 1) : d;
}

/** The dimensions that an argument lists; all where it is left out. */
export function dimsOf(dims: Argument, rank: number): number[] {
  if (dims === undefined || dims === null) return Array.from({ length: rank }, (_, d) => d);
  return (Array.isArray(dims) ? dims : [dims]).map((d) => dimOf(d, rank));
}

/** The tensor of a parameter that is always given. */
export function tensorArg(call: Call, name: string): Value {
  return call.args[name] as Value;
}

/** A number for each of the dimensions of a plane, of one number for all or one each. */
export function each(x: Emit, name: string, value: Argument, count: number): number[] {
  const list = Array.isArray(value) ? value : new Array<Argument>(count).fill(value);
  if (list.length === 1 && count > 1) return new Array<number>(count).fill(fixed(x, name, list[0]));
  return list.map((one) => fixed(x, name, one));
}

/** A number that follows from no open size. */
export function fixed(x: Emit, name: string, value: Argument): number {
  if (typeof value === "number") return value;
  if (value instanceof Size) return x.refuse(`${name} is ${value}, which is open: ONNX takes a number there`);
  return x.refuse(`${name} is no number`);
}

/** The sizes of a tensor, none of them open. */
export function fixedShape(x: Emit, value: Value, from = 0): number[] {
  return value.shape
    .slice(from)
    .map((size, i) => fixed(x, `the size of dimension ${from + i}`, size ?? undefined));
}
