import { checkDType, type DType, DTypeError, isFloat } from "@flambeau/backend";

let defaultDType: DType = "float32";

/**
 * The dtype that plain numbers take, "float32" unless changed.
 *
 * @example
 * ```ts
 * import { getDefaultDType } from "@flambeau/tensor";
 *
 * console.log(getDefaultDType());
 * // float32
 * ```
 */
export function getDefaultDType(): DType {
  return defaultDType;
}

/**
 * Changes the dtype that plain numbers take.
 *
 * @throws DTypeError when it is no floating-point dtype.
 *
 * @example
 * ```ts
 * import { setDefaultDType, tensor } from "@flambeau/tensor";
 *
 * setDefaultDType("float64");
 * console.log(tensor([1.5]).dtype);
 * // float64
 * setDefaultDType("float32");
 * ```
 */
export function setDefaultDType(dtype: DType): void {
  if (!isFloat(checkDType(dtype)))
    throw new DTypeError(`the default dtype is a floating-point one; got ${dtype}`);
  defaultDType = dtype;
}
