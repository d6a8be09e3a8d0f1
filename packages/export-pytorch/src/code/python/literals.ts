/** Values of JavaScript as Python writes them. */
import type { DType } from "@flambeau/backend";
import { atom, call, type Expr } from "./tree.ts";

/** A number: whole ones as ints, as people write them. */
export function numberOf(x: number): Expr<never> {
  if (Number.isNaN(x)) return call(atom("float"), atom('"nan"'));
  if (!Number.isFinite(x)) return call(atom("float"), atom(x < 0 ? '"-inf"' : '"inf"'));
  const size = Math.abs(x);
  const text = numberText(size);
  return x < 0 || Object.is(x, -0) ? { kind: "unary", operator: "-", of: atom(text) } : atom(text);
}

/** A number that is a float in Python, too. */
export function floatOf(x: number): Expr<never> {
  return Number.isInteger(x) && Math.abs(x) < 1e16 ? floatText(x) : numberOf(x);
}

function floatText(x: number): Expr<never> {
  const text = atom(`${Math.abs(x)}.0`);
  return x < 0 || Object.is(x, -0) ? { kind: "unary", operator: "-", of: text } : text;
}

function numberText(x: number): string {
  if (Number.isInteger(x)) return x < 1e16 ? String(x) : x.toExponential().replace("e+", "e");
  return x < 1e-3 ? x.toExponential() : String(x);
}

/** A string in double quotes. */
export function stringOf(x: string): Expr<never> {
  return atom(JSON.stringify(x));
}

export function boolOf(x: boolean): Expr<never> {
  return atom(x ? "True" : "False");
}

export const none: Expr<never> = atom("None");

/** `torch.float32`. */
export function dtypeOf(dtype: DType): Expr<never> {
  return { kind: "attribute", of: atom("torch"), name: dtype };
}
