import { fma32 } from "./fma.ts";

// The logarithm, sine and cosine of PyTorch's AVX2 kernels, to the last bit: single precision throughout, with the
// products fused into the sums as the compiler fused them. Source: PyTorch 1.13, `aten/src/ATen/native/cpu/
// avx_mathfun.h`, after S. L. Moshier's Cephes library (logf, sinf, cosf), whose polynomials these are.

const { fround } = Math;
const word = new Int32Array(1);
const single = new Float32Array(word.buffer);

const SQRT_HALF = fround(Math.SQRT1_2);
/** ln 2 in two parts: one with few bits, and what is left. */
const LN2_HIGH = fround(0.693359375);
const LN2_LOW = fround(-2.1219444e-4);
const LOG = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(fround);

/** The natural logarithm of a float32 in (0, 1], normal numbers only. */
export function log32(value: number): number {
  single[0] = value;
  let exponent = (word[0] >>> 23) - 126;
  // The mantissa, in [0.5, 1).
  word[0] = (word[0] & 0x007fffff) | 0x3f000000;
  let x = single[0];
  if (x < SQRT_HALF) {
    exponent -= 1;
    x = fround(fround(x - 1) + x);
  } else {
    x = fround(x - 1);
  }
  const square = fround(x * x);
  let y = LOG[0];
  for (let i = 1; i < LOG.length; i++) y = fma32(y, x, LOG[i]);
  y = fma32(fround(y * x), square, fround(exponent * LN2_LOW));
  y = fma32(-square, 0.5, y);
  return fma32(exponent, LN2_HIGH, fround(x + y));
}

const FOUR_OVER_PI = fround(1.27323954473516);
/** Minus pi / 4 in three parts. */
const QUARTER_PI = [-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8].map(fround);
const SINE = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(fround);
const COSINE = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(fround);

/** The sine and cosine of an angle. */
export interface SineCosine {
  sine: number;
  cosine: number;
}

/** Writes into `result` the sine and cosine of a float32 that is not negative. */
export function sincos32(angle: number, result: SineCosine): void {
  const octant = (Math.trunc(fround(angle * FOUR_OVER_PI)) + 1) & ~1;
  let x = fma32(octant, QUARTER_PI[0], angle);
  x = fma32(octant, QUARTER_PI[1], x);
  x = fma32(octant, QUARTER_PI[2], x);
  const square = fround(x * x);
  let cosine = fround(fma32(fma32(COSINE[0], square, COSINE[1]), square, COSINE[2]) * square);
  cosine = fround(fma32(cosine, square, -fround(square * 0.5)) + 1);
  let sine = fround(fma32(fma32(SINE[0], square, SINE[1]), square, SINE[2]) * square);
  sine = fma32(sine, x, x);
  const swapped = (octant & 2) !== 0;
  const sineSign = (octant & 4) === 0 ? 1 : -1;
  const cosineSign = ((octant + 2) & 4) === 0 ? 1 : -1;
  result.sine = sineSign * (swapped ? cosine : sine);
  result.cosine = cosineSign * (swapped ? sine : cosine);
}
