/**
 * Comparisons, logic and bits, elementwise. None has a derivative.
 *
 * @module
 */
import { type DType, E, isFloat } from "@flambeau/backend";
import { type BinaryOp, binaryOp, type UnaryOp, unaryOp } from "../elementwise.ts";
import type { Tensor } from "../tensor.ts";

const bool = { result: "bool" } as const;

/** Whether `a` equals `b`; nan equals nothing. */
export const eq: BinaryOp = binaryOp("eq", (a, b) => E.eq(a, b), bool);
/** Whether `a` differs from `b`. */
export const ne: BinaryOp = binaryOp("ne", (a, b) => E.ne(a, b), bool);
/** Whether `a` is less than `b`. */
export const lt: BinaryOp = binaryOp("lt", (a, b) => E.lt(a, b), bool);
/** Whether `a` is at most `b`. */
export const le: BinaryOp = binaryOp("le", (a, b) => E.le(a, b), bool);
/** Whether `a` is greater than `b`. */
export const gt: BinaryOp = binaryOp("gt", (a, b) => E.gt(a, b), bool);
/** Whether `a` is at least `b`. */
export const ge: BinaryOp = binaryOp("ge", (a, b) => E.ge(a, b), bool);

/** Whether both are non-zero. */
export const logicalAnd: BinaryOp = binaryOp("logicalAnd", (a, b) => E.mul(E.ne(a, 0), E.ne(b, 0)), bool);
/** Whether at least one is non-zero. */
export const logicalOr: BinaryOp = binaryOp("logicalOr", (a, b) => E.max(E.ne(a, 0), E.ne(b, 0)), bool);
/** Whether exactly one is non-zero. */
export const logicalXor: BinaryOp = binaryOp("logicalXor", (a, b) => E.ne(E.ne(a, 0), E.ne(b, 0)), bool);
/** Whether it is zero. */
export const logicalNot: UnaryOp = unaryOp("logicalNot", (x) => E.eq(x, 0), bool);

/** Whether it is not a number. */
export const isnan: UnaryOp = unaryOp("isnan", (x) => E.ne(x, x), bool);
/** Whether it is infinite. */
export const isinf: UnaryOp = unaryOp("isinf", (x) => E.mul(E.eq(x, x), E.ne(E.sub(x, x), E.sub(x, x))), bool);
/** Whether it is neither infinite nor nan. */
export const isfinite: UnaryOp = unaryOp("isfinite", (x) => E.eq(E.sub(x, x), 0), bool);

const bits = {
  differentiable: false,
  refuse: (dtype: DType): string | undefined =>
    isFloat(dtype) ? `bits are those of integers and bools; got ${dtype}` : undefined,
};
/** Bitwise and; logical and for bools. */
export const bitwiseAnd: BinaryOp = binaryOp("bitwiseAnd", (a, b) => E.bitand(a, b), bits);
/** Bitwise or; logical or for bools. */
export const bitwiseOr: BinaryOp = binaryOp("bitwiseOr", (a, b) => E.bitor(a, b), bits);
/** Bitwise exclusive or; logical for bools. */
export const bitwiseXor: BinaryOp = binaryOp("bitwiseXor", (a, b) => E.bitxor(a, b), bits);

const invert = unaryOp("bitwiseNot", (x) => E.bitnot(x), bits);
/**
 * Every bit turned over; logical not for bools.
 *
 * @throws DTypeError for floats.
 */
export const bitwiseNot: UnaryOp = Object.assign(
  (x: Tensor): Tensor => (x.dtype === "bool" ? logicalNot(x) : invert(x)),
  { op: invert.op },
);
