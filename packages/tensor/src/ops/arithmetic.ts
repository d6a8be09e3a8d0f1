/**
 * Arithmetic of tensors and plain numbers, elementwise, with broadcasting and PyTorch's type promotion.
 *
 * @module
 */
import { type DType, DTypeError, E, isFloat, ValueError } from "@flambeau/backend";
import {
  applyElementwise,
  applyInPlace,
  type BinaryOp,
  binaryOp,
  type TernaryOp,
  ternaryOp,
  type UnaryOp,
  unaryOp,
} from "../elementwise.ts";
import { resultType } from "../promotion.ts";
import type { Operand, Scalar, Tensor } from "../tensor.ts";

const notBool = {
  refuse: (dtype: DType): string | undefined =>
    dtype === "bool" ? "bool tensors cannot be subtracted or negated; use logicalNot or logicalXor" : undefined,
};

/** Options of `add` and `sub`. */
export interface AlphaOptions {
  /** What the second operand is multiplied by first. Default 1. */
  readonly alpha?: Scalar;
}

/** `add` and `sub`. */
export interface ScaledOp {
  (a: Operand, b: Operand, options?: AlphaOptions): Tensor;
  readonly op: BinaryOp["op"];
  readonly inPlace: (x: Tensor, b: Operand, options?: AlphaOptions) => Tensor;
}

function scaledOp({ op }: BinaryOp): ScaledOp {
  const scale = (a: Operand, b: Operand, { alpha = 1 }: AlphaOptions): Operand => {
    if (alpha === 1) return b;
    if (!Number.isInteger(Number(alpha)) && !isFloat(resultType([a, b]))) {
      throw new DTypeError(`${op.name}: alpha ${alpha} is no integer, and the operands are`);
    }
    return typeof b === "object" ? mul(b, alpha) : Number(b) * Number(alpha);
  };
  return Object.assign(
    (a: Operand, b: Operand, options?: AlphaOptions): Tensor =>
      applyElementwise(op, [a, options === undefined ? b : scale(a, b, options)]),
    {
      op,
      inPlace: (x: Tensor, b: Operand, options?: AlphaOptions): Tensor =>
        applyInPlace(op, [x, options === undefined ? b : scale(x, b, options)]),
    },
  );
}

/**
 * `a + b`, or `a + alpha * b`. For bools the logical or.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError when `alpha` has a fraction and the operands are integers.
 *
 * @example
 * ```ts
 * import { add, tensor } from "@flambeau/tensor";
 *
 * console.log(String(add(tensor([[1], [2]]), tensor([10, 20]))));
 * // tensor([[11., 21.],
 * //         [12., 22.]])
 * console.log(String(add(tensor([1, 2]), tensor([1, 1]), { alpha: 0.5 })));
 * // tensor([1.5000, 2.5000])
 * ```
 */
export const add: ScaledOp = scaledOp(binaryOp("add", (a, b) => E.add(a, b)));
/**
 * `a - b`, or `a - alpha * b`.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError for bools.
 */
export const sub: ScaledOp = scaledOp(binaryOp("sub", (a, b) => E.sub(a, b), notBool));
/** `a * b`. */
export const mul: BinaryOp = binaryOp("mul", (a, b) => E.mul(a, b));

/** Options of `div`. */
export interface DivOptions {
  /** Round the quotient down ("floor") or towards zero ("trunc"); it then keeps the operands' dtype. Default: not at all. */
  readonly roundingMode?: "floor" | "trunc" | null;
}

const divide = binaryOp("div", (a, b) => E.div(a, b), { result: "float" });

function checkedMode({ roundingMode = null }: DivOptions): "floor" | "trunc" | null {
  if (roundingMode === null || roundingMode === "floor" || roundingMode === "trunc") return roundingMode;
  throw new ValueError(`div: roundingMode is "floor", "trunc" or left out; got ${JSON.stringify(roundingMode)}`);
}

/**
 * `a / b`; integers divide to the default float. With `roundingMode` the quotient is rounded, and integers stay integers.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError for an unknown rounding mode.
 *
 * @example
 * ```ts
 * import { div, tensor } from "@flambeau/tensor";
 *
 * console.log(String(div(tensor([7n, -7n]), 2)));
 * // tensor([ 3.5000, -3.5000])
 * console.log(String(div(tensor([7n, -7n]), 2, { roundingMode: "trunc" })));
 * // tensor([ 3, -3])
 * ```
 */
