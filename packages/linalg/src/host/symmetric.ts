/*
 * Eigenvalues and vectors of a symmetric matrix: tridiagonal form, then implicit QL or QR steps with Wilkinson's shift (Golub and Van
 * Loan, Matrix Computations, 4th ed., 8.3; Parlett, The Symmetric Eigenvalue Problem, 8). The order of the steps and with it the signs
 * of the vectors are those of LAPACK's dsteqr.
 */
import { LinAlgError } from "@flambeau/backend";
import { rotationOf } from "./rotation.ts";
import { tridiagonalize } from "./tridiagonal.ts";

const EPSILON = Number.EPSILON / 2;
const TINY = 2 ** -1022;
/** Steps for each eigenvalue; two are usual. */
const MOST_STEPS = 30;

/** Eigenvalues in rising order, and the vectors as columns of an n x n matrix. */
export interface Eigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/**
 * Of a symmetric matrix, both triangles of which are given; it is left as it is.
 *
 * @throws LinAlgError when an element is infinite or nan.
 */
export function eigenOfSymmetric(a: Float64Array, n: number): Eigen {
  let largest = 0;
  for (const x of a) {
    if (!Number.isFinite(x)) throw new LinAlgError(`eigh: the matrix must be finite; it holds ${x}`);
    largest = Math.max(largest, Math.abs(x));
  }
  const scale = largest === 0 ? 1 : 2 ** Math.min(1023, Math.floor(Math.log2(largest)));
  const t = tridiagonalize(
    a.map((x) => x / scale),
    n,
  );
  diagonalize(t.diagonal, t.beside, t.q, n);
  return inOrder(
    t.diagonal.map((x) => x * scale),
    t.q,
    n,
  );
}

/** Turns d into eigenvalues, and the columns of z along. */
function diagonalize(d: Float64Array, e: Float64Array, z: Float64Array, n: number): void {
  let first = 0;
  let left = n * MOST_STEPS;
  while (first < n) {
    if (first > 0) e[first - 1] = 0;
    let last = first;
    for (; last < n - 1; last++) {
      const size = Math.abs(e[last]);
      if (size === 0) break;
      if (size <= Math.sqrt(Math.abs(d[last])) * Math.sqrt(Math.abs(d[last + 1])) * EPSILON) {
        e[last] = 0;
        break;
      }
    }
    // From the end with the smaller elements, which would lose their digits.
    if (Math.abs(d[last]) < Math.abs(d[first])) left = upwards(d, e, z, n, last, first, left);
    else left = downwards(d, e, z, n, first, last, left);
    first = last + 1;
    if (left < 0) throw new LinAlgError("eigh: the eigenvalues did not converge");
  }
}

/** Columns j and j + 1 of z. */
function turn(z: Float64Array, n: number, j: number, c: number, s: number): void {
  for (let i = j; i < n * n; i += n) {
    const kept = z[i + 1];
    z[i + 1] = c * kept - s * z[i];
    z[i] = s * kept + c * z[i];
  }
}

const sameSign = (size: number, like: number): number => (like < 0 || Object.is(like, -0) ? -size : size);

const isSmall = (e: number, a: number, b: number): boolean =>
  e * e <= EPSILON * EPSILON * Math.abs(a) * Math.abs(b) + TINY;

