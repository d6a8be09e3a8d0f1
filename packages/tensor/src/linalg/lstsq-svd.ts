import { checkSizes, type LeastSquares } from "./lstsq.ts";
import { powerOfTwoNear } from "./scale.ts";
import { svd } from "./svd.ts";

/**
 * As `lstsq`, by singular values: those above `rcond` times the largest count towards the rank, the others as zero. What
 * LAPACK's dgelsd and dgelss give.
 *
 * @throws ShapeError when an array is not as long as its shape says; LinAlgError when a number is infinite or NaN.
 */
export function lstsqSvd(
  a: Float64Array,
  m: number,
  n: number,
  b: Float64Array,
  k: number,
  rcond: number,
): LeastSquares {
  checkSizes(a, m, n, b, k);
  const scale = powerOfTwoNear("lstsq: B", b);
  const { u, s, v } = svd(a, m, n);
  let rank = 0;
  while (rank < s.length && s[rank] > rcond * s[0]) rank++;
  const solution = new Float64Array(n * k);
  const residuals = new Float64Array(m > n && rank === n ? k : 0);
  for (let j = 0; j < k; j++) {
    const rest = Float64Array.from({ length: m }, (_, i) => b[i * k + j] / scale);
    for (let r = 0; r < rank; r++) {
      let part = 0;
      for (let i = 0; i < m; i++) part += u[i * s.length + r] * rest[i];
      // What remains is orthogonal to the columns so far.
      for (let i = 0; i < m; i++) rest[i] -= part * u[i * s.length + r];
      for (let i = 0; i < n; i++) solution[i * k + j] += (part / s[r]) * scale * v[i * s.length + r];
    }
    if (j < residuals.length) residuals[j] = rest.reduce((sum, x) => sum + (x * scale) ** 2, 0);
  }
  return { solution, residuals, rank, singularValues: s };
}
