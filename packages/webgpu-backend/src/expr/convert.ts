import { type DType, isFloat } from "@flambeau/backend";
import type { Helpers } from "./helpers.ts";

/**
 * The WGSL type in which an expression of a compute dtype is evaluated: f32 for floats, float16 too; i32 for the rest,
 * uint8 as 0 to 255 and bool as 0 and 1.
 */
export function valueType(compute: DType): "f32" | "i32" {
  return isFloat(compute) ? "f32" : "i32";
}

/** A stored element (of `elementType(dtype)`) as a value of the compute dtype. */
export function loaded(dtype: DType, compute: DType, element: string, helpers: Helpers): string {
  const type = valueType(dtype);
  const isNative = dtype === "float32" || dtype === "int32" || dtype === "int64";
  return converted(isNative ? element : `${type}(${element})`, dtype, compute, helpers);
}

/** A value of the compute dtype as an element to store. */
export function stored(compute: DType, dtype: DType, value: string, helpers: Helpers): string {
  const converted_ = converted(value, compute, dtype, helpers);
  if (dtype === "bool" || dtype === "uint8") return `u32(${converted_})`;
  return dtype === "float16" ? helpers.call("toHalf", converted_) : converted_;
}

/** A value of one dtype as a value of another: integers wrap, floats truncate, anything but 0 is true. */
export function converted(value: string, from: DType, to: DType, helpers: Helpers): string {
  if (from === to) return value;
  if (isFloat(to)) return isFloat(from) ? value : `f32(${value})`;
  if (isFloat(from)) {
    if (to === "bool") return `select(0, 1, (bitcast<u32>(${value}) & 0x7fffffffu) != 0u)`;
    return helpers.call(to === "uint8" ? "toByte" : "toInt", value);
  }
  if (from === "bool") return value;
  if (to === "bool") return `select(0, 1, ${value} != 0)`;
  return to === "uint8" ? `(${value} & 255)` : value;
}
