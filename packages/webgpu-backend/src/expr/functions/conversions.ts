import type { Library } from "../helpers.ts";

/** What does not fit an int32 gives the least one, and nan too; bytes wrap, and infinities and nan are 0. */
export const conversions: Library = {
  toInt: {
    code: `
fn toInt(x: f32) -> i32 {
  return select(-2147483647 - 1, i32(x), abs(x) < 2147483648.0);
}`,
  },
  toByte: {
    code: `
fn toByte(x: f32) -> i32 {
  return select(0, i32(x) & 255, abs(x) < 2147483648.0);
}`,
  },
  toHalf: {
    calls: ["inf", "isNan"],
    // A float past the largest half may become anything; halfway to the next power of two it has to be infinite.
    code: `
fn toHalf(x: f32) -> f16 {
  if (isNan(x)) { return f16(x); }
  if (abs(x) >= 65520.0) { return f16(select(inf(), -inf(), x < 0.0)); }
  return f16(clamp(x, -65504.0, 65504.0));
}`,
  },
};
