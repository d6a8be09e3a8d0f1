/** Conjugate transposes, which are transposes. */
import { formatShape, ShapeError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";

const H_SIGNATURE = "H(input)";

/**
 * The conjugate transpose of a matrix, which is the transpose: a view. A scalar stays as it is.
 *
 * @throws ShapeError for one dimension, or three and more.
 *
 * @example
 * ```ts
 * import { H } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(H(tensor([[1, 2], [3, 4]]))));
 * // tensor([[1., 3.],
 * //         [2., 4.]])
 * ```
 */
export const H: Callable<typeof H_SIGNATURE, Tensor> = callable(H_SIGNATURE, (x) => {
  if (x.ndim !== 0 && x.ndim !== 2)
    throw new ShapeError(`H takes a matrix; got shape ${formatShape(x.shape)} (mH takes batches)`);
  return swapped("H", x);
});

const MH = "mH(input)";

/**
 * The conjugate transposes of matrices `[..., m, n]`, which are the transposes: a view. A scalar stays as it is.
 *
 * @throws ShapeError for one dimension.
 *
 * @example
 * ```ts
 * import { mH } from "@flambeau/ops";
 * import { zeros } from "@flambeau/tensor";
 *
 * console.log(mH(zeros([5, 2, 3])).shape);
 * // [ 5, 3, 2 ]
 * ```
 */
export const mH: Callable<typeof MH, Tensor> = callable(MH, (x) => swapped("mH", x));

const ADJOINT = "adjoint(input)";

/**
 * As `mH`.
 *
 * @throws ShapeError for one dimension.
 *
 * @example
 * ```ts
 * import { adjoint } from "@flambeau/ops";
 * import { zeros } from "@flambeau/tensor";
 *
 * console.log(adjoint(zeros([5, 2, 3])).shape);
 * // [ 5, 3, 2 ]
 * ```
 */
export const adjoint: Callable<typeof ADJOINT, Tensor> = callable(ADJOINT, (x) => swapped("adjoint", x));

function swapped(what: string, x: Tensor): Tensor {
  if (x.ndim === 0) return x;
  if (x.ndim === 1)
    throw new ShapeError(`${what} takes matrices, or batches of them; got shape ${formatShape(x.shape)}`);
  return x.transpose(-2, -1);
}
