/** Where erf passes from one formula to the other. */
const BEND = 0.84375;
/**
 * erf(x) / x - 1 in x^2 below 0.84375, as a quotient: from FreeBSD's msun/src/s_erf.c (fdlibm, Sun 1993). Lists run from
 * the constant term up.
 */
const P0 = [
  1.28379167095512558561e-1, -3.2504210724700149937e-1, -2.84817495755985104766e-2,
  -5.77027029648944159157e-3, -2.37630166566501626084e-5, 0,
];
const Q0 = [
  1, 3.97917223959155352819e-1, 6.50222499887672944485e-2, 5.08130628187576562776e-3,
  1.32494738004321644526e-4, -3.9602282787753681232e-6,
];
/** exp(t^2) erfc(t) (1 + 2 t) in (t - 4) / (t + 4) from there to 28: interpolated at Chebyshev's points with 50 digits. */
const TAIL = [
  1.2329951186255526, -0.1396211168405615, 0.01537965210261794, 0.06809705425455499, -0.10103906603618852,
  0.09373283500387916, -0.0663303658154351, 0.0371675154360589, -0.0161977340079009, 0.0050319709938602,
  -0.000757773761732, -0.0001992627480172, 0.0001506244979912, -2.43769602474e-5, -1.1232594726e-5,
  5.6592965406e-6, 3.17873891e-7, -7.578555e-7, 4.3862202e-8, 6.2043267e-8,
];

/** Of an even number of coefficients: two sums side by side, since each step of one waits for the last. */
function polynomial(coefficients: readonly number[], x: number): number {
  const square = x * x;
  let even = 0;
  let odd = 0;
  for (let i = coefficients.length - 2; i >= 0; i -= 2) {
    even = even * square + coefficients[i];
    odd = odd * square + coefficients[i + 1];
  }
  return even + x * odd;
}

/** The error function, to about one unit in the last place of a double. */
export function erf(x: number): number {
  const t = Math.abs(x);
  if (t < BEND) return x + x * (polynomial(P0, x * x) / polynomial(Q0, x * x));
  const y = 1 - upperTail(t);
  return x < 0 ? -y : y;
}

/** 1 - erf(x) without cancellation for large x. */
export function erfc(x: number): number {
  const t = Math.abs(x);
  if (t < BEND) return 1 - erf(x);
  return x < 0 ? 2 - upperTail(t) : upperTail(t);
}

/** erfc from the bend on; nan stays nan. */
function upperTail(t: number): number {
  if (t >= 28) return 0;
  const scaled = polynomial(TAIL, (t - 4) / (t + 4)) / (1 + 2 * t);
  // exp(-t * t) with t * t in two parts: a rounding error of the square would grow with it.
  const z = Math.fround(t);
  return Math.exp(-z * z) * (Math.exp((z - t) * (z + t)) * scaled);
}

const A = [0.886226899, -1.645349621, 0.914624893, -0.140543331];
const B = [1, -2.118377725, 1.442710462, -0.329097515, 0.012229801, 0];
const D = [-1.970840454, -1.62490649, 3.429567803, 1.641345311];
const F = [1, 3.5438892, 1.6370678, 0];

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
