/*
 * Eigenvalues and vectors of a matrix of no symmetry, all of whose eigenvalues are real, by the steps of LAPACK's dgeev: balanced, brought
 * into Schur form, solved backwards.
 */
import { LinAlgError } from "@flambeau/backend";
import { balance, unbalance } from "./balance.ts";
import { lengthOf } from "./length.ts";
import { realSchur, type Schur } from "./schur.ts";
import type { Eigen } from "./symmetric.ts";

/** Elements outside of this range to its inverse are scaled, so that products of three neither overflow nor vanish. */
const LARGE = 2 ** 300;
/** LAPACK's smallest divisor. */
const LEAST = 2 ** -970;

/**
 * Of an n x n matrix, which is overwritten. Null where two eigenvalues are a complex pair.
 *
 * @throws LinAlgError when an element is infinite or nan, or the eigenvalues do not converge.
 */
export function eigenOf(a: Float64Array, n: number): Eigen | null {
  const wrong = a.find((x) => !Number.isFinite(x));
  if (wrong !== undefined) throw new LinAlgError(`eig: the matrix must be finite; it holds ${wrong}`);
  const largest = a.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const isExtreme = largest > 0 && (largest > LARGE || largest < 1 / LARGE);
  const scale = isExtreme ? 2 ** Math.min(1023, Math.floor(Math.log2(largest))) : 1;
  if (isExtreme) for (let i = 0; i < a.length; i++) a[i] /= scale;
  const balanced = balance(a, n);
  const schur = realSchur(a, n);
  if (schur === null) return null;
  const vectors = eigenvectorsOf(schur, n);
  normalize(vectors, n);
  unbalance(vectors, n, balanced);
  normalize(vectors, n);
  return { values: Float64Array.from({ length: n }, (_, i) => schur.t[i * n + i] * scale), vectors };
}

/** Above this a vector is made shorter. */
const LONG = 2 ** 300;

/** Eigenvectors of A as columns, by back substitution in T: (T - lambda) y = 0, and Z y. */
function eigenvectorsOf({ t, z }: Schur, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let j = 0; j < n; j++) {
    const y = solvedBackwards(t, n, j);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let l = 0; l <= j; l++) sum += z[i * n + l] * y[l];
      out[i * n + j] = sum;
    }
  }
  return out;
}

/** The y of (T - lambda) y = 0 for the eigenvalue number j. */
function solvedBackwards(t: Float64Array, n: number, j: number): Float64Array {
  const lambda = t[j * n + j];
  // Equal eigenvalues differ by so much, as in LAPACK's dtrevc: of a Jordan block the vectors are parallel to rounding.
  const least = Math.max(Number.EPSILON * Math.abs(lambda), LEAST);
  const y = new Float64Array(n);
  y[j] = 1;
  for (let i = j - 1; i >= 0; i--) {
    let sum = 0;
    for (let l = i + 1; l <= j; l++) sum += t[i * n + l] * y[l];
    const gap = t[i * n + i] - lambda;
    const divisor = Math.abs(gap) < least ? least : gap;
    if (Math.abs(sum) > LONG * Math.abs(divisor)) {
      const shorter = Math.abs(divisor / sum);
      for (let l = i + 1; l <= j; l++) y[l] *= shorter;
      y[i] = -Math.sign(sum) * Math.sign(divisor);
    } else y[i] = -sum / divisor;
  }
  return y;
}

/** Makes each column's length 1. */
function normalize(vectors: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    const length = lengthOf(Float64Array.from({ length: n }, (_, i) => vectors[i * n + j]));
    for (let i = 0; i < n; i++) vectors[i * n + j] /= length;
  }
}
