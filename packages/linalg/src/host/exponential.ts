/*
 * The exponential of a matrix by scaling and squaring with Pade approximants: Higham, "The Scaling and Squaring Method for the Matrix
 * Exponential Revisited", SIAM J. Matrix Anal. Appl. 26, 2005, whose bounds for double precision these are.
 */
import { identity, product } from "./block.ts";
import { factorLU, solveByLU } from "./lu.ts";

/** Up to which norm the approximant of a degree is exact to rounding. */
const BOUNDS: readonly (readonly [degree: number, norm: number])[] = [
  [3, 1.495585217958292e-2],
  [5, 2.53939833006323e-1],
  [7, 9.504178996162932e-1],
  [9, 2.097847961257068],
];
const LARGEST = 5.371920351148152;

/** exp(A) of an n x n matrix, which is left as it is. Nan where an element is no finite number. */
export function exponential(a: Float64Array, n: number): Float64Array {
  const norm = columnNorm(a, n);
  if (!Number.isFinite(norm)) return new Float64Array(n * n).fill(Number.NaN);
  for (const [degree, bound] of BOUNDS) if (norm <= bound) return approximant(a, n, degree);
  const squarings = Math.max(0, Math.ceil(Math.log2(norm / LARGEST)));
  let result = approximant(
    a.map((x) => x / 2 ** squarings),
    n,
    13,
  );
  for (let i = 0; i < squarings; i++) result = product(result, result, n, n, n);
  return result;
}

/** The largest sum of absolute values of a column. */
function columnNorm(a: Float64Array, n: number): number {
  const sums = new Float64Array(n);
  for (let i = 0; i < a.length; i++) sums[i % n] += Math.abs(a[i]);
  return sums.reduce((x, y) => (x >= y ? x : y), 0);
}

/** The coefficients of the numerator: those of the denominator have alternating signs. */
function coefficientsOf(degree: number): number[] {
  const out = [1];
  for (let j = 1; j <= degree; j++) out.push((out[j - 1] * (degree - j + 1)) / (j * (2 * degree - j + 1)));
  return out;
}

/** (V - U)^-1 (V + U), where U has the odd powers of A, and V the even ones. */
function approximant(a: Float64Array, n: number, degree: number): Float64Array {
  const b = coefficientsOf(degree);
  const squares = [identity(n), product(a, a, n, n, n)];
  const powers = degree === 13 ? 3 : (degree - 1) / 2;
  while (squares.length <= powers) squares.push(product(squares[1], squares[squares.length - 1], n, n, n));
  const sumOf = (from: number, first: number, count: number): Float64Array => {
    const out = new Float64Array(n * n);
    for (let k = 0; k < count; k++) {
      const factor = b[from + 2 * k];
      const power = squares[first + k];
      for (let i = 0; i < out.length; i++) out[i] += factor * power[i];
    }
    return out;
  };
  const even = sumOf(0, 0, powers + 1);
  const inner = sumOf(1, 0, powers + 1);
  if (degree === 13) {
    addTo(even, product(squares[3], sumOf(8, 1, 3), n, n, n));
    addTo(inner, product(squares[3], sumOf(9, 1, 3), n, n, n));
  }
  const odd = product(a, inner, n, n, n);
  const numerator = even.map((x, i) => x + odd[i]);
  const denominator = even.map((x, i) => x - odd[i]);
  const pivots = new Float64Array(n);
  factorLU(denominator, n, n, pivots);
  solveByLU(denominator, n, pivots, numerator, n);
  return numerator;
}

function addTo(to: Float64Array, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += from[i];
}