export const div: {
  (a: Operand, b: Operand, options?: DivOptions): Tensor;
  readonly op: BinaryOp["op"];
  readonly inPlace: (x: Tensor, b: Operand, options?: DivOptions) => Tensor;
} = Object.assign(
  (a: Operand, b: Operand, options?: DivOptions): Tensor => {
    const mode = options === undefined ? null : checkedMode(options);
    if (mode === null) return divide(a, b);
    if (mode === "floor") return floorDivide(a, b);
    // Without the remainder integers divide exactly, and floor is trunc.
    return isFloat(resultType([a, b])) ? trunc(divide(a, b)) : floorDivide(sub(a, fmod(a, b)), b);
  },
  {
    op: divide.op,
    inPlace: (x: Tensor, b: Operand, options?: DivOptions): Tensor => {
      const mode = options === undefined ? null : checkedMode(options);
      if (mode === "floor") return floorDivide.inPlace(x, b);
      if (mode === null || isFloat(x.dtype)) {
        const quotient = applyInPlace(divide.op, [x, b]);
        return mode === null ? quotient : applyInPlace(trunc.op, [quotient]);
      }
      return floorDivide.inPlace(sub.inPlace(x, fmod(x, b)), b);
    },
  },
);
/**
 * `b - a`.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError for bools.
 */
export const rsub: BinaryOp = binaryOp("rsub", (a, b) => E.sub(b, a), notBool);

/** An op that some plain scalars have no integer result for. */
export interface GuardedOp extends BinaryOp {
  readonly inPlace: (x: Tensor, b: Operand) => Tensor;
}

function guarded({ op }: BinaryOp, isBad: (b: number) => boolean, why: string): GuardedOp {
  const check = (a: Operand, b: Operand): void => {
    if (typeof b !== "object" && isBad(Number(b)) && !isFloat(resultType([a, b]))) {
      throw new ValueError(`${op.name}: ${why}; got ${b}`);
    }
  };
  return Object.assign(
    (a: Operand, b: Operand): Tensor => {
      check(a, b);
      return applyElementwise(op, [a, b]);
    },
    {
      op,
      inPlace: (x: Tensor, b: Operand): Tensor => {
        check(x, b);
        return applyInPlace(op, [x, b]);
      },
    },
  );
}

const isZero = (b: number): boolean => b === 0;

/**
 * `a` to the power of `b`. Where an integer tensor holds negative exponents, the power is cut to an integer.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError for an integer tensor to a negative number.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([2n, 3n]).pow(2)));
 * // tensor([4, 9])
 * console.log(String(tensor([4, 9]).pow(0.5)));
 * // tensor([2., 3.])
 * ```
 */
export const pow: GuardedOp = guarded(
  binaryOp("pow", (a, b) => E.pow(a, b)),
  (b) => b < 0,
  "integers have no negative powers; convert to a float first",
);
/**
 * The quotient rounded down. Its derivative is taken as zero. An integer divided by a zero in a tensor gives 0.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError for integers divided by the number 0.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([7n, -7n]).floorDivide(2)));
 * // tensor([ 3, -4])
 * ```
 */
export const floorDivide: GuardedOp = guarded(
  binaryOp("floorDivide", (a, b) => E.floordiv(a, b)),
  isZero,
  "integers cannot be divided by zero",
);
/**
 * The remainder with the divisor's sign, as Python's `%`. For integers and a zero in a tensor it is 0.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError for integers and the number 0.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([7n, -7n]).remainder(3)));
 * // tensor([1, 2])
 * console.log(String(tensor([7n, -7n]).fmod(3)));
 * // tensor([ 1, -1])
 * ```
 */
export const remainder: GuardedOp = guarded(
  binaryOp("remainder", (a, b) => E.mod(a, b)),
  isZero,
  "integers have no remainder by zero",
);
/**
 * The remainder with the dividend's sign, as C's `fmod`. For integers and a zero in a tensor it is 0.
 *
 * @throws ShapeError when the shapes do not broadcast; ValueError for integers and the number 0.
 */
