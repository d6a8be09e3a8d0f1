import { type DType, isFloat } from "@flambeau/backend";
import { type Operand, Tensor } from "../tensor.ts";

/** Options of elementwise ops that do not take some operands: a reason, or undefined where they are taken. */
export interface Refusal {
  readonly refuse: (dtype: DType, operands: readonly Operand[]) => string | undefined;
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

/** For `hardtanh`, whose bounds have to be values of its operand's dtype. */
export const signed: Refusal = {
  refuse: (_, [x, min]) => {
    if (!(x instanceof Tensor)) return undefined;
    if (x.dtype === "uint8" && typeof min === "number" && min < 0)
      return `uint8 has no values below zero, and a bound is ${min}`;
    return x.dtype === "bool" ? "it takes numbers, not bool tensors; convert with .to()" : undefined;
  },
};

/** For the bit functions. */
export const notFloat: Refusal = {
  refuse: (dtype) => (isFloat(dtype) ? `bits are those of integers and bools; got ${dtype}` : undefined),
};

/** For functions that say something of fractions only. */
export const onlyFloat: Refusal = {
  refuse: (dtype) => (isFloat(dtype) ? undefined : `it takes floats; got ${dtype}`),
};
