import type { Library } from "../helpers.ts";
import { float, polynomial } from "../polynomial.ts";

// Source of the polynomials, for |r| <= pi / 4 unless noted: Cephes, sinf.c, tanf.c, asinf.c, atanf.c (Moshier 1992).
const SIN = [-1.6666654611e-1, 8.3321608736e-3, -1.9515295891e-4];
const COS = [4.166664568298827e-2, -1.388731625493765e-3, 2.443315711809948e-5];
const TAN = [
  3.33331568548e-1, 1.33387994085e-1, 5.34112807005e-2, 2.44301354525e-2, 3.11992232697e-3, 9.38540185543e-3,
];
/** (asin(x) - x) / x^3 in x^2, for |x| <= 1/2. */
const ASIN = [1.6666752422e-1, 7.4953002686e-2, 4.5470025998e-2, 2.4181311049e-2, 4.2163199048e-2];
/** (atan(x) - x) / x^3 in x^2, for |x| <= tan(pi / 8). */
const ATAN = [-3.33329491539e-1, 1.99777106478e-1, -1.38776856032e-1, 8.05374449538e-2];

/** pi / 2 in parts; the first three have 12 bits, so that products with up to 2^12 are exact. */
const HALF_PI = [1.5703125, 4.837512969970703e-4, 7.549533620476723e-8, 2.5633440682570896e-12];
/** Past this, reduction by parts loses bits. */
const BY_PARTS = 1600;

/** 32 zero bits, then the first bits of 2 / pi: enough for the largest exponent. */
const TWO_OVER_PI = [
  0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab, 0xdebbc561,
];

