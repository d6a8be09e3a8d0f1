import type { BinaryExpr, BinaryFn, DType, Expr, SelectExpr, UnaryFn } from "@flambeau/backend";
import type { Graph, Value } from "./graph.ts";
import { binary32, erfPlusOne, timesErfPlusOne, unary32 } from "./math32.ts";
import { f32x4, i8x16, i16x8, i32x4, v128 } from "./opcodes.ts";

/** The code that a dtype has in a kernel's key, if a SIMD kernel can read it; otherwise -1. (A table takes longer.) */
export function readable(dtype: DType): number {
  if (dtype === "float32") return 0;
  if (dtype === "bool" || dtype === "uint8") return 1;
  return dtype === "int32" ? 2 : -1;
}

const COMPARISONS: { readonly [fn in BinaryFn]?: "eq" | "ne" | "lt" | "le" | "gt" | "ge" } = {
  eq: "eq",
  ne: "ne",
  lt: "lt",
  le: "le",
  gt: "gt",
  ge: "ge",
};

/** Every node of expressions, each once. */
export function nodesOf(outputs: readonly Expr[]): Set<Expr> {
  const seen = new Set<Expr>();
  const visit = (e: Expr): void => {
    if (seen.has(e)) return;
    seen.add(e);
    if (e.kind === "select") visit(e.condition);
    if (e.kind === "unary" || e.kind === "binary" || e.kind === "select") visit(e.a);
    if (e.kind === "binary" || e.kind === "select") visit(e.b);
  };
  outputs.forEach(visit);
  return seen;
}

/** A param whose value decides between instructions: the exponent of a power, or the bound of `max` or `min`. */
export interface Choice {
  readonly param: number;
  readonly fn: "pow" | "max" | "min";
}

/** The params of expressions that are such, each once. */
export function choicesOf(nodes: ReadonlySet<Expr>): Choice[] {
  const found = new Map<number, Choice>();
  for (const e of nodes) {
    if (e.kind !== "binary" || e.b.kind !== "param" || found.has(e.b.index)) continue;
    if (e.fn === "pow" || e.fn === "max" || e.fn === "min")
      found.set(e.b.index, { param: e.b.index, fn: e.fn });
  }
  return [...found.values()];
}

/** What the instructions for a param's value go by: of an exponent 2 or 3, of a bound what `boundOf` says, else 0. */
export function choiceOf({ fn }: Choice, value: number): 0 | 1 | 2 | 3 {
  if (fn !== "pow") return boundOf(fn, value);
  return value === 2 || value === 3 ? value : 0;
}

/**
 * How the greater or the smaller of x and a bound is had for less than the nine instructions that look after nan and zeros of either
 * sign: 1 by a comparison of x with it, 2 if 0 is added then, which makes 0 of -0; 0 in no such way.
 */
function boundOf(fn: "max" | "min", bound: number): 0 | 1 | 2 {
  const stored = Math.fround(bound);
  if (Number.isNaN(stored)) return 0;
  if (stored !== 0 || Object.is(stored, fn === "max" ? -0 : 0)) return 1;
  return fn === "max" ? 2 : 0;
}

const LIGHT: ReadonlySet<string> = new Set<UnaryFn | BinaryFn>([
  ...(["neg", "abs", "sign", "floor", "ceil", "trunc", "round", "sqrt"] as const),
  ...(["add", "sub", "mul", "div", "min", "max", "eq", "ne", "lt", "le", "gt", "ge", "truncdiv"] as const),
]);

/** Whether a node is a function that takes much longer than an addition. */
export function isHeavy(e: Expr): boolean {
  return (e.kind === "unary" || e.kind === "binary") && !LIGHT.has(e.fn);
}

/** The one instruction for `x < bound ? bound : x`, or the same with `>`, where an expression is that. */
function comparisonOf({ condition, a, b }: SelectExpr): "pmin" | "pmax" | undefined {
  if (condition.kind !== "binary" || condition.a !== b || !isSame(condition.b, a)) return undefined;
  return condition.fn === "lt" ? "pmax" : condition.fn === "gt" ? "pmin" : undefined;
}

function isSame(a: Expr, b: Expr): boolean {
  return a === b || (a.kind === "const" && b.kind === "const" && Object.is(a.value, b.value));
}

/**
 * Expressions over float32 as values of four lanes; undefined when a function has no SIMD code. `kinds` are the codes of
 * the inputs' dtypes, `choices` what `choiceOf` says of params.
 */
