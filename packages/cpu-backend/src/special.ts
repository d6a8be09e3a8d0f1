import { erfRatios } from "@flambeau/backend";

const { small, nearOne, one, tail, farTail } = erfRatios;

function polynomial(coefficients: readonly number[], x: number): number {
  let y = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) y = y * x + coefficients[i];
  return y;
}

function ratio(polynomials: readonly (readonly number[])[], x: number): number {
  return polynomial(polynomials[0], x) / polynomial(polynomials[1], x);
}

/** The error function, to about one unit in the last place of a double. Source: fdlibm's s_erf.c. */
export function erf(x: number): number {
  const t = Math.abs(x);
  if (t < 0.84375) return x + x * ratio(small, x * x);
  const y = t < 1.25 ? one + ratio(nearOne, t - 1) : 1 - upperTail(t);
  return x < 0 ? -y : y;
}

/** 1 - erf(x) without cancellation for large x. Source: fdlibm's s_erf.c. */
export function erfc(x: number): number {
  const t = Math.abs(x);
  if (t < 0.84375) {
    const r = x * ratio(small, x * x);
    return x < 0.25 ? 1 - (x + r) : 0.5 - (r + (x - 0.5));
  }
  const y = t < 1.25 ? 1 - one - ratio(nearOne, t - 1) : upperTail(t);
  return x < 0 ? 2 - y : y;
}

/** erfc from 1.25 on; nan stays nan. */
function upperTail(x: number): number {
  if (x >= 28) return 0;
  const s = 1 / (x * x);
  const rest = ratio(x < 1 / 0.35 ? tail : farTail, s);
  // exp(-x * x) with x * x in two parts: a rounding error of the square would grow with it.
  const z = Math.fround(x);
  return (Math.exp(-z * z - 0.5625) * Math.exp((z - x) * (z + x) + rest)) / x;
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
