import type { Library } from "../helpers.ts";
import { polynomial } from "../polynomial.ts";

/** (tanh(x) - x) / x^3 in x^2, for |x| <= 0.625; fitted for the CPU (wasm/math32.ts). */
const TANH = [-0.3333333075, 0.1333320344, -0.05394636532, 0.02169817723, -0.008170394445, 0.00213593035];
/** (sinh(x) - x) / x^3 in x^2, for |x| <= 1. Source: Cephes, sinhf.c (Moshier 1992). */
const SINH = [1.66667160211e-1, 8.33028376239e-3, 2.03721912945e-4];

/** The hyperbolic functions and their inverses, to 4 units in the last place. */
export const hyperbolic: Library = {
  tanhOf: {
    calls: ["withSign", "isNan", "expScaled"],
    code: `
fn tanhOf(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  let t = abs(x);
  if (t < 1e-4) { return x; }
  if (t < 0.625) {
    let z = x * x;
    return x + x * z * ${polynomial("z", TANH)};
  }
  return withSign(1.0 - 2.0 / (expScaled(2.0 * min(t, 10.0), 0) + 1.0), x);
}`,
  },
  // Half of e^|x| first: e^|x| itself overflows before the result.
  sinhOf: {
    calls: ["withSign", "isNan", "expScaled"],
    code: `
fn sinhOf(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  if (abs(x) < 1.0) {
    let z = x * x;
    return x + x * z * ${polynomial("z", SINH)};
  }
  let h = expScaled(abs(x), -1);
  return withSign(h - 0.25 / h, x);
}`,
  },
  coshOf: {
    calls: ["expScaled"],
    code: `
fn coshOf(x: f32) -> f32 {
  let h = expScaled(abs(x), -1);
  return h + 0.25 / h;
}`,
  },
  // Source of the forms: fdlibm's s_asinh.c, e_acosh.c and e_atanh.c.
  asinhOf: {
    calls: ["withSign", "isNan", "isInf", "logOf", "log1pOf"],
    code: `
fn asinhOf(x: f32) -> f32 {
  if (isNan(x) || isInf(x)) { return x; }
  let t = abs(x);
  if (t < 1e-4) { return x; }
  if (t > 4096.0) { return withSign(logOf(t) + ${Math.fround(Math.LN2)}, x); }
  let z = t * t;
  return withSign(log1pOf(t + z / (1.0 + sqrt(1.0 + z))), x);
}`,
  },
  acoshOf: {
    calls: ["isNan", "nan", "logOf", "log1pOf"],
    code: `
fn acoshOf(x: f32) -> f32 {
  if (isNan(x) || x < 1.0) { return nan(); }
  if (x > 4096.0) { return logOf(x) + ${Math.fround(Math.LN2)}; }
  let t = x - 1.0;
  return log1pOf(t + sqrt(2.0 * t + t * t));
}`,
  },
  atanhOf: {
    calls: ["withSign", "isNan", "nan", "inf", "log1pOf"],
    code: `
fn atanhOf(x: f32) -> f32 {
  let t = abs(x);
  if (isNan(x) || t > 1.0) { return nan(); }
  if (t == 1.0) { return withSign(inf(), x); }
  if (t < 1e-4) { return x; }
  let twice = t + t;
  let y = select(twice / (1.0 - t), twice + twice * t / (1.0 - t), t < 0.5);
  return withSign(0.5 * log1pOf(y), x);
}`,
  },
};
