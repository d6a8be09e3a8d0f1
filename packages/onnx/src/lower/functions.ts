/** The functions of scalar expressions as nodes. Operands have the compute dtype, or are bool: what a comparison gave. */
import { type BinaryFn, type DType, isFloat, type UnaryFn } from "@flambeau/backend";
import type { Ref } from "../builder.ts";
import type { Emit } from "../emit.ts";

type Unary = (x: Emit, a: Ref, dtype: DType) => Ref;
type Binary = (x: Emit, a: Ref, b: Ref, dtype: DType) => Ref;

const unary =
  (op: string): Unary =>
  (x, a, dtype) =>
    x.node(op, [x.cast(a, dtype)], dtype);

/** Of integers the identity. */
const rounding =
  (op: string): Unary =>
  (x, a, dtype) =>
    isFloat(dtype) ? x.node(op, [x.cast(a, dtype)], dtype) : a;

const binary =
  (op: string): Binary =>
  (x, a, b, dtype) =>
    x.node(op, [x.cast(a, dtype), x.cast(b, dtype)], dtype);

const comparison =
  (op: string): Binary =>
  (x, a, b, dtype) =>
    x.node(op, [x.cast(a, dtype), x.cast(b, dtype)], "bool");

/** Of bools a logical op, of integers one of opset 18. */
const bits =
  (logical: string, bitwise: string): Binary =>
  (x, a, b, dtype) => {
    if (a.dtype === "bool" && b.dtype === "bool") return x.node(logical, [a, b], "bool");
    x.needs(18);
    return x.node(bitwise, [x.cast(a, dtype), x.cast(b, dtype)], dtype);
  };

/** A logarithm of another base. */
const logOf =
  (base: number): Unary =>
  (x, a, dtype) =>
    x.node("Mul", [UNARY.log(x, a, dtype), x.scalar(1 / Math.log(base), dtype)], dtype);

const truncate: Unary = (x, a, dtype) => {
  if (!isFloat(dtype)) return a;
  const isNegative = x.node("Less", [a, x.scalar(0, dtype)], "bool");
  return x.node("Where", [isNegative, x.node("Ceil", [a], dtype), x.node("Floor", [a], dtype)], dtype);
};

export const UNARY: Readonly<Record<UnaryFn, Unary>> = {
  neg: unary("Neg"),
  abs: unary("Abs"),
  sign: unary("Sign"),
  bitnot: (x, a, dtype) => {
    if (a.dtype === "bool") return x.node("Not", [a], "bool");
    x.needs(18);
    return x.node("BitwiseNot", [a], dtype);
  },
  floor: rounding("Floor"),
  ceil: rounding("Ceil"),
  trunc: truncate,
  round: rounding("Round"),
  sqrt: unary("Sqrt"),
  exp: unary("Exp"),
  // tanh(x / 2) * (exp(x) + 1): no difference of numbers near 1. Where exp(x) is infinite it is that.
  expm1: (x, a, dtype) => {
    const half = x.node("Tanh", [x.node("Mul", [a, x.scalar(0.5, dtype)], dtype)], dtype);
    const sum = x.node("Add", [x.node("Exp", [a], dtype), x.scalar(1, dtype)], dtype);
    return x.node("Mul", [half, sum], dtype);
  },
  log: unary("Log"),
  log2: logOf(2),
  log10: logOf(10),
  // log(u) * x / (u - 1) with u = 1 + x as it was rounded. Source: Kahan, in Goldberg 1991, theorem 4.
  log1p: (x, a, dtype) => {
    const one = x.scalar(1, dtype);
    const u = x.node("Add", [a, one], dtype);
    const isSame = x.node("Equal", [u, one], "bool");
    const isInfinite = x.node("Equal", [u, x.scalar(Number.POSITIVE_INFINITY, dtype)], "bool");
    const rounded = x.node("Sub", [u, one], dtype);
    const divisor = x.node("Where", [x.node("Or", [isSame, isInfinite], "bool"), one, rounded], dtype);
    const factor = x.node("Where", [isInfinite, one, a], dtype);
    const quotient = x.node("Div", [factor, divisor], dtype);
    const product = x.node("Mul", [x.node("Log", [u], dtype), quotient], dtype);
    return x.node("Where", [isSame, a, product], dtype);
  },
  sin: unary("Sin"),
  cos: unary("Cos"),
  tan: unary("Tan"),
  asin: unary("Asin"),
  acos: unary("Acos"),
  atan: unary("Atan"),
  sinh: unary("Sinh"),
  cosh: unary("Cosh"),
  tanh: unary("Tanh"),
  asinh: unary("Asinh"),
  acosh: unary("Acosh"),
  atanh: unary("Atanh"),
  erf: unary("Erf"),
  erfc: (x, a, dtype) => x.node("Sub", [x.scalar(1, dtype), x.node("Erf", [a], dtype)], dtype),
  erfinv: (x, a, dtype) => inverseErf(x, a, dtype),
};

