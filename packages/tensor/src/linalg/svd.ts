import { powerOfTwoNear } from "./scale.ts";

/*
 * Singular values by one-sided Jacobi rotations (Golub and Van Loan, Matrix Computations, 4th ed., 8.6.3; Demmel and Veselic,
 * SIAM J. Matrix Anal. Appl. 13, 1992): columns are rotated in pairs until all are orthogonal. Their lengths are the singular
 * values, small ones with as many right digits as large ones.
 */

/** A = U diag(s) V', with k = min(m, n) singular values in falling order. All row-major. */
export interface SVD {
  /** m x k, orthonormal columns. */
  readonly u: Float64Array;
  readonly s: Float64Array;
  /** n x k, orthonormal columns. */
  readonly v: Float64Array;
}

/** Sweeps over all pairs. Six to ten are usual. */
const MOST_SWEEPS = 60;

/**
 * The thin singular value decomposition of an m x n matrix, row-major, which is left as it is.
 *
 * @throws LinAlgError when a number is infinite or NaN.
 */
export function svd(a: Float64Array, m: number, n: number): SVD {
  if (m < n) {
    const { u, s, v } = svd(transposed(a, m, n), n, m);
    return { u: v, s, v: u };
  }
  const scale = powerOfTwoNear("svd: the matrix", a);
  // Columns as arrays of their own: what is rotated lies together.
  const columns = Array.from({ length: n }, (_, j) =>
    Float64Array.from({ length: m }, (__, i) => a[i * n + j] / scale),
  );
  const right = Array.from({ length: n }, (_, j) => {
    const unit = new Float64Array(n);
    unit[j] = 1;
    return unit;
  });
  let sweeps = 0;
  while (sweep(columns, right) && sweeps < MOST_SWEEPS) sweeps++;
  const lengths = columns.map((column) => Math.sqrt(dot(column, column)));
  const order = lengths.map((_, j) => j).sort((i, j) => lengths[j] - lengths[i] || i - j);
  const left = order.map((j) => {
    const length = lengths[j];
    return length === 0 ? null : columns[j].map((x) => x / length);
  });
  return {
    u: joined(completed(left, m), m),
    s: Float64Array.from(order, (j) => lengths[j] * scale),
    v: joined(
      order.map((j) => right[j]),
      n,
    ),
  };
}

/** Rotates every pair of columns that is not orthogonal, and the same columns of V; whether there was one. */
function sweep(columns: Float64Array[], right: Float64Array[]): boolean {
  const tolerance = Number.EPSILON * Math.sqrt(columns[0]?.length ?? 0);
  // Long columns first: fewer sweeps are needed.
  const order = columns.map((column, j) => ({ column, other: right[j], square: dot(column, column) }));
  order.sort((x, y) => y.square - x.square);
  const squares = Float64Array.from(order, ({ square }) => square);
  order.forEach(({ column, other }, j) => {
    columns[j] = column;
    right[j] = other;
  });
  let rotated = false;
  for (let p = 0; p < columns.length - 1; p++) {
    for (let q = p + 1; q < columns.length; q++) {
      const gamma = dot(columns[p], columns[q]);
      if (Math.abs(gamma) <= tolerance * Math.sqrt(squares[p]) * Math.sqrt(squares[q])) continue;
      rotated = true;
      const zeta = (squares[q] - squares[p]) / (2 * gamma);
      const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
      const c = 1 / Math.hypot(1, t);
      rotate(columns[p], columns[q], c, c * t);
      rotate(right[p], right[q], c, c * t);
      // Measured anew: sums and differences with t * gamma would lose what little is left of a short column.
      squares[p] = dot(columns[p], columns[p]);
      squares[q] = dot(columns[q], columns[q]);
    }
  }
  return rotated;
}

function rotate(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let i = 0; i < x.length; i++) {
    const kept = x[i];
    x[i] = c * kept - s * y[i];
    y[i] = s * kept + c * y[i];
  }
}

function dot(x: Float64Array, y: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i] * y[i];
  return sum;
}

/** Orthonormal vectors of which some are missing, with unit vectors cleaned of the others in their places. */
function completed(vectors: readonly (Float64Array | null)[], size: number): Float64Array[] {
  const known = vectors.filter((x) => x !== null);
  return vectors.map((x, k) => {
    if (x !== null) return x;
    for (let i = 0; ; i++) {
      const unit = new Float64Array(size);
      unit[(k + i) % size] = 1;
      // Twice, so that rounding leaves nothing of the others.
      for (let pass = 0; pass < 2; pass++) {
        for (const other of known) {
          const part = dot(unit, other);
          for (let j = 0; j < size; j++) unit[j] -= part * other[j];
        }
      }
      const length = Math.sqrt(dot(unit, unit));
      // Of the unit vectors at least one has so much left.
      if (length * length * size < 0.5) continue;
      const made = unit.map((value) => value / length);
      known.push(made);
      return made;
    }
  });
}

/** Vectors as the columns of a matrix, row-major. */
function joined(vectors: readonly Float64Array[], size: number): Float64Array {
  const k = vectors.length;
  return Float64Array.from({ length: size * k }, (_, i) => vectors[i % k][Math.floor(i / k)]);
}

function transposed(a: Float64Array, m: number, n: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, i) => a[(i % m) * n + Math.floor(i / m)]);
}
