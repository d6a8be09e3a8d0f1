import type { DType } from "@flambeau/backend";
import { floatFolds as float32Folds } from "./float32/fold-number.ts";
import type { Folds } from "./fold.ts";
import { bigintFolds } from "./fold-bigint.ts";
import { intFolds } from "./fold-int.ts";
import { floatFolds } from "./fold-number.ts";

/** The dtypes of accumulators: float64 for floats, int32 for small integers, int64. */
export type AccumulatorDType = "float64" | "int32" | "int64";

// They differ in element types only; one type without a union keeps reduce.ts to one piece of code.
export type AnyFolds = Folds<Float64Array, number, Float64Array>;

/** The folds for elements of a dtype and accumulators of another. */
export function foldsFor(elements: DType, accumulators: AccumulatorDType): AnyFolds {
  if (elements === "float32") return float32Folds as unknown as AnyFolds;
  return (accumulators === "int64"
    ? bigintFolds
    : accumulators === "int32"
      ? intFolds
      : floatFolds) as unknown as AnyFolds;
}
