/** Orthogonal polynomials of doubles, by their recurrences in the degree. */

/** p of the next degree from those of degree k and k - 1. */
type Recurrence = (x: number, k: number, here: number, before: number) => number;

/** From here on Chebyshev's polynomials are computed from angles, in one step. */
const MANY = 1000;

/** The degree as PyTorch takes it: cut to an integer; -1 stands for none, where the result is 0. */
function degreeOf(n: number): number {
  return n > -1 && n < Infinity ? Math.trunc(n) : -1;
}

/** A polynomial from those of degree 0, which is 1, and of degree 1. */
function byRecurrence(x: number, n: number, first: number, next: Recurrence): number {
  if (n < 0) return 0;
  if (n === 0) return 1;
  let [before, here] = [1, first];
  for (let k = 1; k < n && !Number.isNaN(here); k++) [before, here] = [here, next(x, k, here, before)];
  return here;
}

const chebyshev: Recurrence = (x, _, here, before) => 2 * x * here - before;

/** A kind of Chebyshev's polynomials, which the polynomial of degree 1 makes: `a x + b`. */
export function chebyshevOf(a: number, b: number): (x: number, n: number) => number {
  return (x, degree) => {
    const n = degreeOf(degree);
    const first = a * x + b;
    if (n < MANY || Number.isNaN(x)) return byRecurrence(x, n, first, chebyshev);
    // All kinds are T(n) + (p(1) - x) U(n - 1).
    const odd = n % 2 === 1;
    if (Math.abs(x) === 1) return (x < 0 && odd ? -1 : 1) * (1 + (first - x) * x * n);
    if (Math.abs(x) < 1) {
      const angle = Math.acos(x);
      return Math.cos(n * angle) + ((first - x) * Math.sin(n * angle)) / Math.sin(angle);
    }
    const angle = Math.acosh(Math.abs(x));
    const size =
      Math.cosh(n * angle) + ((first / x - 1) * Math.abs(x) * Math.sinh(n * angle)) / Math.sinh(angle);
    return x < 0 && odd ? -size : size;
  };
}

/** The same on [0, 1] instead of [-1, 1]. */
export function shiftedOf(f: (x: number, n: number) => number): (x: number, n: number) => number {
  return (x, n) => f(2 * x - 1, n);
}

export const hermiteH = (x: number, n: number): number =>
  byRecurrence(x, degreeOf(n), 2 * x, (_, k, here, before) => 2 * (x * here - k * before));

export const hermiteHe = (x: number, n: number): number =>
  byRecurrence(x, degreeOf(n), x, (_, k, here, before) => x * here - k * before);

export const laguerreL = (x: number, n: number): number =>
  byRecurrence(
    x,
    degreeOf(n),
    1 - x,
    (_, k, here, before) => ((2 * k + 1 - x) * here - k * before) / (k + 1),
  );

export const legendreP = (x: number, n: number): number =>
  byRecurrence(x, degreeOf(n), x, (_, k, here, before) => ((2 * k + 1) * x * here - k * before) / (k + 1));
