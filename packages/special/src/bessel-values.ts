/** Bessel functions of orders 0 and 1 of doubles. */
import { GAMMA_EULER } from "./gamma-values.ts";

/** From here on, Hankel's asymptotic series have all digits of a double. */
const FAR = 25;
/** Below, the first terms of the power series are all. */
const NEAR = 1e-8;

/** Two functions of one kind. */
type Pair = readonly [order0: number, order1: number];

/**
 * Sums of Hankel's asymptotic series, of terms `a_k / x^k` with `a_k = a_(k-1) (4 order^2 - (2k - 1)^2) / 8k`: those of even k and those of odd k.
 * Every second term of a sum is multiplied by `sign`.
 */
export function hankelSums(order: 0 | 1, x: number, sign: 1 | -1): Pair {
  const sums = [1, 0];
  let term = 1;
  for (let k = 1; k <= 50 && Math.abs(term) > 1e-17; k++) {
    term *= (4 * order - (2 * k - 1) ** 2) / (8 * k * x);
    sums[k % 2] += (k >> 1) % 2 === 1 ? sign * term : term;
  }
  return [sums[0], sums[1]];
}

/** J and Y of an order, DLMF 10.17.3 and 10.17.4; the angle is `x - order * pi / 2 - pi / 4`, without the loss of that difference. */
function far(order: 0 | 1, x: number): { readonly j: number; readonly y: number } {
  const [p, q] = hankelSums(order, x, -1);
  const [sin, cos] = [Math.sin(x), Math.cos(x)];
  const [c, s] = order === 0 ? [cos + sin, sin - cos] : [sin - cos, -sin - cos];
  const scale = Math.sqrt(1 / (Math.PI * x));
  return { j: scale * (p * c - q * s), y: scale * (p * s + q * c) };
}

/** What one recurrence from high orders down gives of `x` from 1e-8 to 25. */
interface Downward {
  readonly j: Pair;
  /** The sums of Neumann's series for Y. */
  readonly sums: Pair;
}

/**
 * Miller's recurrence, made to fulfil `J_0 + 2 J_2 + 2 J_4 + ... = 1` (Abramowitz and Stegun, "Handbook of Mathematical Functions" (1964), 9.12),
 * and the sums of 9.1.89 and of its derivative.
 */
function downward(x: number): Downward {
  let k = 2 * Math.ceil((x + 16 + Math.sqrt(40 * x)) / 2);
  let [above, here] = [0, 1e-300];
  let [norm, even, odd] = [0, 0, 0];
  for (; k > 0; k--) {
    // `here` is of order k.
    const half = k >> 1;
    const sign = half % 2 === 1 ? 1 : -1;
    if (k % 2 === 0) {
      norm += 2 * here;
      even += (sign * here) / half;
    } else if (half > 0) odd += (sign * here * k) / (half * (half + 1));
    [above, here] = [here, ((2 * k) / x) * here - above];
  }
  norm += here;
  return { j: [here / norm, above / norm], sums: [even / norm, odd / norm] };
}

/** The Bessel function of the first kind. */
export function besselJ(order: 0 | 1, x: number): number {
  if (x < 0) return order === 0 ? besselJ(order, -x) : -besselJ(order, -x);
  if (x < NEAR) return order === 0 ? 1 : x / 2;
  return x < FAR ? downward(x).j[order] : far(order, x).j;
}

/** The Bessel function of the second kind. */
export function besselY(order: 0 | 1, x: number): number {
  if (x === 0) return -Infinity;
  if (x < 0) return Number.NaN;
  if (!(x < FAR)) return far(order, x).y;
  const log = Math.log(x / 2) + GAMMA_EULER;
  if (x < NEAR) return (2 / Math.PI) * (order === 0 ? log : -1 / x);
  const { j, sums } = downward(x);
  if (order === 0) return (2 / Math.PI) * (log * j[0] + 2 * sums[0]);
  return (2 / Math.PI) * ((log - 1) * j[1] - j[0] / x + sums[1]);
}
