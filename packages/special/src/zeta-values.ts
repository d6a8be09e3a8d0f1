/** Hurwitz's zeta function of doubles. */

/** From here on asymptotic series of the gamma function's relatives have all digits of a double. */
export const LARGE = 12;

/** `B(2j) / (2j)!` of Bernoulli's numbers, from j = 1. */
const BERNOULLI: readonly number[] = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
  43867 / 5109094217170944000,
];

/**
 * The sum of `(q + k)^-s` over k from 0: of `s > 1`, and of q below zero for integers `s` alone. As in PyTorch infinite for s = 1 and for q = 0,
 * -1, ..., and nan for other arguments.
 */
export function zeta(s: number, q: number): number {
  if (s === 1) return Infinity;
  if (s < 1) return Number.NaN;
  if (q > 0) return sumFrom(q, s);
  if (Number.isInteger(q)) return Infinity;
  if (!Number.isInteger(s)) return Number.NaN;
  if (q > -100) return sumFrom(q, s);
  // The terms below zero are, but for their signs, those of the function of 1 - rest up to 1 - q.
  const rest = q - Math.floor(q);
  const below = sumFrom(1 - rest, s) - sumFrom(1 - q, s);
  return sumFrom(rest, s) + (s % 2 === 0 ? below : -below);
}

/** By the formula of Euler and Maclaurin, Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 23.1.30. */
function sumFrom(q: number, s: number): number {
  let sum = 0;
  for (const end = Math.max(LARGE, Math.min(s, 1000)); q < end; q++) {
    const term = q ** -s;
    sum += term;
    if (q > 1 && term < Math.abs(sum) * 1e-18) return sum;
  }
  sum += q ** (1 - s) / (s - 1) + 0.5 * q ** -s;
  let factor = s * q ** (-s - 1);
  for (let j = 0; j < BERNOULLI.length; j++) {
    sum += BERNOULLI[j] * factor;
    factor *= ((s + 2 * j + 1) * (s + 2 * j + 2)) / (q * q);
  }
  return sum;
}
