import { DTypeError, formatShape, isFloat, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, norm, type Tensor, triuIndices } from "@flambeau/tensor";

const PDIST = "pdist(input, p: number = 2)";

/**
 * The distances of all pairs of rows of a matrix, those of the first row to the others first: `[n, m]` to `[n * (n - 1) / 2]`.
 *
 * @throws ShapeError when it is no matrix; DTypeError when it is no float; ValueError when `p` is negative.
 *
 * @example
 * ```ts
 * import { F, tensor } from "flambeau";
 *
 * console.log(F.pdist(tensor([[0, 0], [3, 4], [0, 1]])));
 * // tensor([5.0000, 1.0000, 4.2426])
 * ```
 */
export const pdist: Callable<typeof PDIST, Tensor> = callable(PDIST, (x, p) => {
  if (x.ndim !== 2) throw new ShapeError(`pdist takes a matrix; got shape ${formatShape(x.shape)}`);
  if (!isFloat(x.dtype)) throw new DTypeError(`pdist takes floats; got ${x.dtype}`);
  if (!(p >= 0)) throw new ValueError(`pdist: p is a number from 0; got ${quote(p)}`);
  const n = x.shape[0];
  const pairs = triuIndices(n, n, 1).to(x.device);
  const rows = (k: number): Tensor => x.indexSelect(0, pairs.select(0, k));
  return norm(rows(0).sub(rows(1)), p, 1);
});
