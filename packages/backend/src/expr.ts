/**
 * Scalar expressions: what an elementwise kernel computes for one element, as a small tree.
 *
 * An op is written once as an expression; each device lowers it in its own way (to JavaScript loops, WebAssembly SIMD,
 * WGSL). All values of one expression have one type, the kernel's compute dtype; comparisons give 0 or 1 in that type.
 * Nodes may be shared: a node used twice is computed once.
 */
export type Expr = InputExpr | ParamExpr | ConstExpr | UnaryExpr | BinaryExpr | SelectExpr;

/** Element of the k-th input tensor. */
export interface InputExpr {
  readonly kind: "input";
  readonly index: number;
}

/** The k-th scalar given at each call, the same for every element: a learning rate, the 2 of `x.mul(2)`. */
export interface ParamExpr {
  readonly kind: "param";
  readonly index: number;
}

/** A number that belongs to the formula. */
export interface ConstExpr {
  readonly kind: "const";
  readonly value: number;
}

export interface UnaryExpr {
  readonly kind: "unary";
  readonly fn: UnaryFn;
  readonly a: Expr;
}

export interface BinaryExpr {
  readonly kind: "binary";
  readonly fn: BinaryFn;
  readonly a: Expr;
  readonly b: Expr;
}

/** `condition ? a : b`, where any value but 0 is true. */
export interface SelectExpr {
  readonly kind: "select";
  readonly condition: Expr;
  readonly a: Expr;
  readonly b: Expr;
}

/** Functions of one value; all but the first row are for floating-point compute types only. */
export type UnaryFn =
  | ("neg" | "abs" | "sign" | "bitnot" | "floor" | "ceil" | "trunc" | "round")
  | ("sqrt" | "exp" | "expm1" | "log" | "log2" | "log10" | "log1p")
  | ("sin" | "cos" | "tan" | "asin" | "acos" | "atan")
  | ("sinh" | "cosh" | "tanh" | "asinh" | "acosh" | "atanh")
  | ("erf" | "erfc" | "erfinv");

/**
 * Functions of two values. `div` is for floats, `floordiv` and `truncdiv` for all; `mod` has the sign of the divisor
 * (Python's `%`), `fmod` that of the dividend; `min` and `max` pass nan on; comparisons give 0 or 1; the bit functions
 * are for integers and bool. Integer division by zero is refused by the caller or wraps to zero.
 */
export type BinaryFn =
  | ("add" | "sub" | "mul" | "div" | "floordiv" | "truncdiv" | "mod" | "fmod" | "pow" | "atan2")
  | ("min" | "max")
  | ("eq" | "ne" | "lt" | "le" | "gt" | "ge")
  | ("bitand" | "bitor" | "bitxor");

export function input(index: number): Expr {
  return { kind: "input", index };
}

export function param(index: number): Expr {
  return { kind: "param", index };
}

/** A number stands for itself wherever an expression is expected. */
export type ExprLike = Expr | number;

function node(x: ExprLike): Expr {
  return typeof x === "number" ? { kind: "const", value: x } : x;
}

export function unary(fn: UnaryFn, a: ExprLike): Expr {
  return { kind: "unary", fn, a: node(a) };
}

export function binary(fn: BinaryFn, a: ExprLike, b: ExprLike): Expr {
  return { kind: "binary", fn, a: node(a), b: node(b) };
}

export function select(condition: ExprLike, a: ExprLike, b: ExprLike): Expr {
  return { kind: "select", condition: node(condition), a: node(a), b: node(b) };
}

type Unary = (a: ExprLike) => Expr;
type Binary = (a: ExprLike, b: ExprLike) => Expr;
const u =
  (fn: UnaryFn): Unary =>
  (a) =>
    unary(fn, a);
const b =
  (fn: BinaryFn): Binary =>
  (x, y) =>
    binary(fn, x, y);

/** The expression language by name, so that a formula reads as one: `E.div(1, E.add(1, E.exp(E.neg(x))))`. */
export const E: Readonly<Record<UnaryFn, Unary> & Record<BinaryFn, Binary>> & {
  readonly select: (condition: ExprLike, a: ExprLike, b: ExprLike) => Expr;
} = {
  ...fromNames(
    [
      ...([
        "neg",
        "abs",
        "sign",
        "bitnot",
        "floor",
        "ceil",
        "trunc",
        "round",
        "sqrt",
        "exp",
        "expm1",
      ] as const),
      ...(["log", "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan"] as const),
      ...(["sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "erfinv"] as const),
    ],
    u,
  ),
  ...fromNames(
    [
      ...(["add", "sub", "mul", "div", "floordiv", "truncdiv", "mod", "fmod", "pow", "atan2"] as const),
      ...(["min", "max", "eq", "ne", "lt", "le", "gt", "ge", "bitand", "bitor", "bitxor"] as const),
    ],
    b,
  ),
  select,
};

function fromNames<K extends string, V>(names: readonly K[], make: (name: K) => V): Record<K, V> {
  return Object.fromEntries(names.map((name) => [name, make(name)])) as Record<K, V>;
}
