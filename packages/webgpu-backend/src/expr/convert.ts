import { type DType, isFloat } from "@flambeau/backend";
import type { Helpers } from "./helpers.ts";

/** int64 in WGSL, in storage as in expressions: two words, the low one first. */
export const LONG = "vec2<u32>";

/** The WGSL type of values of a compute dtype. */
export type ValueType = "f32" | "i32" | typeof LONG;

/**
 * The WGSL type in which an expression of a compute dtype is evaluated: f32 for floats, float16 too; two words for int64;
 * i32 for the rest, uint8 as 0 to 255 and bool as 0 and 1.
 */
export function valueType(compute: DType): ValueType {
  if (isFloat(compute)) return "f32";
  return compute === "int64" ? LONG : "i32";
}

/** The dtype in which elements of a dtype are summed and multiplied: the one that its `valueType` holds in full. */
export function wideDType(dtype: DType): "float32" | "int64" | "int32" {
  if (isFloat(dtype)) return "float32";
  return dtype === "int64" ? "int64" : "int32";
}

/** A stored element (of `elementType(dtype)`) as a value of the compute dtype. */
export function loaded(dtype: DType, compute: DType, element: string, helpers: Helpers): string {
  const isNative = dtype === "float32" || dtype === "int32" || dtype === "int64";
  return converted(isNative ? element : `${valueType(dtype)}(${element})`, dtype, compute, helpers);
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
  if (isFloat(to)) {
    if (isFloat(from)) return value;
    return from === "int64" ? helpers.call("longToFloat", value) : `f32(${value})`;
  }
  if (isFloat(from)) {
    if (to === "bool") return `select(0, 1, (bitcast<u32>(${value}) & 0x7fffffffu) != 0u)`;
    return helpers.call(to === "uint8" ? "toByte" : to === "int64" ? "longFromFloat" : "toInt", value);
  }
  if (to === "int64") return helpers.call("longOf", value);
  if (from === "int64") {
    return to === "bool" ? `select(0, 1, any(${value} != ${LONG}()))` : inByte(`i32((${value}).x)`, to);
  }
  if (from === "bool") return value;
  return to === "bool" ? `select(0, 1, ${value} != 0)` : inByte(value, to);
}

function inByte(value: string, to: DType): string {
  return to === "uint8" ? `(${value} & 255)` : value;
}