export const BINARY: Readonly<Record<BinaryFn, Binary>> = {
  add: binary("Add"),
  sub: binary("Sub"),
  mul: binary("Mul"),
  div: binary("Div"),
  floordiv: (x, a, b, dtype) => {
    if (isFloat(dtype)) return x.node("Floor", [BINARY.div(x, a, b, dtype)], dtype);
    // Div of integers cuts off; the rest has the divisor's sign.
    return BINARY.div(x, BINARY.sub(x, a, BINARY.mod(x, a, b, dtype), dtype), b, dtype);
  },
  truncdiv: (x, a, b, dtype) => truncate(x, BINARY.div(x, a, b, dtype), dtype),
  mod: (x, a, b, dtype) => {
    if (!isFloat(dtype)) return binary("Mod")(x, a, b, dtype);
    const rest = BINARY.fmod(x, a, b, dtype);
    const zero = x.scalar(0, dtype);
    const differs = x.node(
      "Xor",
      [x.node("Less", [rest, zero], "bool"), x.node("Less", [b, zero], "bool")],
      "bool",
    );
    const isRest = x.node("Not", [x.node("Equal", [rest, zero], "bool")], "bool");
    const moved = x.node("Add", [rest, b], dtype);
    return x.node("Where", [x.node("And", [differs, isRest], "bool"), moved, rest], dtype);
  },
  fmod: (x, a, b, dtype) => x.node("Mod", [x.cast(a, dtype), x.cast(b, dtype)], dtype, { fmod: 1 }),
  pow: binary("Pow"),
  atan2: (x, a, b, dtype) => angleOf(x, a, b, dtype),
  min: binary("Min"),
  max: binary("Max"),
  eq: comparison("Equal"),
  ne: (x, a, b, dtype) => x.node("Not", [comparison("Equal")(x, a, b, dtype)], "bool"),
  lt: comparison("Less"),
  le: comparison("LessOrEqual"),
  gt: comparison("Greater"),
  ge: comparison("GreaterOrEqual"),
  bitand: bits("And", "BitwiseAnd"),
  bitor: bits("Or", "BitwiseOr"),
  bitxor: bits("Xor", "BitwiseXor"),
};

/** The angle of a point (b, a): the arc tangent of the quotient, and half a turn on the left. */
function angleOf(x: Emit, a: Ref, b: Ref, dtype: DType): Ref {
  const zero = x.scalar(0, dtype);
  const isLeft = x.node("Less", [b, zero], "bool");
  const isBelow = x.node("Less", [a, zero], "bool");
  const isCentre = x.node(
    "And",
    [x.node("Equal", [a, zero], "bool"), x.node("Equal", [b, zero], "bool")],
    "bool",
  );
  const quotient = x.node("Div", [a, x.node("Where", [isCentre, x.scalar(1, dtype), b], dtype)], dtype);
  const turn = x.node("Where", [isBelow, x.scalar(-Math.PI, dtype), x.scalar(Math.PI, dtype)], dtype);
  const added = x.node("Where", [isLeft, turn, zero], dtype);
  return x.node("Add", [x.node("Atan", [quotient], dtype), added], dtype);
}

/** Of w = -log(1 - x^2): the polynomials below and above 5. Source: Giles 2010, Approximating the erfinv function, table 5. */
const BELOW = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
];
const ABOVE = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
];

/** Accurate to float32. */
function inverseErf(x: Emit, a: Ref, dtype: DType): Ref {
  const one = x.scalar(1, dtype);
  const product = x.node("Mul", [x.node("Sub", [one, a], dtype), x.node("Add", [one, a], dtype)], dtype);
  const w = x.node("Neg", [x.node("Log", [product], dtype)], dtype);
  const polynomial = (factors: readonly number[], at: Ref): Ref =>
    factors
      .slice(1)
      .reduce(
        (sum, factor) => x.node("Add", [x.node("Mul", [sum, at], dtype), x.scalar(factor, dtype)], dtype),
        x.scalar(factors[0], dtype),
      );
  const below = polynomial(BELOW, x.node("Sub", [w, x.scalar(2.5, dtype)], dtype));
  const above = polynomial(ABOVE, x.node("Sub", [x.node("Sqrt", [w], dtype), x.scalar(3, dtype)], dtype));
  const isNear = x.node("Less", [w, x.scalar(5, dtype)], "bool");
  const inside = x.node("Mul", [x.node("Where", [isNear, below, above], dtype), a], dtype);
  const isEdge = x.node("Equal", [x.node("Abs", [a], dtype), one], "bool");
  const infinite = x.node("Mul", [a, x.scalar(Number.POSITIVE_INFINITY, dtype)], dtype);
  return x.node("Where", [isEdge, infinite, inside], dtype);
}
