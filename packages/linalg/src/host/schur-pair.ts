/*
 * The Schur form of a matrix of two rows, after LAPACK's dlanv2, but for elements below the diagonal that are no larger than rounding: they
 * count as zero, so that two equal real eigenvalues are not taken for a complex pair.
 */

/** The triangle `[[a, b], [0, d]]`, and the rotation to it. */
export interface Pair {
  readonly a: number;
  readonly b: number;
  readonly d: number;
  readonly cosine: number;
  readonly sine: number;
}

const ROUNDING = 4 * Number.EPSILON;
const signOf = (x: number): number => (x < 0 || Object.is(x, -0) ? -1 : 1);

/** Of `[[a, b], [c, d]]`. Null where the eigenvalues are complex. */
export function standardize(a: number, b: number, c: number, d: number): Pair | null {
  if (c === 0) return { a, b, d, cosine: 1, sine: 0 };
  if (b === 0) return { a: d, b: -c, d: a, cosine: 0, sine: 1 };
  const p = (a - d) / 2;
  const larger = Math.max(Math.abs(b), Math.abs(c));
  const smaller = Math.min(Math.abs(b), Math.abs(c)) * signOf(b) * signOf(c);
  const scale = Math.max(Math.abs(p), larger);
  // The discriminant, relative to the largest element.
  const discriminant = (p / scale) * p + (larger / scale) * smaller;
  if (discriminant < ROUNDING * scale) return nearlyEqual(a, b, c, d);
  const z = p + Math.sqrt(scale) * Math.sqrt(discriminant) * signOf(p);
  const length = Math.hypot(c, z);
  return { a: d + z, b: b - c, d: d - (larger / z) * smaller, cosine: z / length, sine: c / length };
}

/** Where the eigenvalues are complex or nearly equal: first the diagonal is made of equal elements. */
function nearlyEqual(a: number, b: number, c: number, d: number): Pair | null {
  const [sum, difference] = [b + c, a - d];
  const length = Math.hypot(sum, difference);
  const cosine = length === 0 ? 1 : Math.sqrt((1 + Math.abs(sum) / length) / 2);
  const sine = length === 0 ? 0 : -(difference / 2 / (length * cosine)) * signOf(sum);
  const [aa, bb] = [a * cosine + b * sine, b * cosine - a * sine];
  const [cc, dd] = [c * cosine + d * sine, d * cosine - c * sine];
  const middle = (aa * cosine + cc * sine + (dd * cosine - bb * sine)) / 2;
  const [above, below] = [bb * cosine + dd * sine, cc * cosine - aa * sine];
  const size = Math.max(Math.abs(middle), Math.abs(above), Math.abs(below));
  if (Math.abs(below) <= ROUNDING * size) return { a: middle, b: above, d: middle, cosine, sine };
  if (Math.abs(above) <= ROUNDING * size)
    return { a: middle, b: -below, d: middle, cosine: -sine, sine: cosine };
  if (signOf(above) !== signOf(below)) return null;
  const [upper, lower] = [Math.sqrt(Math.abs(above)), Math.sqrt(Math.abs(below))];
  const half = upper * lower * signOf(below);
  const turn = Math.sqrt(Math.abs(above + below));
  const [c1, s1] = [upper / turn, lower / turn];
  return {
    a: middle + half,
    b: above - below,
    d: middle - half,
    cosine: cosine * c1 - sine * s1,
    sine: cosine * s1 + sine * c1,
  };
}
