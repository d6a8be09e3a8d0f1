import { digammaOf } from "@flambeau/special";

/** Coefficients of the rational correction: numerator and denominator, by powers of u, of a and of b. */
const CORRECTION: readonly (readonly (readonly (readonly number[])[])[])[] = [
  [
    [
      [1.003668233, -0.01061107488, -0.0657888334, 0.01201642863],
      [0.6336835991, -0.3557432599, 0.05486251648, -0.001465281033],
      [-0.03276231906, 0.004474107445, 0.002429354597, -0.0001557569013],
    ],
    [
      [0.221950385, -0.3187676331, 0.01799915743, 0.01074823814],
      [-0.2951249643, 0.06219954479, 0.01535556598, 0.001550077057],
      [0.02155310298, 0.004170831599, 0.001292462449, 6.976601077e-5],
    ],
    [
      [-0.05980841433, 0.008441916499, 0.01085618172, 0.002319392565],
      [0.02911413504, 0.01400243777, -0.002721828457, 0.000751041181],
      [0.005900514878, -0.001936558688, -9.495446725e-6, 5.385558597e-5],
    ],
  ],
  [
    [
      [1, -0.02924021934, -0.04438342661, 0.007285809825],
      [0.6357567472, -0.3473456711, 0.05454656494, -0.002407477521],
      [-0.03301322327, 0.004845219414, 0.00231480583, -0.0002307248149],
    ],
    [
      [0.5925320577, -0.1757678135, 0.01505928619, 0.000564515273],
      [0.1014815858, -0.06589186703, 0.01272886114, -0.0007316646956],
      [-0.007258481865, 0.001096195486, 0.0003934994223, -4.12701925e-5],
    ],
    [
      [0.06469649321, -0.0236701437, 0.002902096474, -5.896963079e-5],
      [0.001925008108, -0.002869809258, 0.0008000589141, -6.063713228e-5],
      [-0.0003477407336, 6.959756487e-5, 1.097287507e-5, -1.650964693e-6],
    ],
  ],
];

/**
 * How a sample x of the beta distribution of `alpha` and `total - alpha` changes with alpha where the probability below it stays,
 * over 1 - x: `-(d cdf / d alpha) / pdf / (1 - x)`. Taylor series near 0 and 1, Rice's saddle point expansion for large parameters,
 * and a rational correction of an approximation elsewhere. Source: PyTorch 1.13's `dirichlet_grad_one`.
 */
export function dirichletSlope(x: number, alpha: number, total: number): number {
  const beta = total - alpha;
  const boundary = total * x * (1 - x);
  if (x <= 0.5 && boundary < 2.5) return orZero(alphaNearZero(x, alpha, beta));
  if (x >= 0.5 && boundary < 0.75) return -orZero(betaNearZero(1 - x, beta, alpha));
  if (alpha > 6 && beta > 6) return alphaOfLarge(x, alpha, beta);
  const u = Math.log(x);
  const a = Math.log(alpha) - u;
  const b = Math.log(total) - a;
  const [p, q] = CORRECTION.map((table) => polynomial(table, u, a, b));
  return ((p / q) * x * (digammaOf(total) - digammaOf(alpha))) / beta;
}

function polynomial(
  table: readonly (readonly (readonly number[])[])[],
  u: number,
  a: number,
  b: number,
): number {
  let sum = 0;
  table.forEach((rows, i) => {
    rows.forEach((c, j) => {
      sum += u ** i * a ** j * (c[0] + b * (c[1] + b * (c[2] + b * c[3])));
    });
  });
  return sum;
}

function orZero(x: number): number {
  return Number.isNaN(x) ? 0 : x;
}

/** With respect to alpha, for small x. */
function alphaNearZero(x: number, alpha: number, beta: number): number {
  const factor = digammaOf(alpha) - digammaOf(alpha + beta) - Math.log(x);
  let term = 1;
  let series = (1 / alpha) * (factor + 1 / alpha);
  for (let i = 1; i <= 10; i++) {
    term *= ((i - beta) * x) / i;
    series += (term / (alpha + i)) * (factor + 1 / (alpha + i));
  }
  return x * (1 - x) ** -beta * series;
}

/** With respect to beta, for small x. */
function betaNearZero(x: number, alpha: number, beta: number): number {
  const factor = digammaOf(alpha + beta) - digammaOf(beta);
  let [term, product, slope] = [1, 1, 0];
  let series = factor / alpha;
  for (let i = 1; i <= 8; i++) {
    term *= -x / i;
    slope = slope * (beta - i) + product;
    product *= beta - i;
    series += (term / (alpha + i)) * (slope + factor * product);
  }
  return -((1 - x) ** (1 - beta)) * series;
}

/** With respect to alpha, where both are large. */
function alphaOfLarge(x: number, alpha: number, beta: number): number {
  const total = alpha + beta;
  const mean = alpha / total;
  const deviation = Math.sqrt((alpha * beta) / (total + 1)) / total;
  if (mean - 0.1 * deviation <= x && x <= mean + 0.1 * deviation) return alphaAtMean(x, alpha, beta);
  const factor = -x / Math.sqrt((2 * alpha * beta) / total);
  const correction = (z: number): number => 1 + 1 / (12 * z) + 1 / (288 * z * z);
  const stirling = (correction(alpha) * correction(beta)) / correction(total);
  const apart = alpha * (x - 1) + beta * x;
  const first =
    (2 * alpha * alpha * (x - 1) + alpha * beta * (x - 1) - x * beta * beta) /
    (Math.sqrt((2 * alpha) / beta) * total ** 1.5 * apart * apart);
  const half = 0.5 * Math.log(alpha / (total * x));
  const third = Math.sqrt((8 * alpha * beta) / total) / apart;
  const divergence = beta * Math.log(beta / (total * (1 - x))) + alpha * Math.log(alpha / (total * x));
  const fourth = divergence ** -1.5;
  return stirling * factor * (first + half * (third + (x < mean ? fourth : -fourth)));
}

/** The same next to the mean, where the formula is singular. */
function alphaAtMean(x: number, alpha: number, beta: number): number {
  const total = alpha + beta;
  const square = beta * beta;
  const inner = (453 + 1620 * beta * (1 - x) - 455 * x) * beta + alpha * (8 * (1 - x) * (135 * beta - 11));
  const middle = 3 * (59 + 180 * beta - 90 * x) * square + alpha * inner;
  const outer = (43 + 20 * (16 + 27 * beta) * x) * square * beta + alpha * middle;
  const poly = 47 * x * square * square + alpha * outer;
  const factor = ((1 + 12 * alpha) * (1 + 12 * beta)) / (total * total);
  const divisor = 12960 * alpha ** 3 * square * (1 + 12 * total);
  return ((factor / (1 - x)) * poly) / divisor;
}
