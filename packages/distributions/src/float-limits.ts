import type { DType } from "@flambeau/backend";

/** What numpy and PyTorch call finfo. */
export interface FloatLimits {
  /** The distance of 1 from the next larger number. */
  readonly eps: number;
  /** The smallest positive number with all its digits. */
  readonly tiny: number;
  /** The largest number. */
  readonly max: number;
}

const HALF: FloatLimits = { eps: 2 ** -10, tiny: 2 ** -14, max: 65504 };
const BRAIN: FloatLimits = { eps: 2 ** -7, tiny: 2 ** -126, max: (2 - 2 ** -7) * 2 ** 127 };
const SINGLE: FloatLimits = { eps: 2 ** -23, tiny: 2 ** -126, max: (2 - 2 ** -23) * 2 ** 127 };
const DOUBLE: FloatLimits = { eps: 2 ** -52, tiny: 2 ** -1022, max: Number.MAX_VALUE };

/** The limits of a floating point dtype; those of float32 for any other. */
export function limitsOf(dtype: DType): FloatLimits {
  if (dtype === "float64") return DOUBLE;
  if (dtype === "bfloat16") return BRAIN;
  return dtype === "float16" ? HALF : SINGLE;
}
