/** The incomplete gamma functions of doubles, as parts of the complete one. */
import { erfcOf } from "./error-values.ts";
import { logGamma, stirlingSeries } from "./gamma-values.ts";
import { LARGE } from "./zeta-values.ts";

/** From here on, the error of Temme's expansion after two terms is below a double's. */
const HUGE = 1e5;
const TINY = 1e-300;

/** The lower part, from 0 to x. Special values are PyTorch's. */
export function gammaincOf(a: number, x: number): number {
  if (!(a >= 0 && x >= 0)) return Number.NaN;
  if (a === 0) return x > 0 ? 1 : Number.NaN;
  if (x === 0) return 0;
  if (a === Infinity) return x === Infinity ? Number.NaN : 0;
  if (x === Infinity) return 1;
  if (a >= HUGE) return uniform(a, x, -1);
  return x < a + 1 ? lower(a, x) : 1 - upper(a, x);
}

/** The upper part, from x to infinity. */
export function gammainccOf(a: number, x: number): number {
  if (!(a >= 0 && x >= 0)) return Number.NaN;
  if (a === 0) return x > 0 ? 0 : Number.NaN;
  if (x === 0) return 1;
  if (a === Infinity) return x === Infinity ? Number.NaN : 1;
  if (x === Infinity) return 0;
  if (a >= HUGE) return uniform(a, x, 1);
  return x < a + 1 ? 1 - lower(a, x) : upper(a, x);
}

/** `x^a e^-x / gamma(a + 1)`. */
function factor(a: number, x: number): number {
  if (a < LARGE) return Math.exp(a * Math.log(x) - x - logGamma(a + 1));
  // Stirling's formula, of which what cancels is taken out.
  const mu = (x - a) / a;
  return Math.exp(a * (Math.log1p(mu) - mu) - stirlingSeries(a)) / Math.sqrt(2 * Math.PI * a);
}

/** By the power series, DLMF 8.7.1. */
function lower(a: number, x: number): number {
  let term = 1;
  let sum = 1;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= x / (a + n);
    sum += term;
  }
  return factor(a, x) * sum;
}

/** By the continued fraction, DLMF 8.9.2 in its even form, evaluated from the front (Lentz 1976). */
function upper(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let value = d;
  for (let n = 1; n < 10_000; n++) {
    const coefficient = n * (a - n);
    b += 2;
    d = coefficient * d + b;
    d = 1 / (d === 0 ? TINY : d);
    c = b + coefficient / c;
    if (c === 0) c = TINY;
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return a * factor(a, x) * value;
}

/** By Temme's uniform expansion, DLMF 8.12: the upper part for `side` 1, the lower one for -1. */
function uniform(a: number, x: number, side: 1 | -1): number {
  const mu = (x - a) / a;
  const eta = Math.sign(mu) * Math.sqrt(2 * (mu - Math.log1p(mu)));
  const near = Math.abs(eta) < 0.01;
  const c0 = near ? -1 / 3 + eta * (1 / 12 - eta * (2 / 135 - eta / 864)) : 1 / mu - 1 / eta;
  const c1 = near ? -1 / 540 - eta / 288 : 1 / eta ** 3 - 1 / mu ** 3 - 1 / mu ** 2 - 1 / (12 * mu);
  const rest = (Math.exp(-0.5 * a * eta * eta) / Math.sqrt(2 * Math.PI * a)) * (c0 + c1 / a);
  return 0.5 * erfcOf(side * eta * Math.sqrt(a / 2)) + side * rest;
}
