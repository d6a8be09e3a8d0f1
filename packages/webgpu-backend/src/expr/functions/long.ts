import type { Library } from "../helpers.ts";

/**
 * Functions of int64, which WGSL does not have: two u32 words, the low one first. All wrap at 64 bits, as the CPU does;
 * division by zero gives 0.
 */
export const long: Library = {
  longOf: {
    code: `
fn longOf(x: i32) -> vec2<u32> {
  return vec2<u32>(u32(x), u32(x >> 31u));
}`,
  },
  longAdd: {
    code: `
fn longAdd(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let low = a.x + b.x;
  return vec2<u32>(low, a.y + b.y + select(0u, 1u, low < a.x));
}`,
  },
  longSub: {
    code: `
fn longSub(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  return vec2<u32>(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}`,
  },
  longNeg: {
    calls: ["longSub"],
    code: `
fn longNeg(x: vec2<u32>) -> vec2<u32> {
  return longSub(vec2<u32>(), x);
}`,
  },
  longAbs: {
    calls: ["longNeg"],
    code: `
fn longAbs(x: vec2<u32>) -> vec2<u32> {
  return select(x, longNeg(x), (x.y >> 31u) == 1u);
}`,
  },
  longSign: {
    code: `
fn longSign(x: vec2<u32>) -> vec2<u32> {
  if ((x.y >> 31u) == 1u) { return vec2<u32>(0xffffffffu); }
  return vec2<u32>(select(0u, 1u, any(x != vec2<u32>())), 0u);
}`,
  },
  longLess: {
    code: `
fn longLess(a: vec2<u32>, b: vec2<u32>) -> bool {
  return select(i32(a.y) < i32(b.y), a.x < b.x, a.y == b.y);
}`,
  },
  // The low words' product by halves of 16 bits; of the others' only the low word counts.
  longMul: {
    code: `
fn longMul(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let a0 = a.x & 0xffffu;
  let a1 = a.x >> 16u;
  let b0 = b.x & 0xffffu;
  let b1 = b.x >> 16u;
  let first = a1 * b0 + ((a0 * b0) >> 16u);
  let second = a0 * b1 + (first & 0xffffu);
  let high = a1 * b1 + (first >> 16u) + (second >> 16u);
  return vec2<u32>(a.x * b.x, high + a.x * b.y + a.y * b.x);
}`,
  },
  // Of magnitudes: bit by bit from the highest, unless both are single words.
  longDivWhole: {
    calls: ["longSub"],
    code: `
fn longDivWhole(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  if ((a.y | b.y) == 0u) { return vec2<u32>(a.x / b.x, 0u); }
  var quotient = vec2<u32>();
  var rest = vec2<u32>();
  for (var i = 0u; i < 64u; i++) {
    let bit = select(a.y >> (31u - (i & 31u)), a.x >> (31u - (i & 31u)), i > 31u) & 1u;
    let overflow = rest.y >> 31u;
    rest = vec2<u32>((rest.x << 1u) | bit, (rest.y << 1u) | (rest.x >> 31u));
    quotient = vec2<u32>(quotient.x << 1u, (quotient.y << 1u) | (quotient.x >> 31u));
    if (overflow == 1u || rest.y > b.y || (rest.y == b.y && rest.x >= b.x)) {
      rest = longSub(rest, b);
      quotient.x |= 1u;
    }
  }
  return quotient;
}`,
  },
  longDiv: {
    calls: ["longAbs", "longNeg", "longDivWhole"],
    code: `
fn longDiv(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  if (all(b == vec2<u32>())) { return b; }
  let quotient = longDivWhole(longAbs(a), longAbs(b));
  return select(quotient, longNeg(quotient), ((a.y ^ b.y) >> 31u) == 1u);
}`,
  },
  longFmod: {
    calls: ["longDiv", "longMul", "longSub"],
    code: `
fn longFmod(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  if (all(b == vec2<u32>())) { return b; }
  return longSub(a, longMul(b, longDiv(a, b)));
}`,
  },
  longMod: {
    calls: ["longFmod", "longAdd"],
    code: `
fn longMod(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  let rest = longFmod(a, b);
  return select(rest, longAdd(rest, b), any(rest != vec2<u32>()) && ((a.y ^ b.y) >> 31u) == 1u);
}`,
  },
  longFloorDiv: {
    calls: ["longMod", "longSub", "longDiv"],
    code: `
fn longFloorDiv(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
  return longDiv(longSub(a, longMod(a, b)), b);
}`,
  },
  // As intPow.
  longPow: {
    calls: ["longMul"],
    code: `
fn longPow(base: vec2<u32>, exponent: vec2<u32>) -> vec2<u32> {
  let one = vec2<u32>(1u, 0u);
  if ((exponent.y >> 31u) == 1u) {
    if (all(base == one)) { return one; }
    if (any(base != vec2<u32>(0xffffffffu))) { return vec2<u32>(); }
    return select(base, one, (exponent.x & 1u) == 0u);
  }
  var result = one;
  var square = base;
  var e = exponent;
  while ((e.x | e.y) != 0u) {
    if ((e.x & 1u) != 0u) { result = longMul(result, square); }
    square = longMul(square, square);
    e = vec2<u32>((e.x >> 1u) | (e.y << 31u), e.y >> 1u);
  }
  return result;
}`,
  },
  // Rounded to the nearest float, halves to the even one: its 24 bits are the topmost of 64.
  longToFloat: {
    calls: ["longAbs"],
    code: `
fn longToFloat(x: vec2<u32>) -> f32 {
  let size = longAbs(x);
  if (all(size == vec2<u32>())) { return 0.0; }
  let zeros = select(countLeadingZeros(size.y), 32u + countLeadingZeros(size.x), size.y == 0u);
  let shift = zeros & 31u;
  var top = vec2<u32>(size.x << shift, (size.y << shift) | ((size.x >> 1u) >> (31u - shift)));
  if (zeros > 31u) { top = vec2<u32>(0u, size.x << shift); }
  let isUp = (top.y & 0x80u) != 0u && ((top.y & 0x17fu) | top.x) != 0u;
  let digits = f32((top.y >> 8u) + select(0u, 1u, isUp));
  let value = digits * bitcast<f32>((167u - zeros) << 23u);
  return select(value, -value, (x.y >> 31u) == 1u);
}`,
  },
  // By its bits: what does not fit gives the least int64, and so do infinities and nan.
  longFromFloat: {
    calls: ["longNeg"],
    code: `
fn longFromFloat(x: f32) -> vec2<u32> {
  let bits = bitcast<u32>(x);
  let exponent = (bits >> 23u) & 0xffu;
  if (exponent < 127u) { return vec2<u32>(); }
  if (exponent > 189u) { return vec2<u32>(0u, 0x80000000u); }
  let digits = (bits & 0x7fffffu) | 0x800000u;
  var size = vec2<u32>(digits >> (min(150u - min(exponent, 150u), 31u)), 0u);
  if (exponent > 150u) {
    let shift = (exponent - 150u) & 31u;
    size = vec2<u32>(digits << shift, (digits >> 1u) >> (31u - shift));
    if (exponent > 181u) { size = vec2<u32>(0u, digits << shift); }
  }
  return select(size, longNeg(size), (bits >> 31u) == 1u);
}`,
  },
};
