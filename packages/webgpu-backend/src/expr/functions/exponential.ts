import type { Library } from "../helpers.ts";
import { float, polynomial } from "../polynomial.ts";

// Polynomials fitted for the CPU's float32 kernels (cpu-backend's wasm/math32.ts).
/** (e^r - 1 - r) / r^2 for |r| <= ln(2) / 2. */
const EXP = [0.4999999305, 0.1666651479, 0.04166845641, 0.008369418645, 0.001381316973];
/** (log(1 + r) - r + r^2 / 2) / r^3 for sqrt(1/2) <= 1 + r <= sqrt(2). */
const LOG = [
  0.3333331229, -0.250000091, 0.2000214246, -0.1666804593, 0.1421906395, -0.1240428931, 0.1189071203,
  -0.1168524725, 0.06752707391,
];
// The upper part has few bits, so that its products with exponents are exact. Source: Cephes, expf.c (Moshier 1992).
const LN2_HI = 0.693359375;
const LN2_LO = -2.1219444e-4;
// log10(2) in the same way.
const LOG10_2_HI = 0.30078125;
const LOG10_2_LO = 2.4874566398119521e-4;

/** e^x, logarithms and their kin, to 2 units in the last place. */
export const exponential: Library = {
  // 2^k for -252 <= k <= 254 as a factor in two steps: the last alone rounds or overflows.
  scaled: {
    code: `
fn scaled(x: f32, k: i32) -> f32 {
  let half = k >> 1u;
  return x * bitcast<f32>((half + 127) << 23u) * bitcast<f32>((k - half + 127) << 23u);
}`,
  },
  // e^r - 1 for |r| <= ln(2) / 2.
  expRest: {
    code: `
fn expRest(r: f32) -> f32 {
  return ${polynomial("r", EXP)} * (r * r) + r;
}`,
  },
  // x = k ln(2) + r: the rest r, for k = round(x / ln(2)).
  expReduced: {
    code: `
fn expReduced(x: f32, k: f32) -> f32 {
  return (x - k * ${float(LN2_HI)}) - k * ${float(LN2_LO)};
}`,
  },
  // e^x 2^extra.
  expScaled: {
    calls: ["isNan", "scaled", "expRest", "expReduced"],
    code: `
fn expScaled(x: f32, extra: i32) -> f32 {
  if (isNan(x)) { return x; }
  let bounded = clamp(x, -105.0, 91.0);
  let k = round(bounded * ${float(Math.LOG2E)});
  return scaled(1.0 + expRest(expReduced(bounded, k)), i32(k) + extra);
}`,
  },
  expOf: {
    calls: ["expScaled"],
    code: `
fn expOf(x: f32) -> f32 {
  return expScaled(x, 0);
}`,
  },
  expm1: {
    calls: ["expScaled", "expRest", "expReduced"],
    code: `
fn expm1(x: f32) -> f32 {
  if (x == 0.0) { return x; }
  if (!(x > -18.0 && x < 40.0)) { return expScaled(x, 0) - 1.0; }
  let k = round(x * ${float(Math.LOG2E)});
  let power = bitcast<f32>((i32(k) + 127) << 23u);
  return power * expRest(expReduced(x, k)) + (power - 1.0);
}`,
  },
  // log(1 + r) for sqrt(1/2) <= 1 + r <= sqrt(2).
  logRest: {
    code: `
fn logRest(r: f32) -> f32 {
  let z = r * r;
  return r + (z * r * ${polynomial("r", LOG)} - 0.5 * z);
}`,
  },
  // A positive, finite number as 2^e (1 + r), e first.
  logParts: {
    code: `
fn logParts(x: f32) -> vec2<f32> {
  let tiny = x < 1.17549435e-38;
  let bits = bitcast<i32>(select(x, x * 8388608.0, tiny));
  let above = bits - 0x3f3504f3;
  let r = bitcast<f32>(bits - (above & i32(0xff800000u))) - 1.0;
  return vec2<f32>(f32(above >> 23u) - select(0.0, 23.0, tiny), r);
}`,
  },
  // Whether x is positive and finite; otherwise logEnd is the logarithm.
  logEnd: {
    calls: ["isNan", "inf", "nan"],
    code: `
fn logEnd(x: f32) -> f32 {
  if (x == 0.0) { return -inf(); }
  if (isNan(x) || x < 0.0) { return nan(); }
  return x;
}`,
  },
  isRegular: {
    code: `
fn isRegular(x: f32) -> bool {
  let bits = bitcast<u32>(x);
  return x > 0.0 && bits < 0x7f800000u;
}`,
  },
  logOf: {
    calls: ["isRegular", "logEnd", "logParts"],
    code: `
fn logOf(x: f32) -> f32 {
  if (!isRegular(x)) { return logEnd(x); }
  let parts = logParts(x);
  let r = parts.y;
  let z = r * r;
  let rest = parts.x * ${float(LN2_LO)} + z * r * ${polynomial("r", LOG)} - 0.5 * z;
  return parts.x * ${float(LN2_HI)} + (r + rest);
}`,
  },
  log2Of: {
    calls: ["isRegular", "logEnd", "logParts", "logRest"],
    code: `
fn log2Of(x: f32) -> f32 {
  if (!isRegular(x)) { return logEnd(x); }
  let parts = logParts(x);
  return parts.x + logRest(parts.y) * ${float(Math.LOG2E)};
}`,
  },
  log10Of: {
    calls: ["isRegular", "logEnd", "logParts", "logRest"],
    code: `
fn log10Of(x: f32) -> f32 {
  if (!isRegular(x)) { return logEnd(x); }
  let parts = logParts(x);
  let rest = logRest(parts.y) * ${float(Math.LOG10E)};
  return parts.x * ${float(LOG10_2_HI)} + (rest + parts.x * ${float(LOG10_2_LO)});
}`,
  },
  // 1 + x = 2^k (1 + f) with f found without rounding 1 + x: for k = 0 it is x itself.
  log1pOf: {
    calls: ["isRegular", "logEnd", "logOf", "logRest"],
    code: `
fn log1pOf(x: f32) -> f32 {
  if (abs(x) < 1e-7) { return x; }
  if (!(x > -1.0) || x > 1e8) { return logOf(1.0 + x); }
  let k = (bitcast<i32>(1.0 + x) - 0x3f3504f3) >> 23u;
  let scale = bitcast<f32>((127 - k) << 23u);
  let f = x * scale + (scale - 1.0);
  let e = f32(k);
  return e * ${float(LN2_HI)} + (logRest(f) + e * ${float(LN2_LO)});
}`,
  },
};
