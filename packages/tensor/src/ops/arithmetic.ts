/**
 * Arithmetic of tensors and plain numbers, elementwise, with broadcasting and PyTorch's type promotion.
 *
 * @module
 */
import { type DType, E, isFloat, ValueError } from "@flambeau/backend";
import { applyElementwise, type BinaryOp, binaryOp, type TernaryOp, ternaryOp, type UnaryOp, unaryOp } from "../elementwise.ts";
import type { Operand, Tensor } from "../tensor.ts";

const notBool = {
  refuse: (dtype: DType): string | undefined =>
    dtype === "bool" ? "bool tensors cannot be subtracted or negated; use logicalNot or logicalXor" : undefined,
};

/** `a + b`. */
export const add: BinaryOp = binaryOp("add", (a, b) => E.add(a, b));
/** `a - b`. */
export const sub: BinaryOp = binaryOp("sub", (a, b) => E.sub(a, b), notBool);
/** `a * b`. */
export const mul: BinaryOp = binaryOp("mul", (a, b) => E.mul(a, b));
/** `a / b`; integers divide to the default float. */
export const div: BinaryOp = binaryOp("div", (a, b) => E.div(a, b), { result: "float" });
/** `b - a`. */
export const rsub: BinaryOp = binaryOp("rsub", (a, b) => E.sub(b, a), notBool);
/** `a` to the power of `b`. */
export const pow: BinaryOp = binaryOp("pow", (a, b) => E.pow(a, b));
/** The quotient rounded down. Its derivative is taken as zero. */
export const floorDivide: BinaryOp = binaryOp("floorDivide", (a, b) => E.floordiv(a, b));
/** The remainder with the divisor's sign, as Python's `%`. */
export const remainder: BinaryOp = binaryOp("remainder", (a, b) => E.mod(a, b));
/** The remainder with the dividend's sign, as C's `fmod`. */
export const fmod: BinaryOp = binaryOp("fmod", (a, b) => E.fmod(a, b));
/** The angle of the point (b, a) in radians, from -pi to pi. */
export const atan2: BinaryOp = binaryOp("atan2", (a, b) => E.atan2(a, b), { result: "float" });
/** The larger of two elements; nan if either is. */
export const maximum: BinaryOp = binaryOp("maximum", (a, b) => E.max(a, b));
/** The smaller of two elements; nan if either is. */
export const minimum: BinaryOp = binaryOp("minimum", (a, b) => E.min(a, b));
/** Elements below `min` become `min`. */
export const clampMin: BinaryOp = binaryOp("clampMin", (x, min) => E.max(x, min));
/** Elements above `max` become `max`. */
export const clampMax: BinaryOp = binaryOp("clampMax", (x, max) => E.min(x, max));
/** `a * log(b)`, and zero where `a` is, even if the logarithm is infinite. */
export const xlogy: BinaryOp = binaryOp(
  "xlogy",
  (a, b) => E.select(E.ne(b, b), b, E.select(E.eq(a, 0), 0, E.mul(a, E.log(b)))),
  { result: "float" },
);
/** `log(exp(a) + exp(b))` without overflow. */
export const logaddexp: BinaryOp = binaryOp(
  "logaddexp",
  (a, b) => {
    // Equal infinities would give inf - inf.
    const gap = E.select(E.eq(a, b), 0, E.neg(E.abs(E.sub(a, b))));
    return E.add(E.max(a, b), E.log1p(E.exp(gap)));
  },
  { result: "float" },
);
/** The length of the hypotenuse, `sqrt(a * a + b * b)`. */
export const hypot: BinaryOp = binaryOp("hypot", (a, b) => E.sqrt(E.add(E.mul(a, a), E.mul(b, b))), { result: "float" });
/** `a + weight * (b - a)`. */
export const lerp: TernaryOp = ternaryOp("lerp", (a, b, weight) => E.add(a, E.mul(weight, E.sub(b, a))));
/** `a + b * c`. */
export const addcmul: TernaryOp = ternaryOp("addcmul", (a, b, c) => E.add(a, E.mul(b, c)));
/** `a + b / c`. */
export const addcdiv: TernaryOp = ternaryOp("addcdiv", (a, b, c) => E.add(a, E.div(b, c)), { result: "float" });

const clampBoth: TernaryOp = ternaryOp("clamp", (x, min, max) => E.min(E.max(x, min), max));

/** The bounds of `clamp`; one may be missing. */
export interface ClampOptions {
  readonly min?: Operand | null;
  readonly max?: Operand | null;
}

/**
 * Elements below `min` become `min`, those above `max` become `max`: `x.clamp(0, 1)`, `x.clamp({ min: 0 })`.
 *
 * @throws ValueError when neither bound is given.
 */
export const clamp: {
  (x: Tensor, min?: Operand | null | ClampOptions, max?: Operand | null): Tensor;
  readonly op: TernaryOp["op"];
} = Object.assign(
  (x: Tensor, min?: Operand | null | ClampOptions, max?: Operand | null): Tensor => {
    const bounds = isClampOptions(min) ? min : { min: min as Operand | null | undefined, max };
    const low = bounds.min ?? null;
    const high = bounds.max ?? null;
    if (low !== null && high !== null) return applyElementwise(clampBoth.op, [x, low, high]);
    if (low !== null) return clampMin(x, low);
    if (high !== null) return clampMax(x, high);
    throw new ValueError("clamp needs at least one of min and max");
  },
  { op: clampBoth.op },
);

function isClampOptions(x: unknown): x is ClampOptions {
  return typeof x === "object" && x !== null && !("storage" in x);
}

/** `-x`. */
export const neg: UnaryOp = unaryOp("neg", (x) => E.neg(x), notBool);
/** The absolute value. */
export const abs: UnaryOp = unaryOp("abs", (x) => E.abs(x));
/** `x * x`. */
export const square: UnaryOp = unaryOp("square", (x) => E.mul(x, x));
/** -1, 0 or 1 by the sign of each element. Its derivative is zero. */
export const sign: UnaryOp = unaryOp("sign", (x) => E.sign(x));

const rounding = (name: string, fn: "floor" | "ceil" | "trunc" | "round"): UnaryOp => {
  const rounded = unaryOp(name, (x) => E[fn](x));
  // Integers are whole already; devices round floats only.
  return Object.assign((x: Tensor): Tensor => (isFloat(x.dtype) ? rounded(x) : x.clone()), { op: rounded.op });
};
/** The largest integer not above each element. Its derivative is zero. */
export const floor: UnaryOp = rounding("floor", "floor");
/** The smallest integer not below each element. Its derivative is zero. */
export const ceil: UnaryOp = rounding("ceil", "ceil");
/** Each element without its fraction. Its derivative is zero. */
export const trunc: UnaryOp = rounding("trunc", "trunc");
/** The nearest integer; halves go to the even one. Its derivative is zero. */
export const round: UnaryOp = rounding("round", "round");
/** The fraction of each element, with its sign. */
export const frac: UnaryOp = unaryOp("frac", (x) => E.sub(x, E.trunc(x)));
