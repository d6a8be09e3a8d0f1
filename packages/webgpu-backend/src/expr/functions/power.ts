import type { Library } from "../helpers.ts";
import { float, polynomial } from "../polynomial.ts";

// Coefficients of fdlibm's e_powf.c (Sun 1993; float form by Ian Lance Taylor, Cygnus): of the logarithm's series in
// the square of s = (m - 1) / (m + 1), and of e^x.
const LOG = [
  6.0000002384e-1, 4.2857143283e-1, 3.3333334327e-1, 2.7272811532e-1, 2.306607514e-1, 2.0697501302e-1,
];
const EXP = [1.6666667163e-1, -2.777777845e-3, 6.613755977e-5, -1.6533901999e-6, 4.1381369442e-8];

/** x^y to 2 units in the last place, after fdlibm's e_powf.c: the logarithm is kept in two floats. */
export const power: Library = {
  // The upper half of the bits: products of two such numbers are exact, whether or not they are fused with an addition.
  upper: {
    code: `
fn upper(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) & 0xfffff000u);
}`,
  },
  // log2(x) of a positive, finite x, the upper part with 12 bits.
  log2Parts: {
    calls: ["upper"],
    code: `
fn log2Parts(x: f32) -> vec2<f32> {
  let tiny = x < 1.17549435e-38;
  let bits = bitcast<i32>(select(x, x * 16777216.0, tiny));
  // The mantissa is seen from 1 or from 3/2, whichever is nearer.
  var e = (bits >> 23u) - 127 - select(0, 24, tiny);
  let fraction = bits & 0x007fffff;
  var m = bitcast<f32>(fraction | 0x3f800000);
  var center = 1.0;
  var high = 0.0;
  var low = 0.0;
  if (fraction > 0x5db3d6) {
    e = e + 1;
    m = 0.5 * m;
  } else if (fraction > 0x1cc471) {
    center = 1.5;
    high = 5.84960938e-1;
    low = 1.56322085e-6;
  }
  let u = m - center;
  let v = 1.0 / (m + center);
  let s = u * v;
  let sHigh = upper(s);
  let tHigh0 = upper(m + center);
  let tLow0 = m - (tHigh0 - center);
  let sLow = v * ((u - sHigh * tHigh0) - sHigh * tLow0);
  let s2 = s * s;
  let r = s2 * s2 * ${polynomial("s2", LOG)} + sLow * (sHigh + s);
  let square = sHigh * sHigh;
  let tHigh = upper(3.0 + square + r);
  let tLow = r - ((tHigh - 3.0) - square);
  let p = sHigh * tHigh;
  let q = sLow * tHigh + tLow * s;
  let pHigh = upper(p + q);
  let pLow = q - (pHigh - p);
  // 2 / (3 ln(2)) in two parts.
  let zHigh = 9.6191406250e-1 * pHigh;
  let zLow = -1.1736857402e-4 * pHigh + pLow * 9.6179670095e-1 + low;
  let n = f32(e);
  let sum = upper(((zHigh + zLow) + high) + n);
  return vec2<f32>(sum, zLow - (((sum - n) - high) - zHigh));
}`,
  },
  // 2^(a + b), where a + b is rounded.
  exp2Parts: {
    calls: ["inf", "upper", "scaled"],
    code: `
fn exp2Parts(a: f32, b: f32) -> f32 {
  let z = a + b;
  if (z >= 128.5) { return inf(); }
  if (z < -151.0) { return 0.0; }
  let n = round(z);
  let rest = a - n;
  let t = upper(b + rest);
  let u = t * 6.93145752e-1;
  let v = (b - (t - rest)) * ${float(Math.LN2)} + t * 1.42860654e-6;
  let x = u + v;
  let w = v - (x - u);
  let x2 = x * x;
  let c = x - x2 * ${polynomial("x2", EXP)};
  let r = (x * c) / (c - 2.0) - (w + x * w);
  return scaled(1.0 - (r - x), i32(n));
}`,
  },
  powOf: {
    calls: ["isNan", "isInf", "nan", "inf", "upper", "log2Parts", "exp2Parts"],
    code: `
fn powOf(x: f32, y: f32) -> f32 {
  if (x == 1.0 || y == 0.0) { return 1.0; }
  if (isNan(x) || isNan(y)) { return nan(); }
  if (y == 2.0) { return x * x; }
  let t = abs(x);
  if (isInf(y)) {
    if (t == 1.0) { return 1.0; }
    return select(0.0, inf(), (t > 1.0) == (y > 0.0));
  }
  let whole = trunc(y) == y;
  let odd = whole && abs(y) < 16777216.0 && (i32(y) & 1) != 0;
  let sign = select(1.0, -1.0, odd && (bitcast<u32>(x) >> 31u) == 1u);
  if (t == 0.0) { return sign * select(inf(), 0.0, y > 0.0); }
  if (isInf(x)) { return sign * select(0.0, inf(), y > 0.0); }
  if (x < 0.0 && !whole) { return nan(); }
  if (t == 1.0) { return sign; }
  let log = log2Parts(t);
  // Far outside in any case; the products below would not be numbers.
  if (abs(y) > 1e30) { return sign * select(0.0, inf(), (log.x > 0.0) == (y > 0.0)); }
  let yHigh = upper(y);
  return sign * exp2Parts(yHigh * log.x, (y - yHigh) * log.x + y * log.y);
}`,
  },
};