/** QL steps: eigenvalues from l up to `end`. */
function downwards(
  d: Float64Array,
  e: Float64Array,
  z: Float64Array,
  n: number,
  from: number,
  end: number,
  steps: number,
): number {
  let left = steps;
  let l = from;
  while (l <= end && left >= 0) {
    let m = l;
    while (m < end && !isSmall(e[m], d[m], d[m + 1])) m++;
    if (m < end) e[m] = 0;
    if (m === l) {
      l++;
      continue;
    }
    if (m === l + 1) {
      const [rt1, rt2, c, s] = eigenOfTwo(d[l], e[l], d[l + 1]);
      turn(z, n, l, c, s);
      [d[l], d[l + 1], e[l]] = [rt1, rt2, 0];
      l += 2;
      continue;
    }
    left--;
    let g = (d[l + 1] - d[l]) / (2 * e[l]);
    g = d[m] - d[l] + e[l] / (g + sameSign(Math.hypot(g, 1), g));
    let [s, c, p] = [1, 1, 0];
    const turns: (readonly [number, number])[] = [];
    for (let i = m - 1; i >= l; i--) {
      const [f, b] = [s * e[i], c * e[i]];
      let r: number;
      [c, s, r] = rotationOf(g, f);
      if (i !== m - 1) e[i + 1] = r;
      g = d[i + 1] - p;
      r = (d[i] - g) * s + 2 * c * b;
      p = s * r;
      d[i + 1] = g + p;
      g = c * r - b;
      turns.push([c, -s]);
    }
    turns.forEach(([cosine, sine], k) => {
      turn(z, n, m - 1 - k, cosine, sine);
    });
    d[l] -= p;
    e[l] = g;
  }
  return left;
}

/** QR steps: eigenvalues from l down to `end`. */
function upwards(
  d: Float64Array,
  e: Float64Array,
  z: Float64Array,
  n: number,
  from: number,
  end: number,
  steps: number,
): number {
  let left = steps;
  let l = from;
  while (l >= end && left >= 0) {
    let m = l;
    while (m > end && !isSmall(e[m - 1], d[m], d[m - 1])) m--;
    if (m > end) e[m - 1] = 0;
    if (m === l) {
      l--;
      continue;
    }
    if (m === l - 1) {
      const [rt1, rt2, c, s] = eigenOfTwo(d[l - 1], e[l - 1], d[l]);
      turn(z, n, l - 1, c, s);
      [d[l - 1], d[l], e[l - 1]] = [rt1, rt2, 0];
      l -= 2;
      continue;
    }
    left--;
    let g = (d[l - 1] - d[l]) / (2 * e[l - 1]);
    g = d[m] - d[l] + e[l - 1] / (g + sameSign(Math.hypot(g, 1), g));
    let [s, c, p] = [1, 1, 0];
    for (let i = m; i < l; i++) {
      const [f, b] = [s * e[i], c * e[i]];
      let r: number;
      [c, s, r] = rotationOf(g, f);
      if (i !== m) e[i - 1] = r;
      g = d[i] - p;
      r = (d[i + 1] - g) * s + 2 * c * b;
      p = s * r;
      d[i] = g + p;
      g = c * r - b;
      turn(z, n, i, c, s);
    }
    d[l] -= p;
    e[l - 1] = g;
  }
  return left;
}

/** The eigenvalues of [[a, b], [b, c]], that of larger size first, and the unit vector of that: LAPACK's dlaev2. */
function eigenOfTwo(
  a: number,
  b: number,
  c: number,
): readonly [rt1: number, rt2: number, cs: number, sn: number] {
  const [sum, difference, twice] = [a + c, a - c, 2 * b];
  const root = Math.hypot(difference, twice);
  const [larger, smaller] = Math.abs(a) > Math.abs(c) ? [a, c] : [c, a];
  const sign = sum < 0 ? -1 : 1;
  const rt1 = sum === 0 ? 0.5 * root : 0.5 * (sum + sign * root);
  const rt2 = sum === 0 ? -0.5 * root : (larger / rt1) * smaller - (b / rt1) * b;
  const other = difference >= 0 ? 1 : -1;
  const cs = difference + other * root;
  let [cosine, sine] = [1, 0];
  if (Math.abs(cs) > Math.abs(twice)) {
    const t = -twice / cs;
    sine = 1 / Math.sqrt(1 + t * t);
    cosine = t * sine;
  } else if (twice !== 0) {
    const t = -cs / twice;
    cosine = 1 / Math.sqrt(1 + t * t);
    sine = t * cosine;
  }
  return sign === other ? [rt1, rt2, -sine, cosine] : [rt1, rt2, cosine, sine];
}

function inOrder(d: Float64Array, z: Float64Array, n: number): Eigen {
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => d[i] - d[j] || i - j);
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) vectors[i * n + j] = z[i * n + order[j]];
  return { values: Float64Array.from(order, (j) => d[j]), vectors };
}
