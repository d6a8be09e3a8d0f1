import type { DType } from "./dtype.ts";

const EPSILON: Readonly<Partial<Record<DType, number>>> = {
  float16: 2 ** -10,
  bfloat16: 2 ** -7,
  float32: 2 ** -23,
  float64: 2 ** -52,
};

/**
 * The distance from 1 to the next number of a float dtype; 0 of other dtypes.
 *
 * @internal
 */
export function epsilonOf(dtype: DType): number {
  return EPSILON[dtype] ?? 0;
}
