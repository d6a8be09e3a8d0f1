import { derived } from "@flambeau/autograd";
import { AutogradError, quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, cat, type NamedTuple, namedTuple, type Tensor } from "@flambeau/tensor";
import { batchOf, checkMatrices } from "./checks.ts";
import { factorQR, productOfReflections } from "./host/reflections.ts";
import { diagonalOf, onDiagonal } from "./masks.ts";
import { onMatrices } from "./on-host.ts";
import { triangularSolution } from "./solve-triangular.ts";

/** Which part of Q is given: as many columns as R has rows that are not zero, all of them, or none. */
export type QRMode = "reduced" | "complete" | "r";

/** The factors of `A = Q R`. */
export interface QR {
  /** Orthonormal columns: `[..., m, k]`, `[..., m, m]` for "complete"; empty for "r". */
  readonly Q: Tensor;
  /** Upper triangular: `[..., k, n]`, `[..., m, n]` for "complete". */
  readonly R: Tensor;
}

const QR = "qr(A, mode: string = 'reduced')";

interface Mode {
  /** `"reduced"`, `"complete"` or `"r"`. */
  readonly mode: QRMode;
}

/**
 * The QR factors of matrices `[..., m, n]`, by Householder reflections (Golub and Van Loan, Matrix Computations, 4th ed., 5.2) with
 * LAPACK's signs, in double precision on the CPU whatever the device.
 *
 * @param mode - `"reduced"` (default): Q is `[..., m, k]` with k = min(m, n); `"complete"`: Q is `[..., m, m]`; `"r"`: only R.
 * @throws ValueError when there is no such mode; ShapeError when there are fewer than two dimensions; DTypeError when the dtype is
 *   neither float32 nor float64; AutogradError in `backward` of "r", and of "complete" with more rows than columns, which have no
 *   derivative.
 *
 * @example
 * ```ts
 * import { qr } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [Q, R] = qr(tensor([[3, 1], [4, 2]]));
 * console.log(String(R));
 * // tensor([[-5.0000, -2.2000],
 * //         [ 0.0000,  0.4000]])
 * ```
 */
export const qr: Callable<typeof QR, NamedTuple<QR>, Mode> = callable<typeof QR, NamedTuple<QR>, Mode>(
  QR,
  (A, mode) => {
    if (mode !== "reduced" && mode !== "complete" && mode !== "r")
      throw new ValueError(`qr: the mode is "reduced", "complete" or "r"; got ${quote(mode)}`);
    checkMatrices("qr", A);
    const [Q, R] = derived(
      {
        name: "LinalgQr",
        run: ([a]) => factorsOf(a, mode),
        backward: ({ grads: [gQ, gR], outputs: [q, r] }) => [qrGradient(gQ, gR, q, r, mode)],
      },
      A,
    );
    return namedTuple({ Q, R });
  },
);

function factorsOf(A: Tensor, mode: QRMode): Tensor[] {
  const [m, n] = A.shape.slice(-2);
  const rows = mode === "complete" ? m : Math.min(m, n);
  const columns = mode === "r" ? 0 : rows;
  const outputs = onMatrices([A], batchOf(A), [[[m, columns]], [[rows, n]]], ([a], [q, r]) => {
    const tau = new Float64Array(Math.min(m, n));
    factorQR(a, m, n, tau);
    if (columns > 0) q.set(productOfReflections(a, m, n, tau, columns));
    for (let i = 0; i < Math.min(rows, n); i++) r.set(a.subarray(i * n + i, (i + 1) * n), i * n + i);
  });
  return mode === "r" ? [outputs[0].flatten().narrow(0, 0, 0), outputs[1]] : outputs;
}

/**
 * Source: Walter and Lehmann, "Algorithmic differentiation of linear algebra functions with application in optimum experimental
 * design", 2010. Columns beyond the square follow R: A2 = Q R2.
 */
function qrGradient(gQ: Tensor | null, gR: Tensor | null, Q: Tensor, R: Tensor, mode: QRMode): Tensor {
  const [m, n] = [Q.shape[Q.ndim - 2], R.shape[R.ndim - 1]];
  if (mode === "r")
    throw new AutogradError(
      `qr: the derivative needs Q, which { mode: "r" } does not compute; use { mode: "reduced" }`,
    );
  if (mode === "complete" && m > n)
    throw new AutogradError(
      `qr: with { mode: "complete" } and more rows than columns there is no derivative`,
    );
  if (m >= n) return squareGradient(gQ, gR, Q, R);
  if (gR === null) return beside(squareGradient(gQ, null, Q, R.narrow(-1, 0, m)), null, n - m);
  const [gR1, gR2] = [gR.narrow(-1, 0, m), gR.narrow(-1, m, n - m)];
  const A2 = Q.matmul(R.narrow(-1, m, n - m));
  const ofQ = A2.matmul(gR2.mT);
  const first = squareGradient(gQ === null ? ofQ : gQ.add(ofQ), gR1, Q, R.narrow(-1, 0, m));
  return beside(first, Q.matmul(gR2), n - m);
}

/** Where there are not more columns than rows. */
function squareGradient(gQ: Tensor | null, gR: Tensor | null, Q: Tensor, R: Tensor): Tensor {
  let inner = gR === null ? null : gR.matmul(R.mT);
  if (gQ !== null) {
    const ofQ = Q.mT.matmul(gQ);
    inner = inner === null ? ofQ.neg() : inner.sub(ofQ);
  }
  const upper = (inner as Tensor).triu();
  const symmetric = upper.add(upper.mT).sub(onDiagonal(diagonalOf(upper)));
  const product = Q.matmul(symmetric);
  const sum = gQ === null ? product : product.add(gQ);
  return triangularSolution(R.mT, sum, { upper: false, left: false, unitriangular: false });
}

/** Columns beside others; zeros where there are none. */
function beside(first: Tensor, second: Tensor | null, columns: number): Tensor {
  const [m] = first.shape.slice(-2);
  return cat([first, second ?? first.newZeros([...batchOf(first), m, columns])], -1);
}
