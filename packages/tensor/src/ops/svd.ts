import { numel } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { svd } from "../linalg/svd.ts";
import { named, record } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { checkNdims } from "./check-dims.ts";
import { computeOnHost, matrixAt } from "./host-matrices.ts";
import { select } from "./parts.ts";
import { floatInput } from "./reduction.ts";

/**
 * The singular value decomposition of matrices `[..., m, n]` as one tensor `[..., m + n + 1, k]` with k = min(m, n): the m rows of
 * U, the n rows of V, the singular values. One tensor, because an op that is recorded has one result.
 */
function packedSvd(x: Tensor): Tensor {
  const [m, n] = x.shape.slice(-2);
  const k = Math.min(m, n);
  const batch = x.shape.slice(0, -2);
  const out = Tensor.empty(x.storage.backend, [...batch, m + n + 1, k], x.dtype);
  if (out.numel() > 0) {
    computeOnHost([x], [out], ([matrices], [packed]) => {
      for (let i = 0; i < numel(batch); i++) {
        const { u, s, v } = svd(matrixAt(matrices, i, m * n), m, n);
        const start = i * (m + n + 1) * k;
        packed.set(u, start);
        packed.set(v, start + m * k);
        packed.set(s, start + (m + n) * k);
      }
    });
  }
  return record("svd", [x], undefined, out);
}

const SVDVALS = "svdvals(A)";

/**
 * The singular values of matrices `[..., m, n]` in falling order: `[..., min(m, n)]`. Computed on the CPU in double precision,
 * whatever the device. Source: one-sided Jacobi rotations, Golub and Van Loan, Matrix Computations, 4th ed., 8.6.3.
 *
 * @throws ShapeError when there are fewer than two dimensions; DTypeError when the dtype is no float; ValueError when an element
 *   is infinite or nan (of a device that cannot be read at once, the next read throws it).
 *
 * @example
 * ```ts
 * import { linalg, tensor } from "@flambeau/tensor";
 *
 * console.log(String(linalg.svdvals(tensor([[3, 0], [4, 5]]))));
 * // tensor([6.7082, 2.2361])
 * ```
 */
export const svdvals: Callable<typeof SVDVALS, Tensor> = callable(SVDVALS, (x) => {
  checkNdims("svdvals takes matrices [..., m, n]", x, 2, Infinity);
  const from = floatInput("svdvals", x, {});
  const [m, n] = x.shape.slice(-2);
  return named(select(packedSvd(from), -2, m + n), "LinalgSvd");
});
