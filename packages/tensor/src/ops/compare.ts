/**
 * Comparisons, logic and bits, elementwise. None has a derivative.
 *
 * @module
 */
import { E } from "@flambeau/backend";
import { type BinaryOp, binaryOp, elementwise, type UnaryOp, unaryOp } from "../elementwise.ts";
import { notFloat } from "./refusals.ts";

const bool = { result: "bool" } as const;

/**
 * Whether `input` equals `other`; nan equals nothing.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { eq, tensor } from "@flambeau/tensor";
 *
 * console.log(String(eq(tensor([1, 2, 3]), 2)));
 * // tensor([False,  True, False])
 * ```
 */
export const eq: BinaryOp = binaryOp("eq", (a, b) => E.eq(a, b), bool);
/**
 * Whether `input` differs from `other`.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { ne, tensor } from "@flambeau/tensor";
 *
 * console.log(String(ne(tensor([1, 2, 3]), 2)));
 * // tensor([ True, False,  True])
 * ```
 */
export const ne: BinaryOp = binaryOp("ne", (a, b) => E.ne(a, b), bool);
/**
 * Whether `input` is less than `other`.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { lt, tensor } from "@flambeau/tensor";
 *
 * console.log(String(lt(tensor([1, 2, 3]), 2)));
 * // tensor([ True, False, False])
 * ```
 */
export const lt: BinaryOp = binaryOp("lt", (a, b) => E.lt(a, b), bool);
/**
 * Whether `input` is at most `other`.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { le, tensor } from "@flambeau/tensor";
 *
 * console.log(String(le(tensor([1, 2, 3]), 2)));
 * // tensor([ True,  True, False])
 * ```
 */
export const le: BinaryOp = binaryOp("le", (a, b) => E.le(a, b), bool);
/**
 * Whether `input` is greater than `other`.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { gt, tensor } from "@flambeau/tensor";
 *
 * console.log(String(gt(tensor([1, 2, 3]), 2)));
 * // tensor([False, False,  True])
 * ```
 */
export const gt: BinaryOp = binaryOp("gt", (a, b) => E.gt(a, b), bool);
/**
 * Whether `input` is at least `other`.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { ge, tensor } from "@flambeau/tensor";
 *
 * console.log(String(ge(tensor([1, 2, 3]), 2)));
 * // tensor([False,  True,  True])
 * ```
 */
export const ge: BinaryOp = binaryOp("ge", (a, b) => E.ge(a, b), bool);

/**
 * Whether both are non-zero.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { logicalAnd, tensor } from "@flambeau/tensor";
 *
 * console.log(String(logicalAnd(tensor([true, true]), tensor([true, false]))));
 * // tensor([ True, False])
 * ```
 */
export const logicalAnd: BinaryOp = binaryOp("logicalAnd", (a, b) => E.mul(E.ne(a, 0), E.ne(b, 0)), bool);
/**
 * Whether at least one is non-zero.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { logicalOr, tensor } from "@flambeau/tensor";
 *
 * console.log(String(logicalOr(tensor([false, true]), tensor([false, false]))));
 * // tensor([False,  True])
 * ```
 */
export const logicalOr: BinaryOp = binaryOp("logicalOr", (a, b) => E.max(E.ne(a, 0), E.ne(b, 0)), bool);
/**
 * Whether exactly one is non-zero.
 *
 * @throws ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { logicalXor, tensor } from "@flambeau/tensor";
 *
 * console.log(String(logicalXor(tensor([true, true]), tensor([true, false]))));
 * // tensor([False,  True])
 * ```
 */
export const logicalXor: BinaryOp = binaryOp("logicalXor", (a, b) => E.ne(E.ne(a, 0), E.ne(b, 0)), bool);
/**
 * Whether it is zero.
 *
 * @example
 * ```ts
 * import { logicalNot, tensor } from "@flambeau/tensor";
 *
 * console.log(String(logicalNot(tensor([0, 2]))));
 * // tensor([ True, False])
 * ```
 */
export const logicalNot: UnaryOp = unaryOp("logicalNot", (x) => E.eq(x, 0), bool);

/**
 * Whether it is not a number.
 *
 * @example
 * ```ts
 * import { isnan, tensor } from "@flambeau/tensor";
 *
 * console.log(String(isnan(tensor([1, Number.NaN]))));
 * // tensor([False,  True])
 * ```
 */
export const isnan: UnaryOp = unaryOp("isnan", (x) => E.ne(x, x), bool);
/**
 * Whether it is infinite.
 *
 * @example
 * ```ts
 * import { isinf, tensor } from "@flambeau/tensor";
 *
 * console.log(String(isinf(tensor([1, Number.POSITIVE_INFINITY]))));
 * // tensor([False,  True])
 * ```
 */
export const isinf: UnaryOp = unaryOp(
  "isinf",
  (x) => {
    const difference = E.sub(x, x);
    return E.mul(E.eq(x, x), E.ne(difference, difference));
  },
  bool,
);
/**
 * Whether it is neither infinite nor nan.
 *
 * @example
 * ```ts
 * import { isfinite, tensor } from "@flambeau/tensor";
 *
 * console.log(String(isfinite(tensor([1, Number.POSITIVE_INFINITY, Number.NaN]))));
 * // tensor([ True, False, False])
 * ```
 */
export const isfinite: UnaryOp = unaryOp("isfinite", (x) => E.eq(E.sub(x, x), 0), bool);

const bits = { ...notFloat, differentiable: false };
/**
 * Bitwise and; logical and for bools.
 *
 * @throws DTypeError for floats; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { bitwiseAnd, tensor } from "@flambeau/tensor";
 *
 * console.log(String(bitwiseAnd(tensor([6n]), 3)));
 * // tensor([2])
 * ```
 */
export const bitwiseAnd: BinaryOp = binaryOp("bitwiseAnd", (a, b) => E.bitand(a, b), bits);
/**
 * Bitwise or; logical or for bools.
 *
 * @throws DTypeError for floats; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { bitwiseOr, tensor } from "@flambeau/tensor";
 *
 * console.log(String(bitwiseOr(tensor([6n]), 3)));
 * // tensor([7])
 * ```
 */
export const bitwiseOr: BinaryOp = binaryOp("bitwiseOr", (a, b) => E.bitor(a, b), bits);
/**
 * Bitwise exclusive or; logical for bools.
 *
 * @throws DTypeError for floats; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * import { bitwiseXor, tensor } from "@flambeau/tensor";
 *
 * console.log(String(bitwiseXor(tensor([6n]), 3)));
 * // tensor([5])
 * ```
 */
export const bitwiseXor: BinaryOp = binaryOp("bitwiseXor", (a, b) => E.bitxor(a, b), bits);

const invert = unaryOp("bitwiseNot", (x) => E.bitnot(x), bits);
/**
 * Every bit turned over; logical not for bools.
 *
 * @throws DTypeError for floats.
 *
 * @example
 * ```ts
 * import { bitwiseNot, tensor } from "@flambeau/tensor";
 *
 * console.log(String(bitwiseNot(tensor([0n, 6n]))));
 * // tensor([-1, -7])
 * ```
 */
export const bitwiseNot: UnaryOp = elementwise(
  "bitwiseNot(input)" as "unary(input)",
  invert.op,
  (x) => (x.dtype === "bool" ? logicalNot(x) : invert(x)),
  invert.inPlace,
);
