/** The dtypes of results, by the dtypes alone. */
import { type DType, isFloat, promote } from "@flambeau/backend";
import { type Callable, callable } from "@flambeau/tensor";

const PROMOTE_TYPES = "promoteTypes(type1: dtype, type2: dtype)";

/**
 * The smallest dtype that holds the values of both: that of a result of two tensors with dimensions.
 *
 * @param type1 - one dtype.
 * @param type2 - the other.
 * @throws DTypeError when one is unknown.
 *
 * @example
 * ```ts
 * import { promoteTypes } from "@flambeau/ops";
 *
 * console.log(promoteTypes("int64", "float32"), promoteTypes("uint8", "bool"));
 * // float32 uint8
 * ```
 */
export const promoteTypes: Callable<typeof PROMOTE_TYPES, DType> = callable(PROMOTE_TYPES, promote);

const CAN_CAST = "canCast(from: dtype, to: dtype)";

interface Dtypes {
  /** The dtype of what is written. */
  readonly from: DType;
  /** The dtype of what it is written to. */
  readonly to: DType;
}

/**
 * Whether a result of one dtype may be written over a tensor of another: floats not over integers, numbers not over bools.
 *
 * @throws DTypeError when one is unknown.
 *
 * @example
 * ```ts
 * import { canCast } from "@flambeau/ops";
 *
 * console.log(canCast("float64", "float32"), canCast("float32", "int64"));
 * // true false
 * ```
 */
export const canCast: Callable<typeof CAN_CAST, boolean, Dtypes> = callable<typeof CAN_CAST, boolean, Dtypes>(
  CAN_CAST,
  (from, to) => (isFloat(from) ? isFloat(to) : from === "bool" || to !== "bool"),
);