export const fmod: GuardedOp = guarded(
  binaryOp("fmod", (a, b) => E.fmod(a, b)),
  isZero,
  "integers have no remainder by zero",
);
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
/** `a + weight * (b - a)`, counted from the nearer end so that a weight of 1 gives `b` exactly, as PyTorch does. */
export const lerp: TernaryOp = ternaryOp("lerp", (a, b, weight) =>
  E.select(
    E.lt(E.abs(weight), 0.5),
    E.add(a, E.mul(weight, E.sub(b, a))),
    E.sub(b, E.mul(E.sub(b, a), E.sub(1, weight))),
  ),
);

/** Options of `addcmul` and `addcdiv`. */
export interface ValueOptions {
  /** What the product or quotient is multiplied by. Default 1. */
  readonly value?: Scalar;
}

/** `addcmul` and `addcdiv`. */
export interface ValuedOp {
  (a: Operand, b: Operand, c: Operand, options?: ValueOptions): Tensor;
  readonly op: TernaryOp["op"];
  readonly inPlace: (x: Tensor, b: Operand, c: Operand, options?: ValueOptions) => Tensor;
}

function valuedOp({ op }: TernaryOp): ValuedOp {
  const scale = (b: Operand, value: Scalar = 1): Operand =>
    value === 1 ? b : typeof b === "object" ? mul(b, value) : Number(b) * Number(value);
  return Object.assign(
    (a: Operand, b: Operand, c: Operand, options?: ValueOptions): Tensor =>
      applyElementwise(op, [a, scale(b, options?.value), c]),
    {
      op,
      inPlace: (x: Tensor, b: Operand, c: Operand, options?: ValueOptions): Tensor =>
        applyInPlace(op, [x, scale(b, options?.value), c]),
    },
  );
}

/** `a + b * c`, or `a + value * b * c`. */
export const addcmul: ValuedOp = valuedOp(ternaryOp("addcmul", (a, b, c) => E.add(a, E.mul(b, c))));
/** `a + b / c`, or `a + value * b / c`; integers become the default float. */
export const addcdiv: ValuedOp = valuedOp(
  ternaryOp("addcdiv", (a, b, c) => E.add(a, E.div(b, c)), { result: "float" }),
);

const clampBoth: TernaryOp = ternaryOp("clamp", (x, min, max) => E.min(E.max(x, min), max));

/** The bounds of `clamp`; one may be missing. */
export interface ClampOptions {
  readonly min?: Operand | null;
  readonly max?: Operand | null;
}

type ClampArguments = [min?: Operand | null | ClampOptions, max?: Operand | null];

/** The op that clamps to the bounds there are, and its operands. */
function clampTo(x: Tensor, [min, max]: ClampArguments): [TernaryOp["op"], Operand[]] {
  const bounds = isClampOptions(min) ? min : { min: min as Operand | null | undefined, max };
  const low = bounds.min ?? null;
  const high = bounds.max ?? null;
  if (low !== null && high !== null) return [clampBoth.op, [x, low, high]];
  if (low !== null) return [clampMin.op, [x, low]];
  if (high !== null) return [clampMax.op, [x, high]];
  throw new ValueError("clamp needs at least one of min and max");
}

/**
 * Elements below `min` become `min`, those above `max` become `max`: `x.clamp(0, 1)`, `x.clamp({ min: 0 })`. The bounds
 * are numbers or tensors that broadcast; where they cross, `max` wins. nan stays nan.
 *
 * @throws ValueError when neither bound is given; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([-2, 0.5, 3]).clamp(0, 1)));
 * // tensor([0.0000, 0.5000, 1.0000])
 * console.log(String(tensor([-2, 0.5, 3]).clamp({ max: 1 })));
 * // tensor([-2.0000,  0.5000,  1.0000])
 * ```
 */
export const clamp: {
  (x: Tensor, ...bounds: ClampArguments): Tensor;
  readonly op: TernaryOp["op"];
  readonly inPlace: (x: Tensor, ...bounds: ClampArguments) => Tensor;
} = Object.assign((x: Tensor, ...bounds: ClampArguments): Tensor => applyElementwise(...clampTo(x, bounds)), {
  op: clampBoth.op,
  inPlace: (x: Tensor, ...bounds: ClampArguments): Tensor => applyInPlace(...clampTo(x, bounds)),
});

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
