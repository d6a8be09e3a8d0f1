/** The error function's relatives of doubles. */

const SQRT_PI = Math.sqrt(Math.PI);
/** The step of the trapezoidal rule, whose error is below `exp(-(pi / STEP)^2)`. */
const STEP = 0.5;
const NODES = 13;

/**
 * `exp(x^2) erfc(x)`: near zero by the power series of the error function, elsewhere by the trapezoidal rule for its integral with the pole's
 * part (Chiarella and Reichel, "On the evaluation of integrals related to the error function", 1968).
 */
export function erfcxOf(x: number): number {
  if (x < 0) return 2 * Math.exp(x * x) - erfcxOf(-x);
  if (x < 0.5) return Math.exp(x * x) * (1 - erfSeries(x));
  if (x > 1e8) return 1 / (x * SQRT_PI);
  let sum = 1 / x;
  for (let n = 1; n <= NODES; n++) {
    const square = (n * STEP) ** 2;
    sum += (2 * Math.exp(-square) * x) / (square + x * x);
  }
  sum *= STEP / Math.PI;
  return x < Math.PI / STEP ? sum + (2 * Math.exp(x * x)) / (1 - Math.exp((2 * Math.PI * x) / STEP)) : sum;
}

/** The error function for `|x| < 0.5`, by its power series. */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / SQRT_PI) * sum;
}

/** `1 - erf(x)`. */
export function erfcOf(x: number): number {
  return x < 0 ? 2 - erfcOf(-x) : Math.exp(-x * x) * erfcxOf(x);
}

/** The logarithm of the normal distribution function. */
export function logNdtrOf(x: number): number {
  const t = x * Math.SQRT1_2;
  return x < 0 ? Math.log(0.5 * erfcxOf(-t)) - t * t : Math.log1p(-0.5 * erfcOf(t));
}

/** The inverse of the normal distribution function, by Newton's steps on the logarithm of the smaller tail. */
export function ndtriOf(p: number): number {
  if (!(p >= 0 && p <= 1)) return Number.NaN;
  if (p > 0.5) return -ndtriOf(1 - p);
  if (p === 0) return -Infinity;
  const wanted = Math.log(p);
  // The function lies below half of exp(-x^2 / 2), so that the root is on the right; it is concave, so that steps do not pass it.
  let x = -Math.sqrt(-2 * Math.log(2 * p));
  for (let i = 0; i < 20; i++) {
    const step = (wanted - logNdtrOf(x)) * erfcxOf(-x * Math.SQRT1_2) * Math.sqrt(Math.PI / 2);
    x += step;
    if (Math.abs(step) <= 1e-16 * Math.abs(x)) break;
  }
  return x;
}
