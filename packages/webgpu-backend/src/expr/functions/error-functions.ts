import type { Library } from "../helpers.ts";
import { float, polynomial } from "../polynomial.ts";

// Fitted for the CPU (wasm/math32.ts): (erf(x) - x) / x in x^2 for |x| <= 0.9277, and (log(1 - erf(t)) + t) / t for
// 0.9277 <= t <= 4.1, whose form is N. Juffa's.
const ERF_LOW = [
  0.1283791666, -0.3761263351, 0.1128369106, -0.0268591296, 0.005200334884, -0.0008134578633, 8.335166104e-5,
];
const ERF_HIGH = [
  -0.1286719274, -0.6350508688, -0.1064126215, 0.02392258695, -0.00372312656, 0.0003439362282,
  -1.348481653e-5,
];
// Rational approximations of the complement. Source: FreeBSD's msun/src/s_erf.c (fdlibm, Sun 1993), in float32.
const C = 8.45062911510467529297e-1;
const P1 = [
  -2.36211856075265944077e-3, 4.14856118683748331666e-1, -3.72207876035701323847e-1,
  3.18346619901161753674e-1, -1.10894694282396677476e-1, 3.54783043256182359371e-2, -2.166375594868790843e-3,
];
const Q1 = [
  1, 1.06420880400844228286e-1, 5.40397917702171048937e-1, 7.18286544141962662868e-2,
  1.26171219808761642112e-1, 1.36370839120290507362e-2, 1.1984499846799107417e-2,
];
const P2 = [
  -9.86494403484714822705e-3, -6.93858572707181764372e-1, -1.05586262253232909814e1,
  -6.23753324503260060396e1, -1.62396669462573470355e2, -1.84605092906711035994e2, -8.12874355063065934246e1,
  -9.81432934416914548592,
];
const Q2 = [
  1, 1.96512716674392571292e1, 1.376577541435190426e2, 4.34565877475229228821e2, 6.45387271733267880336e2,
  4.29008140027567833386e2, 1.08635005541779435134e2, 6.57024977031928170135, -6.04244152148580987438e-2,
];
const P3 = [
  -9.86494292470009928597e-3, -7.99283237680523006574e-1, -1.77579549177547519889e1,
  -1.60636384855821916062e2, -6.37566443368389627722e2, -1.02509513161107724954e3, -4.83519191608651397019e2,
];
const Q3 = [
  1, 3.03380607434824582924e1, 3.25792512996573918826e2, 1.53672958608443695994e3, 3.19985821950859553908e3,
  2.55305040643316442583e3, 4.74528541206955367215e2, -2.24409524465858183362e1,
];
// The inverse's first guess in w = -log(1 - x^2). Source: M. Giles, "Approximating the erfinv function" (2010).
const INVERSE_LOW = [
  1.50140941, 0.246640727, -0.00417768164, -0.00125372503, 0.00021858087, -4.39150654e-6, -3.5233877e-6,
  3.43273939e-7, 2.81022636e-8,
];
const INVERSE_HIGH = [
  2.83297682, 1.00167406, 0.00943887047, -0.0076224613, 0.00573950773, -0.00367342844, 0.00134934322,
  0.000100950558, -0.000200214257,
];

/** The error function, its complement and its inverse, to 4 units in the last place. */
export const errorFunctions: Library = {
  erfOf: {
    calls: ["isNan", "withSign", "expScaled"],
    code: `
fn erfOf(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  let t = min(abs(x), 4.1);
  // By itself, as a small part of a small number may be flushed to zero.
  if (t < 1e-4) { return x * 1.1283791671; }
  if (t <= 0.927734375) {
    let z = x * x;
    return x + x * ${polynomial("z", ERF_LOW)};
  }
  return withSign(1.0 - expScaled(t * ${polynomial("t", ERF_HIGH)} - t, 0), x);
}`,
  },
  // erfc from 1.25 on. The square in two parts, or its rounding error would grow with it.
  erfcTail: {
    calls: ["expScaled"],
    code: `
fn erfcTail(x: f32) -> f32 {
  let s = 1.0 / (x * x);
  var ratio: f32;
  if (x < 2.857143) {
    ratio = ${polynomial("s", P2)} / ${polynomial("s", Q2)};
  } else {
    ratio = ${polynomial("s", P3)} / ${polynomial("s", Q3)};
  }
  let z = bitcast<f32>(bitcast<u32>(x) & 0xffffe000u);
  return expScaled(-z * z - 0.5625, 0) * expScaled((z - x) * (z + x) + ratio, 0) / x;
}`,
  },
  erfcOf: {
    calls: ["isNan", "erfcTail"],
    code: `
fn erfcOf(x: f32) -> f32 {
  if (isNan(x)) { return x; }
  let t = abs(x);
  if (t < 0.84375) {
    let z = x * x;
    let r = x * ${polynomial("z", ERF_LOW)};
    if (x < 0.25) { return 1.0 - (x + r); }
    return 0.5 - (r + (x - 0.5));
  }
  if (t >= 10.1) { return select(0.0, 2.0, x < 0.0); }
  var y: f32;
  if (t < 1.25) {
    let s = t - 1.0;
    y = ${float(1 - C)} - ${polynomial("s", P1)} / ${polynomial("s", Q1)};
  } else {
    y = erfcTail(t);
  }
  return select(y, 2.0 - y, x < 0.0);
}`,
  },
  // A guess, and one step of Newton's method; where y is near 1 it compares complements.
  erfinvOf: {
    calls: ["isNan", "nan", "inf", "withSign", "logOf", "expScaled", "erfOf", "erfcOf"],
    code: `
fn erfinvOf(y: f32) -> f32 {
  let t = abs(y);
  if (isNan(y) || t > 1.0) { return nan(); }
  if (t == 1.0) { return withSign(inf(), y); }
  if (t < 1e-4) { return y * 0.88622692545; }
  let w = -logOf((1.0 - t) * (1.0 + t));
  var x: f32;
  if (w < 5.0) {
    let v = w - 2.5;
    x = t * ${polynomial("v", INVERSE_LOW)};
  } else {
    let v = sqrt(w) - 3.0;
    x = t * ${polynomial("v", INVERSE_HIGH)};
  }
  var error: f32;
  if (t > 0.5) { error = (1.0 - t) - erfcOf(x); } else { error = erfOf(x) - t; }
  return withSign(x - error * 0.88622692545 * expScaled(x * x, 0), y);
}`,
  },
};
