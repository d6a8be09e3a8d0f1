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
  /** Which kind of node it is. */
  readonly kind: "input";
  /** Which input, from 0. */
  readonly index: number;
}

/** The k-th scalar given at each call, the same for every element: a learning rate, the 2 of `x.mul(2)`. */
export interface ParamExpr {
  /** Which kind of node it is. */
  readonly kind: "param";
  /** Which of the scalars, from 0. */
  readonly index: number;
}

/** A number that belongs to the formula. */
export interface ConstExpr {
  /** Which kind of node it is. */
  readonly kind: "const";
  /** The number. */
  readonly value: number;
}

/** A function of one expression. */
export interface UnaryExpr {
  /** Which kind of node it is. */
  readonly kind: "unary";
  /** The function. */
  readonly fn: UnaryFn;
  /** What it is a function of. */
  readonly a: Expr;
}

/** A function of two expressions. */
export interface BinaryExpr {
  /** Which kind of node it is. */
  readonly kind: "binary";
  /** The function. */
  readonly fn: BinaryFn;
  /** Its first operand. */
  readonly a: Expr;
  /** Its second operand. */
  readonly b: Expr;
}

/** `condition ? a : b`, where any value but 0 is true. */
export interface SelectExpr {
  /** Which kind of node it is. */
  readonly kind: "select";
  /** What decides. */
  readonly condition: Expr;
  /** The value where the condition is not 0. */
  readonly a: Expr;
  /** The value where it is 0. */
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
 * are for integers and bool. Where integers are divided by zero, the caller has refused it or the result is zero; see
 * `Backend.map` for devices that cannot be read at once.
 */
export type BinaryFn =
  | ("add" | "sub" | "mul" | "div" | "floordiv" | "truncdiv" | "mod" | "fmod" | "pow" | "atan2")
  | ("min" | "max")
  | ("eq" | "ne" | "lt" | "le" | "gt" | "ge")
  | ("bitand" | "bitor" | "bitxor");

/**
 * The element of the `index`-th input tensor, as a leaf of an expression. See {@link E}.
 *
 * @example
 * ```ts
 * import { E, input, MapKernel } from "@flambeau/backend";
 *
 * const difference = new MapKernel("difference", 2, 0, [E.sub(input(0), input(1))]);
 * console.log(difference.outputs[0].kind);
 * // binary
 * ```
 */
export function input(index: number): Expr {
  return { kind: "input", index };
}

/**
 * The `index`-th scalar of a call, as a leaf of an expression. See {@link E}.
 *
 * @example
 * ```ts
 * import { E, input, MapKernel, param } from "@flambeau/backend";
 *
 * // One kernel for every factor: x.mul(2) and x.mul(3) differ in what they give as params.
 * const scale = new MapKernel("scale", 1, 1, [E.mul(input(0), param(0))]);
 * console.log(scale.params);
 * // 1
 * ```
 */
export function param(index: number): Expr {
  return { kind: "param", index };
}

/** A number stands for itself wherever an expression is expected. */
export type ExprLike = Expr | number;

function node(x: ExprLike): Expr {
  return typeof x === "number" ? { kind: "const", value: x } : x;
}

/** @internal */
export function unary(fn: UnaryFn, a: ExprLike): Expr {
  return { kind: "unary", fn, a: node(a) };
}

/** @internal */
export function binary(fn: BinaryFn, a: ExprLike, b: ExprLike): Expr {
  return { kind: "binary", fn, a: node(a), b: node(b) };
}

/** @internal */
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

/**
 * The expression language by name, so that a formula reads as one: `E.div(1, E.add(1, E.exp(E.neg(x))))`. It has
 * every {@link UnaryFn}, every {@link BinaryFn} and `select`; leaves are {@link input}, {@link param} and plain
 * numbers.
 *
 * @example
 * ```ts
 * import { E, type Expr, input, MapKernel } from "@flambeau/backend";
 * import { cpu } from "@flambeau/cpu-backend";
 *
 * const x = input(0);
 * const sigmoid: Expr = E.div(1, E.add(1, E.exp(E.neg(x))));
 * const kernel = new MapKernel("silu", 1, 0, [E.mul(x, sigmoid)]);
 *
 * const storage = cpu.upload("float32", new Float32Array([0, 1, 2]));
 * const layout = { storage, dtype: "float32", shape: [3], strides: [1], offset: 0 } as const;
 * cpu.map(kernel, "float32", [layout], [], [layout]);
 * console.log(await cpu.download(layout));
 * // Float32Array(3) [ 0, 0.7310585975646973, 1.7615940570831299 ]
 * ```
 */
export const E: Readonly<Record<UnaryFn, Unary> & Record<BinaryFn, Binary>> & {
  /** `condition ? a : b`, where any value but 0 is true. */
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
