import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { defineMulti } from "../dispatch/op.ts";
import { runMulti } from "../dispatch/run.ts";
import { svd } from "../linalg/svd.ts";
import { Tensor } from "../tensor.ts";
import { checkNdims } from "./check-dims.ts";
import { computeOnHost, matrixAt } from "./host-matrices.ts";
import { floatInput } from "./reduction.ts";

const svdOp = defineMulti(
  "svd",
  ([x]) => {
    const [m, n] = x.shape.slice(-2);
    const k = Math.min(m, n);
    return [[m, k], [k], [n, k]].map((sizes) =>
      Tensor.empty(x.storage.backend, [...x.shape.slice(0, -2), ...sizes], x.dtype),
    );
  },
  ([x], _, outputs) => {
    if (outputs[1].numel() === 0) return;
    const [m, n] = x.shape.slice(-2);
    const k = Math.min(m, n);
    computeOnHost([x], outputs, ([matrices], [us, values, vs]) => {
      for (let i = 0; i < values.length / k; i++) {
        const { u, s, v } = svd(matrixAt(matrices, i, m * n), m, n);
        us.set(u, i * m * k);
        values.set(s, i * k);
        vs.set(v, i * n * k);
      }
    });
  },
);

/**
 * U `[..., m, k]`, the singular values `[..., k]` and V `[..., n, k]` of matrices `[..., m, n]`, with k = min(m, n).
 *
 * @internal
 */
export function thinSvd(x: Tensor): readonly [u: Tensor, s: Tensor, v: Tensor] {
  return runMulti(svdOp, [x], undefined);
}

const SVDVALS = "svdvals(A)";

/**
 * The singular values of matrices `[..., m, n]` in falling order: `[..., min(m, n)]`. Computed on the CPU in double precision,
 * whatever the device. Source: one-sided Jacobi rotations, Golub and Van Loan, Matrix Computations, 4th ed., 8.6.3.
 *
 * @throws ShapeError when there are fewer than two dimensions; DTypeError when the dtype is no float; LinAlgError when an element
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
  return thinSvd(from)[1];
});
