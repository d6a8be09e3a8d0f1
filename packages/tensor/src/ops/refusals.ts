import { type DType, DTypeError, isFloat, quote } from "@flambeau/backend";
import { checkHolds, isWhole, resultType } from "../promotion.ts";
import { type Operand, type Scalar, Tensor } from "../tensor.ts";

/** Options of elementwise ops that do not take some operands: a reason, or undefined where they are taken. */
export interface Refusal {
  readonly refuse: (dtype: DType, operands: readonly Operand[], name: string) => string | undefined;
}

/** For `-x` and `a - b`: PyTorch refuses a mask on either side, whatever the other is. */
export const notBool: Refusal = {
  refuse: (_, operands) => {
    for (const x of operands) {
      if (x instanceof Tensor ? x.dtype === "bool" : typeof x === "boolean") {
        return "bool tensors cannot be subtracted or negated; use logicalNot or logicalXor, or convert with .to()";
      }
    }
    return undefined;
  },
};

/** For functions of numbers that have no meaning for truth values, as in PyTorch. */
export const notAllBool: Refusal = {
  refuse: (dtype) =>
    dtype === "bool" ? "it takes numbers, not bool tensors; convert with .to()" : undefined,
};

/** For `addcdiv`, whose quotient of two integers PyTorch once rounded and now refuses. */
export const notIntegerQuotient: Refusal = {
  refuse: (_, [, b, c]) =>
    b instanceof Tensor && c instanceof Tensor && !isFloat(b.dtype) && !isFloat(c.dtype)
      ? "it divides floats, not integers; convert one with .to()"
      : undefined,
};

/** For the bit functions. */
export const notFloat: Refusal = {
  refuse: (dtype) => (isFloat(dtype) ? `bits are those of integers and bools; got ${dtype}` : undefined),
};

/** For bounds: a plain one that an integer dtype cannot hold would wrap, to one that cuts other elements off. */
export const heldBounds: Refusal = {
  refuse: (dtype, operands, name) => {
    if (!isFloat(dtype)) for (const x of operands) if (!(x instanceof Tensor)) checkHolds(name, dtype, x);
    return undefined;
  },
};

/** For `hardtanh`, whose bounds have to be values of its operand's dtype, which is not bool. */
export const heldNumbers: Refusal = {
  refuse: (dtype, operands, name) => {
    const [x, min] = operands;
    if (!(x instanceof Tensor)) return undefined;
    if (x.dtype === "bool") return "it takes numbers, not bool tensors; convert with .to()";
    if (x.dtype === "uint8" && typeof min === "number" && min < 0)
      return `uint8 has no values below zero, and a bound is ${min}`;
    return heldBounds.refuse(dtype, operands, name);
  },
};

/** For functions that say something of fractions only. */
export const onlyFloat: Refusal = {
  refuse: (dtype) => (isFloat(dtype) ? undefined : `it takes floats; got ${dtype}`),
};

/**
 * Refuses a factor with a fraction (`alpha`, `beta`, `value`) where everything else is an integer, and so is the result.
 *
 * @throws DTypeError
 */
export function checkFactor(what: string, name: string, factor: Scalar, operands: readonly Operand[]): void {
  if (isWhole(factor) || isFloat(resultType(operands))) return;
  throw new DTypeError(`${what}: ${name} ${quote(factor)} is no integer, and the operands are`);
}
