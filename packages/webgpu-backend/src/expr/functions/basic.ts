import type { Library } from "../helpers.ts";

/** Functions of float32. Infinities and nan are told by their bits: compilers may assume that they do not occur. */
export const basic: Library = {
  isNan: {
    code: `
fn isNan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}`,
  },
  // A variable keeps compilers from evaluating it, which would be an error for what is not finite.
  fromBits: {
    code: `
fn fromBits(bits: u32) -> f32 {
  var word = bits;
  return bitcast<f32>(word);
}`,
  },
  inf: {
    calls: ["fromBits"],
    code: `
fn inf() -> f32 {
  return fromBits(0x7f800000u);
}`,
  },
  nan: {
    calls: ["fromBits"],
    code: `
fn nan() -> f32 {
  return fromBits(0x7fc00000u);
}`,
  },
  // Whole numbers in the order of the floats, -0 before 0: compilers may take comparisons of zeros as they like.
  orderOf: {
    code: `
fn orderOf(x: f32) -> i32 {
  let bits = bitcast<i32>(x);
  return select(bits, bits ^ 0x7fffffff, bits < 0);
}`,
  },
  floatMax: {
    calls: ["isNan", "nan", "orderOf"],
    code: `
fn floatMax(a: f32, b: f32) -> f32 {
  if (isNan(a) || isNan(b)) { return nan(); }
  return select(b, a, orderOf(a) > orderOf(b));
}`,
  },
  floatMin: {
    calls: ["isNan", "nan", "orderOf"],
    code: `
fn floatMin(a: f32, b: f32) -> f32 {
  if (isNan(a) || isNan(b)) { return nan(); }
  return select(b, a, orderOf(a) < orderOf(b));
}`,
  },
  // Of nan as of zeros it is 0.
  sgn: {
    code: `
fn sgn(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let magnitude = bits & 0x7fffffffu;
  if (magnitude == 0u || magnitude > 0x7f800000u) { return 0.0; }
  return select(1.0, -1.0, (bits >> 31u) == 1u);
}`,
  },
  root: {
    calls: ["nan"],
    code: `
fn root(x: f32) -> f32 {
  if (x < 0.0) { return nan(); }
  return sqrt(x);
}`,
  },
  // The magnitude of one number with the sign of another, zeros included.
  withSign: {
    code: `
fn withSign(magnitude: f32, sign: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(magnitude) & 0x7fffffffu) | (bitcast<u32>(sign) & 0x80000000u));
}`,
  },
  isInf: {
    code: `
fn isInf(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u;
}`,
  },
  // x - x; compilers may take it for zero, whatever x is.
  selfDifference: {
    calls: ["isNan", "isInf", "nan"],
    code: `
fn selfDifference(x: f32) -> f32 {
  if (isNan(x) || isInf(x)) { return nan(); }
  return 0.0;
}`,
  },
  // x times a zero; compilers take the product with a constant zero for zero, whatever x is.
  timesZero: {
    calls: ["isNan", "isInf", "nan"],
    code: `
fn timesZero(x: f32, zero: f32) -> f32 {
  if (isNan(x) || isInf(x)) { return nan(); }
  return bitcast<f32>((bitcast<u32>(x) ^ bitcast<u32>(zero)) & 0x80000000u);
}`,
  },
};
