/** The Airy function of doubles. */
import { scaledIntegralK } from "./modified-bessel-values.ts";

/** Ai and its derivative at 0, DLMF 9.2.3 and 9.2.4. */
const AT_ZERO: readonly [number, number] = [0.355028053887817239, -0.258819403792806798];
/** Below, the asymptotic series has all digits of a double. */
const FAR = -10;

/** The solution of `y'' = x y` that falls to zero on the right. */
export function airyAiOf(x: number): number {
  if (Number.isNaN(x)) return x;
  // Less than the least double.
  if (x > 110) return 0;
  if (x > 1) {
    // DLMF 9.6.2.
    const zeta = (2 / 3) * x ** 1.5;
    return (Math.exp(-zeta) * Math.sqrt(x / 3) * scaledIntegralK(1 / 3, zeta)) / Math.PI;
  }
  return x < FAR ? oscillating(-x) : byTaylorSteps(x);
}

/** Of `-z`, DLMF 9.7.9. */
function oscillating(z: number): number {
  const zeta = (2 / 3) * z ** 1.5;
  const sums = [1, 0];
  let term = 1;
  for (let k = 1; k <= 40 && Math.abs(term) > 1e-17; k++) {
    term *= ((6 * k - 5) * (6 * k - 3) * (6 * k - 1)) / ((2 * k - 1) * 216 * k * zeta);
    sums[k % 2] += (k >> 1) % 2 === 1 ? -term : term;
  }
  const angle = zeta - Math.PI / 4;
  return (Math.cos(angle) * sums[0] + Math.sin(angle) * sums[1]) / (Math.sqrt(Math.PI) * z ** 0.25);
}

/** From 0 in steps of at most 1: the equation gives all coefficients of each Taylor series. */
function byTaylorSteps(x: number): number {
  let [value, slope] = AT_ZERO;
  const steps = Math.max(1, Math.ceil(Math.abs(x)));
  const h = x / steps;
  for (let i = 0; i < steps; i++) {
    const at = i * h;
    // c(k + 2) (k + 1) (k + 2) = at c(k) + c(k - 1), each times h to the power of its number.
    let [before, c0, c1] = [0, value, slope * h];
    let [sum, derivative] = [c0 + c1, c1];
    for (let k = 0; k < 40; k++) {
      const next = (h * h * (at * c0 + h * before)) / ((k + 1) * (k + 2));
      sum += next;
      derivative += (k + 2) * next;
      [before, c0, c1] = [c0, c1, next];
    }
    [value, slope] = [sum, derivative / h];
  }
  return value;
}
