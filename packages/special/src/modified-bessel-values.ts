/** Modified Bessel functions of doubles, divided by the exponential that they grow or fall with. */
import { hankelSums } from "./bessel-values.ts";
import { GAMMA_EULER } from "./gamma-values.ts";

/** From here on, Hankel's asymptotic series have all digits of a double. */
const FAR = 30;
const NEAR = 1e-8;

/** `exp(-|x|) I(x)` of the first kind: DLMF 10.25.2, from 30 on 10.40.1. */
export function scaledBesselI(order: 0 | 1, x: number): number {
  if (x < 0) return order === 0 ? scaledBesselI(order, -x) : -scaledBesselI(order, -x);
  if (x >= FAR) {
    const [even, odd] = hankelSums(order, x, 1);
    return (even - odd) / Math.sqrt(2 * Math.PI * x);
  }
  const square = (x / 2) ** 2;
  let term = order === 0 ? 1 : x / 2;
  let sum = term;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= square / (k * (k + order));
    sum += term;
  }
  return Math.exp(-x) * sum;
}

/** `I(x)` of the first kind. As PyTorch's, nan at infinity. */
export function besselI(order: 0 | 1, x: number): number {
  return Math.exp(Math.abs(x)) * scaledBesselI(order, x);
}

/**
 * `exp(x) K(x)` of the second kind and any order, `x >= 1e-8`: the integral of `exp(-x (cosh t - 1)) cosh(order t)`, DLMF 10.32.9, by the trapezoidal
 * rule, which converges exponentially.
 */
export function scaledIntegralK(order: number, x: number): number {
  const end = Math.acosh(1 + 40 / x) + 2;
  const step = Math.min(0.2, 0.6 / Math.sqrt(x));
  let sum = 0.5;
  for (let t = step; t < end; t += step) {
    // cosh t - 1 without the loss of the difference.
    const rise = 2 * Math.sinh(t / 2) ** 2;
    const term = Math.exp(-x * rise) * Math.cosh(order * t);
    sum += term;
    if (term < sum * 1e-18) break;
  }
  return sum * step;
}

/** `exp(x) K(x)` of the second kind. */
export function scaledBesselK(order: 0 | 1, x: number): number {
  if (x === 0) return Infinity;
  if (!(x > 0)) return Number.NaN;
  if (x < NEAR) return Math.exp(x) * (order === 0 ? -Math.log(x / 2) - GAMMA_EULER : 1 / x);
  return x > 1e300 ? Math.sqrt(Math.PI / 2 / x) : scaledIntegralK(order, x);
}

/** `K(x)` of the second kind. */
export function besselK(order: 0 | 1, x: number): number {
  return Math.exp(-x) * scaledBesselK(order, x);
}
