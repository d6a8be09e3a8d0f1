import { type DType, DTypeError, dtypeOfArray, isHalf, type TypedArray, ValueError } from "@flambeau/backend";

/** A typed array of floating point numbers. */
export type FloatArray = Float32Array | Float64Array;

/** Refuses an array that cannot hold fractions. */
export function checkFloat(name: string, out: TypedArray): void {
  if (out instanceof Float32Array || out instanceof Float64Array) return;
  throw new DTypeError(`${name} fills floating point tensors only, but this one is ${dtypeOfArray(out)}`);
}

/** Refuses a dtype that the array does not hold (`bool` shares its arrays with `uint8`), and fills in a missing one. */
export function checkedDType(out: TypedArray, dtype: DType | undefined): DType {
  const own = dtypeOfArray(out);
  if (dtype === undefined || dtype === own) return own;
  if (dtype === "bool" && own === "uint8") return dtype;
  if (isHalf(dtype) && own === "float32") return dtype;
  throw new DTypeError(`an array of ${own} elements cannot be filled as ${dtype}`);
}

/** Refuses an argument for which `valid` is false; NaN never is valid. */
export function checkArgument(valid: boolean, message: string): void {
  if (!valid) throw new ValueError(message);
}
