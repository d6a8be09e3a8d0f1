import { digammaOf } from "@flambeau/special";
import type { Generator } from "@flambeau/tensor";

/** Rounds to the dtype in which PyTorch computes a part of the formula. */
export type Round = (x: number) => number;

// Single precision constants of PyTorch's code.
const THIRD = Math.fround(1 / 3);
const SQUEEZE = Math.fround(0.0331);
const [NEAR_ZERO, BELOW_MEAN, ABOVE_MEAN] = [0.8, 0.9, 1.1].map(Math.fround);

/**
 * A sample of the gamma distribution of a shape parameter and scale 1.
 *
 * Source: Marsaglia and Tsang, "A simple method for generating gamma variables" (2000), as in PyTorch 1.13's `sample_gamma`.
 */
export function sampleGamma(generator: Generator, alpha: number, round: Round): number {
  let scale = 1;
  if (alpha < 1) {
    if (alpha === 0) return 0;
    scale = (1 - generator.uniform53()) ** round(1 / alpha);
    alpha = round(alpha + 1);
  }
  const d = round(alpha - THIRD);
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    let x = 0;
    let y = 0;
    do {
      x = generator.normal();
      y = 1 + c * x;
    } while (y <= 0);
    const v = y * y * y;
    const u = 1 - generator.uniform53();
    const square = x * x;
    if (u < 1 - SQUEEZE * square * square) return scale * d * v;
    if (Math.log(u) < 0.5 * square + d * (1 - v + Math.log(v))) return scale * d * v;
  }
}

/** Coefficients of the rational approximation, by powers of log(x / alpha). */
const RATIONAL: readonly (readonly number[])[] = [
  [0.16009398, -0.094634809, 0.025146376, -0.0030648343, 1, 0.32668115, 0.10406089, 0.0014179084],
  [0.53487893, 0.1298071, 0.065735949, -0.0015649758, 0.16639465, 0.020070113, -0.0035938915, -0.00058392623],
  [
    0.040121004, -0.0065914022, -0.0026286047, -0.0013441777, 0.017050642, -0.0021309326, 0.00085092367,
    -1.5247877e-7,
  ],
];

/**
 * How a sample of the gamma distribution changes with its shape parameter where the probability below it stays:
 * `-(d cdf / d alpha) / pdf`. A Taylor series near 0, Rice's saddle point expansion for large parameters, and a rational
 * approximation in between. Source: PyTorch 1.13's `standard_gamma_grad_one`.
 */
export function gammaSlope(alpha: number, x: number): number {
  if (x < NEAR_ZERO) return slopeNearZero(alpha, x);
  if (alpha > 8) return slopeOfLarge(alpha, x);
  const u = Math.log(x / alpha);
  const v = Math.log(alpha);
  const c = RATIONAL[0].map((a, i) => a + u * (RATIONAL[1][i] + u * RATIONAL[2][i]));
  const p = c[0] + v * (c[1] + v * (c[2] + v * c[3]));
  const q = c[4] + v * (c[5] + v * (c[6] + v * c[7]));
  return Math.exp(p / q);
}

function slopeNearZero(alpha: number, x: number): number {
  let term = 1;
  let series = 1 / alpha;
  let slope = 1 / (alpha * alpha);
  for (let i = 1; i <= 5; i++) {
    term *= -x / i;
    series += term / (alpha + i);
    slope += term / (alpha + i) ** 2;
  }
  const power = x ** alpha;
  const density = x ** (alpha - 1) * Math.exp(-x);
  const change = (Math.log(x) - digammaOf(alpha)) * power * series - power * slope;
  const result = -change / density;
  return Number.isNaN(result) ? 0 : result;
}

function slopeOfLarge(alpha: number, x: number): number {
  if (BELOW_MEAN * alpha <= x && x <= ABOVE_MEAN * alpha) {
    // The general formula is singular at x = alpha.
    const first = 1 + 24 * alpha * (1 + 12 * alpha);
    const second =
      1440 * alpha * alpha + 6 * x * (53 - 120 * x) - (65 * x * x) / alpha + alpha * (107 + 3600 * x);
    return (first * second) / (1244160 * alpha ** 4);
  }
  const root = Math.sqrt(8 * alpha);
  const difference = alpha - x;
  const power = (-difference - alpha * Math.log(x / alpha)) ** -1.5;
  const both = root / difference + (x < alpha ? -power : power);
  const term = Math.log(x / alpha) * both - (Math.sqrt(2 / alpha) * (alpha + x)) / (difference * difference);
  const stirling = 1 + (1 / (12 * alpha)) * (1 + 1 / (24 * alpha));
  return (-stirling * x * term) / root;
}
