// Coefficients of the error function's rational approximations, from FreeBSD's msun/src/s_erf.c (fdlibm, Sun 1993).
// Each list runs from the constant term up.
const C = 8.45062911510467529297e-1;
const P0 = [
  1.28379167095512558561e-1, -3.2504210724700149937e-1, -2.84817495755985104766e-2,
  -5.77027029648944159157e-3, -2.37630166566501626084e-5,
];
const Q0 = [
  1, 3.97917223959155352819e-1, 6.50222499887672944485e-2, 5.08130628187576562776e-3,
  1.32494738004321644526e-4, -3.9602282787753681232e-6,
];
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

function polynomial(coefficients: readonly number[], x: number): number {
  let y = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) y = y * x + coefficients[i];
  return y;
}

/** The error function, to about one unit in the last place of a double. Source: fdlibm's s_erf.c. */
export function erf(x: number): number {
  const t = Math.abs(x);
  if (t < 0.84375) return x + x * (polynomial(P0, x * x) / polynomial(Q0, x * x));
  const y = t < 1.25 ? C + polynomial(P1, t - 1) / polynomial(Q1, t - 1) : 1 - upperTail(t);
  return x < 0 ? -y : y;
}

/** 1 - erf(x) without cancellation for large x. Source: fdlibm's s_erf.c. */
export function erfc(x: number): number {
  const t = Math.abs(x);
  if (t < 0.84375) {
    const r = x * (polynomial(P0, x * x) / polynomial(Q0, x * x));
    return x < 0.25 ? 1 - (x + r) : 0.5 - (r + (x - 0.5));
  }
  const y = t < 1.25 ? 1 - C - polynomial(P1, t - 1) / polynomial(Q1, t - 1) : upperTail(t);
  return x < 0 ? 2 - y : y;
}

/** erfc from 1.25 on; nan stays nan. */
function upperTail(x: number): number {
  if (x >= 28) return 0;
  const s = 1 / (x * x);
  const ratio = x < 1 / 0.35 ? polynomial(P2, s) / polynomial(Q2, s) : polynomial(P3, s) / polynomial(Q3, s);
  // exp(-x * x) with x * x in two parts: a rounding error of the square would grow with it.
  const z = Math.fround(x);
  return (Math.exp(-z * z - 0.5625) * Math.exp((z - x) * (z + x) + ratio)) / x;
}

const A = [0.886226899, -1.645349621, 0.914624893, -0.140543331];
const B = [1, -2.118377725, 1.442710462, -0.329097515, 0.012229801];
const D = [-1.970840454, -1.62490649, 3.429567803, 1.641345311];
const F = [1, 3.5438892, 1.6370678];

/**
 * The inverse of the error function: a rational first guess (the coefficients of PyTorch's calc_erfinv in
 * aten/src/ATen/native/Math.h), then two steps of Halley's method. They compare
 * complements where y is near 1, which keeps full precision there.
 */
export function erfinv(y: number): number {
  const t = Math.abs(y);
  if (!(t < 1)) return t === 1 ? y * Infinity : NaN;
  if (t < 1e-9) return y * 0.886226925452758;
  let x: number;
  if (t <= 0.7) x = (t * polynomial(A, t * t)) / polynomial(B, t * t);
  else {
    const z = Math.sqrt(-Math.log((1 - t) / 2));
    x = polynomial(D, z) / polynomial(F, z);
  }
  for (let step = 0; step < 2; step++) {
    const error = t > 0.5 ? 1 - t - erfc(x) : erf(x) - t;
    const newton = (error * 0.886226925452758) / Math.exp(-x * x);
    x -= newton / (1 + x * newton);
  }
  return y < 0 ? -x : x;
}
