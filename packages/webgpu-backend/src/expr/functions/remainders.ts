import type { Library } from "../helpers.ts";

/** Remainders are exact; quotients are, as far as float32 goes. */
export const remainders: Library = {
  // A positive, finite number as mantissa and exponent: m 2^(e - 150).
  mantissaOf: {
    code: `
fn mantissaOf(x: f32) -> vec2<u32> {
  let bits = bitcast<u32>(x) & 0x7fffffffu;
  let e = bits >> 23u;
  return vec2<u32>(select((bits & 0x007fffffu) | 0x00800000u, bits, e == 0u), max(e, 1u));
}`,
  },
  // Long division, eight bits at a time.
  fmodOf: {
    calls: ["isNan", "isInf", "nan", "withSign", "mantissaOf"],
    code: `
fn fmodOf(a: f32, b: f32) -> f32 {
  if (isNan(a) || isNan(b) || isInf(a) || b == 0.0) { return nan(); }
  if (abs(a) < abs(b)) { return a; }
  let p = mantissaOf(a);
  let q = mantissaOf(b);
  var left = p.y - q.y;
  var r = p.x % q.x;
  while (left > 0u && r > 0u) {
    let step = min(left, 8u);
    r = (r << step) % q.x;
    left = left - step;
  }
  // 2^(e - 150) in two steps, as it may be no normal number by itself.
  let e = i32(q.y) - 150;
  let half = e / 2;
  let x = f32(r) * bitcast<f32>((half + 127) << 23u) * bitcast<f32>((e - half + 127) << 23u);
  return withSign(x, a);
}`,
  },
  modOf: {
    calls: ["fmodOf"],
    code: `
fn modOf(a: f32, b: f32) -> f32 {
  let r = fmodOf(a, b);
  if (r != 0.0 && (r < 0.0) != (b < 0.0)) { return r + b; }
  return r;
}`,
  },
  // Source: CPython's float_floor_div, as PyTorch has it in aten/src/ATen/native/cpu/BinaryOpsKernel.cpp.
  floorDiv: {
    calls: ["fmodOf", "withSign"],
    code: `
fn floorDiv(a: f32, b: f32) -> f32 {
  if (b == 0.0) { return a / b; }
  let r = fmodOf(a, b);
  var q = (a - r) / b;
  // A whole number but for the rounding of the division.
  if (abs(q) < 4194304.0) { q = round(q); }
  if (r != 0.0 && (b < 0.0) != (r < 0.0)) { q = q - 1.0; }
  if (q == 0.0) { return withSign(0.0, select(1.0, -1.0, (a < 0.0) != (b < 0.0))); }
  return floor(q);
}`,
  },
  truncDiv: {
    code: `
fn truncDiv(a: f32, b: f32) -> f32 {
  return trunc(a / b);
}`,
  },
};
