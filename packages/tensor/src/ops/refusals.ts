import { type DType, isFloat } from "@flambeau/backend";

/** Options of elementwise ops that do not take some dtypes: a reason, or undefined where the dtype is taken. */
export interface Refusal {
  readonly refuse: (dtype: DType) => string | undefined;
}

/** For `-x` and `a - b`. */
export const notBool: Refusal = {
  refuse: (dtype) =>
    dtype === "bool"
      ? "bool tensors cannot be subtracted or negated; use logicalNot or logicalXor"
      : undefined,
};

/** For the bit functions. */
export const notFloat: Refusal = {
  refuse: (dtype) => (isFloat(dtype) ? `bits are those of integers and bools; got ${dtype}` : undefined),
};
