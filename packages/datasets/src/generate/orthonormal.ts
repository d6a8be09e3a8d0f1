/**
 * The orthonormal factor Q of the reduced QR decomposition of a rows x columns matrix (rows >= columns), row by row, by
 * Householder reflections with LAPACK's signs (`dgeqrf`, `dorgqr`).
 */
export function orthonormal(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const a = matrix.slice();
  const scales = Array.from({ length: columns }, (_, j) => reduceColumn(a, rows, columns, j));
  const q = new Float64Array(rows * columns);
  for (let j = 0; j < columns; j++) q[j * columns + j] = 1;
  for (let j = columns - 1; j >= 0; j--) {
    const v = reflector(a, rows, columns, j);
    for (let k = j; k < columns; k++) reflect(q, columns, k, v, scales[j]);
  }
  return q;
}

/** A reflection's vector, from its first row on. */
interface Reflector {
  readonly start: number;
  readonly values: Float64Array;
}

/** Reflects column j onto its first entry, keeps the reflector below it, and returns the reflector's scale. */
function reduceColumn(a: Float64Array, rows: number, columns: number, j: number): number {
  let square = 0;
  for (let i = j + 1; i < rows; i++) square += a[i * columns + j] ** 2;
  if (square === 0) return 0;
  const alpha = a[j * columns + j];
  const beta = -Math.sign(alpha || 1) * Math.sqrt(alpha * alpha + square);
  for (let i = j + 1; i < rows; i++) a[i * columns + j] /= alpha - beta;
  a[j * columns + j] = beta;
  const scale = (beta - alpha) / beta;
  const v = reflector(a, rows, columns, j);
  for (let k = j + 1; k < columns; k++) reflect(a, columns, k, v, scale);
  return scale;
}

function reflector(a: Float64Array, rows: number, columns: number, j: number): Reflector {
  const values = Float64Array.from({ length: rows - j }, (_, i) => (i === 0 ? 1 : a[(i + j) * columns + j]));
  return { start: j, values };
}

/** Applies a reflection to column k. */
function reflect(
  a: Float64Array,
  columns: number,
  k: number,
  { start, values }: Reflector,
  scale: number,
): void {
  let dot = 0;
  for (let i = 0; i < values.length; i++) dot += values[i] * a[(start + i) * columns + k];
  for (let i = 0; i < values.length; i++) a[(start + i) * columns + k] -= scale * dot * values[i];
}