export function lowerFloat32(
  g: Graph,
  outputs: readonly Expr[],
  kinds: readonly number[],
  choices: ReadonlyMap<number, number>,
): Value[] | undefined {
  const known = new Map<Expr, Value>();
  const one = g.f32.value(1);

  const condition = (e: Expr): Value | undefined => {
    const value = lower(e);
    return value && (g.maskOf(value) ?? g.f32.ne(value, 0));
  };

  const bounded = ({ fn, b }: BinaryExpr, x: Value, bound: Value): Value | undefined => {
    if (fn !== "max" && fn !== "min") return undefined;
    const way =
      b.kind === "const" ? boundOf(fn, b.value) : b.kind === "param" ? choices.get(b.index) : undefined;
    const nearer = g.f32[`p${fn}`](x, bound);
    return way === 1 ? nearer : way === 2 ? g.f32.add(nearer, 0) : undefined;
  };

  const integerPower = (base: Value, exponent: Expr): Value | undefined => {
    const n =
      exponent.kind === "const"
        ? exponent.value
        : exponent.kind === "param"
          ? choices.get(exponent.index)
          : undefined;
    if (n !== 2 && n !== 3) return undefined;
    const square = g.f32.mul(base, base);
    return n === 2 ? square : g.f32.mul(square, base);
  };

  const lowerNew = (e: Expr): Value | undefined => {
    switch (e.kind) {
      case "input":
        return inputValue(g, e.index, kinds[e.index]);
      case "param":
        return g.leaf("param", e.index);
      case "const":
        return g.float32(e.value);
      case "select": {
        const comparison = comparisonOf(e);
        if (comparison !== undefined) {
          const x = lower(e.b);
          const bound = lower(e.a);
          return x && bound && g.f32[comparison](x, bound);
        }
        const mask = condition(e.condition);
        const a = lower(e.a);
        const b = lower(e.b);
        return mask && a && b && g.pick(mask, a, b);
      }
      case "unary": {
        const a = lower(e.a);
        return a && unary32[e.fn]?.(g, a);
      }
      case "binary": {
        const shifted = erfOperand(e);
        if (shifted !== undefined) {
          const x = lower(shifted);
          return x && erfPlusOne(g, x);
        }
        const scale = erfScale(e.fn, e.a, e.b);
        if (scale > 0) {
          const x = lower(e.a);
          return x && timesErfPlusOne(g, x, scale);
        }
        const a = lower(e.a);
        const b = lower(e.b);
        if (a === undefined || b === undefined) return undefined;
        const comparison = COMPARISONS[e.fn];
        if (comparison !== undefined) return g.truth(g.f32[comparison](a, b), one);
        const special = e.fn === "pow" ? integerPower(a, e.b) : bounded(e, a, b);
        return special ?? binary32[e.fn]?.(g, a, b);
      }
    }
  };

  const lower = (e: Expr): Value | undefined => {
    const before = known.get(e);
    if (before !== undefined) return before;
    const value = lowerNew(e);
    if (value !== undefined) known.set(e, value);
    return value;
  };

  const values = outputs.map(lower);
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** The x of `1 + erf(x)`: the normal distribution's function, but for a factor. */
function erfOperand(e: Expr): Expr | undefined {
  if (e.kind !== "binary" || e.fn !== "add") return undefined;
  const [one, erf] = e.a.kind === "const" ? [e.a, e.b] : [e.b, e.a];
  const isSuch = one.kind === "const" && one.value === 1 && erf.kind === "unary" && erf.fn === "erf";
  return isSuch ? erf.a : undefined;
}

/** The positive s of `x * (1 + erf(s * x))`, as in gelu; 0 if it is something else, or huge. */
function erfScale(fn: BinaryFn, x: Expr, sum: Expr): number {
  const operand = fn === "mul" ? erfOperand(sum) : undefined;
  if (operand === undefined) return 0;
  const [a, b] = [x, operand].map(asMultiple);
  const scale = b.factor / a.factor;
  return a.of === b.of && scale > 0 && scale < 100 ? scale : 0;
}

/** An expression as a constant times another, which may be itself. */
function asMultiple(e: Expr): { readonly factor: number; readonly of: Expr } {
  if (e.kind === "binary" && e.fn === "mul") {
    if (e.a.kind === "const") return { factor: e.a.value, of: e.b };
    if (e.b.kind === "const") return { factor: e.b.value, of: e.a };
  }
  return { factor: 1, of: e };
}

/** The k-th input's elements as floats: a leaf, and its conversion. */
function inputValue(g: Graph, k: number, kind: number): Value {
  if (kind === 0) return g.leaf("float", k);
  if (kind === 2) return g.op(f32x4.convert_i32x4_s, g.leaf("int", k));
  const wide = g.op(i32x4.extend_low_i16x8_u, g.op(i16x8.extend_low_i8x16_u, g.leaf("byte", k)));
  return g.op(f32x4.convert_i32x4_s, wide);
}

/** 4 bytes of 0 or 1 in the lowest lane: what a bool output stores. */
export function boolBytes(g: Graph, value: Value): Value {
  const mask = g.maskOf(value) ?? g.f32.ne(value, 0);
  const ones = g.op(v128.and, mask, g.i32(1));
  const words = g.op(i16x8.narrow_i32x4_s, ones, ones);
  return g.op(i8x16.narrow_i16x8_u, words, words);
}
