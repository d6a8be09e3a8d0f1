/** The gamma function and its relatives of one double. */
import { LARGE, zeta } from "./zeta-values.ts";

export const GAMMA_EULER = 0.5772156649015329;
const HALF_LOG_TWO_PI = 0.9189385332046727;

/** `(-1)^k (zeta(k) - 1) / k`: the Taylor series of `log(gamma(2 + z)) - (1 - gamma) z`. */
let taylor: readonly number[] = [];

/** For `|z| <= 0.5`. */
function logGammaOfTwoAnd(z: number): number {
  if (taylor.length === 0)
    taylor = Array.from({ length: 28 }, (_, i) => ((i % 2 === 0 ? 1 : -1) * zeta(i + 2, 2)) / (i + 2));
  let sum = 0;
  for (let i = taylor.length - 1; i >= 0; i--) sum = (sum + taylor[i]) * z;
  return (sum + 1 - GAMMA_EULER) * z;
}

/** `log(|gamma(x)|)`. */
export function logGamma(x: number): number {
  if (Number.isNaN(x)) return x;
  if (!Number.isFinite(x) || (x <= 0 && Number.isInteger(x))) return Infinity;
  if (x < 0) return Math.log(Math.PI / Math.abs(sineOfPi(x))) - logGamma(1 - x);
  if (x < 0.5) return logGammaOfTwoAnd(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return logGammaOfTwoAnd(x - 1) - Math.log1p(x - 1);
  if (x >= LARGE) return (x - 0.5) * Math.log(x) - x + HALF_LOG_TWO_PI + stirlingSeries(x);
  let product = 1;
  while (x >= 2.5) product *= --x;
  return logGammaOfTwoAnd(x - 2) + Math.log(product);
}

/** What Stirling's formula of `logGamma` leaves over, for `x >= 12`. */
export function stirlingSeries(x: number): number {
  const r = 1 / (x * x);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r / 400))))) / x;
}

/** `sin(pi x)`, exact at integers. */
function sineOfPi(x: number): number {
  const rest = x - 2 * Math.round(x / 2);
  return Math.sin(Math.PI * rest);
}

/**
 * The derivative of `logGamma`.
 *
 * @internal
 */
export function digammaOf(x: number): number {
  if (x === 0) return Object.is(x, -0) ? Infinity : -Infinity;
  if (x === -Infinity || (x < 0 && Number.isInteger(x))) return Number.NaN;
  if (x < 0) return digammaOf(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)));
  let sum = 0;
  for (; x < LARGE; x++) sum -= 1 / x;
  const r = 1 / (x * x);
  const series =
    r * (1 / 12 - r * (1 / 120 - r * (1 / 252 - r * (1 / 240 - r * (1 / 132 - r * (691 / 32760 - r / 12))))));
  return sum + Math.log(x) - 0.5 / x - series;
}

/** The `n`-th derivative of `digamma`, `n` from 1. */
export function polygammaOf(n: number, x: number): number {
  let factorial = 1;
  for (let i = 2; i <= n; i++) factorial *= i;
  return (n % 2 === 1 ? 1 : -1) * factorial * zeta(n + 1, x);
}
