import { LinAlgError } from "@flambeau/backend";
import { applyQ, applyQTransposed, factorQR } from "./householder.ts";
import { checkSizes, type LeastSquares, residualsBelow } from "./lstsq.ts";
import { powerOfTwoNear } from "./scale.ts";
import { solveUpper, solveUpperTransposed } from "./triangular.ts";

/**
 * As `lstsq` for a matrix that is taken to have full rank: QR without pivoting, of A' where A is wide. The method of LAPACK's
 * dgels; the rank is not looked at.
 *
 * @throws ShapeError when an array is not as long as its shape says; LinAlgError when a number is infinite or NaN, or a
 *   diagonal element of R is zero.
 */
export function lstsqFullRank(
  a: Float64Array,
  m: number,
  n: number,
  b: Float64Array,
  k: number,
): LeastSquares {
  checkSizes(a, m, n, b, k);
  const rank = Math.min(m, n);
  const scaleA = powerOfTwoNear("lstsq: A", a);
  const scaleB = powerOfTwoNear("lstsq: B", b);
  const isWide = m < n;
  const at = (i: number): number => (isWide ? a[(i % m) * n + Math.floor(i / m)] : a[i]) / scaleA;
  const [rows, columns] = isWide ? [n, m] : [m, n];
  const qr = factorQR(
    Float64Array.from({ length: m * n }, (_, i) => at(i)),
    rows,
    columns,
    false,
  );
  for (let i = 0; i < rank; i++) {
    if (qr.factors[i * columns + i] === 0)
      throw new LinAlgError('lstsq: A does not have full rank, which driver "gels" takes for granted');
  }
  const target = new Float64Array(rows * k);
  target.set(b.map((value) => value / scaleB));
  if (isWide) {
    solveUpperTransposed(qr.factors, columns, rank, target, k);
    applyQ(qr, target, k);
  } else {
    applyQTransposed(qr, target, k);
  }
  const residuals = isWide ? new Float64Array(0) : residualsBelow(target, m, n, k, scaleB);
  if (!isWide) solveUpper(qr.factors, columns, rank, target, k);
  const solution = target.slice(0, n * k).map((value) => value * (scaleB / scaleA));
  return { solution, residuals, rank };
}