/** Sine and its kin for arguments of any size, to 4 units in the last place, and their inverses. */
export const trigonometric: Library = {
  mulHigh: {
    code: `
fn mulHigh(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let middle = ah * bl + ((al * bl) >> 16u);
  let other = al * bh + (middle & 0xffffu);
  return ah * bh + (middle >> 16u) + (other >> 16u);
}`,
  },
  // x = q pi / 2 + r for a large x: r, and q modulo 4. Only the bits of 2 / pi that matter for this exponent are
  // multiplied. Source: Payne and Hanek, "Radian Reduction for Trigonometric Functions" (1983).
  reduceLarge: {
    calls: ["mulHigh"],
    code: `
fn reduceLarge(x: f32) -> vec2<f32> {
  var table = array<u32, 9>(${TWO_OVER_PI.map((word) => `${word}u`).join(", ")});
  let bits = bitcast<u32>(x) & 0x7fffffffu;
  let m = (bits & 0x007fffffu) | 0x00800000u;
  let start = (bits >> 23u) - 120u;
  let word = start >> 5u;
  let shift = start & 31u;
  var w0 = table[word];
  var w1 = table[word + 1u];
  var w2 = table[word + 2u];
  if (shift > 0u) {
    let back = 32u - shift;
    w0 = (w0 << shift) | (w1 >> back);
    w1 = (w1 << shift) | (w2 >> back);
    w2 = (w2 << shift) | (table[word + 3u] >> back);
  }
  // The lower 96 bits of the product with the mantissa; the upper two of them are q.
  let low = mulHigh(w2, m);
  let middle = w1 * m + low;
  let carry = select(0u, 1u, middle < low);
  var high = w0 * m + mulHigh(w1, m) + carry;
  var next = middle;
  var q = high >> 30u;
  var negative = false;
  high = (high << 2u) | (next >> 30u);
  next = (next << 2u) | ((w2 * m) >> 30u);
  // A rest above one half belongs to the next quarter turn.
  if (high >= 0x80000000u) {
    q = q + 1u;
    negative = true;
    next = ~next + 1u;
    high = ~high + select(0u, 1u, next == 0u);
  }
  let zeros = countLeadingZeros(high);
  if (zeros > 0u && zeros < 32u) {
    high = (high << zeros) | (next >> (32u - zeros));
  }
  var r = f32(high) * ${float(Math.PI / 2 / 2 ** 32)} * bitcast<f32>((127u - zeros) << 23u);
  if (negative != (x < 0.0)) { r = -r; }
  return vec2<f32>(r, select(f32(q & 3u), f32((4u - q) & 3u), x < 0.0));
}`,
  },
  // The rest in [-pi / 4, pi / 4] and the number of quarter turns modulo 4, of a finite x.
  quarters: {
    calls: ["reduceLarge"],
    code: `
fn quarters(x: f32) -> vec2<f32> {
  if (abs(x) > ${BY_PARTS}.0) { return reduceLarge(x); }
  let k = round(x * ${float(2 / Math.PI)});
  let r = ((x - k * ${float(HALF_PI[0])}) - k * ${float(HALF_PI[1])}) - k * ${float(HALF_PI[2])};
  return vec2<f32>(r - k * ${float(HALF_PI[3])}, f32(i32(k) & 3));
}`,
  },
  sinRest: {
    code: `
fn sinRest(r: f32) -> f32 {
  let z = r * r;
  return r + r * z * ${polynomial("z", SIN)};
}`,
  },
  cosRest: {
    code: `
fn cosRest(r: f32) -> f32 {
  let z = r * r;
  return 1.0 - (0.5 * z - z * z * ${polynomial("z", COS)});
}`,
  },
  sinOf: {
    calls: ["isNan", "isInf", "nan", "quarters", "sinRest", "cosRest"],
    code: `
fn sinOf(x: f32) -> f32 {
  if (isNan(x) || isInf(x)) { return nan(); }
  if (abs(x) < 1e-4) { return x; }
  let reduced = quarters(x);
  let q = u32(reduced.y);
  var y: f32;
  if ((q & 1u) == 0u) { y = sinRest(reduced.x); } else { y = cosRest(reduced.x); }
  return select(y, -y, q >= 2u);
}`,
  },
  cosOf: {
    calls: ["isNan", "isInf", "nan", "quarters", "sinRest", "cosRest"],
    code: `
fn cosOf(x: f32) -> f32 {
  if (isNan(x) || isInf(x)) { return nan(); }
  let reduced = quarters(x);
  let q = u32(reduced.y);
  var y: f32;
  if ((q & 1u) == 0u) { y = cosRest(reduced.x); } else { y = sinRest(reduced.x); }
  return select(y, -y, q == 1u || q == 2u);
}`,
  },
  tanOf: {
    calls: ["isNan", "isInf", "nan", "quarters"],
    code: `
fn tanOf(x: f32) -> f32 {
  if (isNan(x) || isInf(x)) { return nan(); }
  if (abs(x) < 1e-4) { return x; }
  let reduced = quarters(x);
  let r = reduced.x;
  let z = r * r;
  let y = r + r * z * ${polynomial("z", TAN)};
  if ((u32(reduced.y) & 1u) == 0u) { return y; }
  return -1.0 / y;
}`,
  },
  asinRest: {
    code: `
fn asinRest(x: f32) -> f32 {
  let z = x * x;
  return x + x * z * ${polynomial("z", ASIN)};
}`,
  },
  asinOf: {
    calls: ["isNan", "nan", "withSign", "asinRest"],
    code: `
fn asinOf(x: f32) -> f32 {
  let t = abs(x);
  if (isNan(x) || t > 1.0) { return nan(); }
  if (t < 1e-4) { return x; }
  if (t <= 0.5) { return asinRest(x); }
  return withSign(${float(Math.PI / 2)} - 2.0 * asinRest(sqrt(0.5 * (1.0 - t))), x);
}`,
  },
  acosOf: {
    calls: ["isNan", "nan", "asinRest"],
    code: `
fn acosOf(x: f32) -> f32 {
  let t = abs(x);
  if (isNan(x) || t > 1.0) { return nan(); }
  if (t <= 0.5) { return ${float(Math.PI / 2)} - asinRest(x); }
  let y = 2.0 * asinRest(sqrt(0.5 * (1.0 - t)));
  return select(y, ${float(Math.PI)} - y, x < 0.0);
}`,
  },
  // For 0 <= t, infinite too.
  atanPositive: {
    calls: ["isInf"],
    code: `
fn atanPositive(t: f32) -> f32 {
  if (isInf(t)) { return ${float(Math.PI / 2)}; }
  var start = 0.0;
  var x = t;
  if (t > 2.414213562373095) {
    start = ${float(Math.PI / 2)};
    x = -1.0 / t;
  } else if (t > 0.4142135623730950) {
    start = ${float(Math.PI / 4)};
    x = (t - 1.0) / (t + 1.0);
  }
  let z = x * x;
  return start + (x + x * z * ${polynomial("z", ATAN)});
}`,
  },
  atanOf: {
    calls: ["isNan", "withSign", "atanPositive"],
    code: `
fn atanOf(x: f32) -> f32 {
  if (isNan(x) || abs(x) < 1e-4) { return x; }
  return withSign(atanPositive(abs(x)), x);
}`,
  },
  atan2Of: {
    calls: ["isNan", "isInf", "nan", "withSign", "atanPositive"],
    code: `
fn atan2Of(y: f32, x: f32) -> f32 {
  if (isNan(x) || isNan(y)) { return nan(); }
  var a = abs(y);
  var b = abs(x);
  // Of two infinities the angle is that of two ones, of two zeros 0; quotients with huge divisors may be flushed.
  if (isInf(a) && isInf(b)) {
    a = 1.0;
    b = 1.0;
  }
  if (max(a, b) > 1e30) {
    a = a * 1e-10;
    b = b * 1e-10;
  }
  let swap = a > b;
  let ratio = select(a / b, b / a, swap);
  var angle = select(atanPositive(ratio), 0.0, max(a, b) == 0.0);
  if (isInf(max(a, b))) { angle = 0.0; }
  if (swap) { angle = ${float(Math.PI / 2)} - angle; }
  if ((bitcast<u32>(x) >> 31u) == 1u) { angle = ${float(Math.PI)} - angle; }
  return withSign(angle, y);
}`,
  },
};
