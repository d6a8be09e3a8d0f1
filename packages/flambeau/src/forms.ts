/**
 * Functions in the form that torch itself has them, where that is another one than that of its namespaces.
 *
 * @module
 */
import { formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { functional as F } from "@flambeau/nn";
import { type Callable, callable, cat, cumprod, onesLike, type Tensor } from "@flambeau/tensor";

const VANDER = "vander(x: tensor, N?: int, increasing = false)";

interface Powers {
  /** The vector whose powers are taken: `[n]`. */
  readonly x: Tensor;
  /** How many powers. Default: as many as there are elements. */
  readonly N: number | null;
  /** Whether the powers rise from 0, and do not fall to it. */
  readonly increasing: boolean;
}

/**
 * The powers N - 1 to 0 of each element of a vector, `[n, N]`: a Vandermonde matrix. `linalg.vander` has rising powers, and batches.
 *
 * @throws ShapeError when `x` is no vector; ValueError when N is negative or no integer.
 *
 * @example
 * ```ts
 * import { tensor, vander } from "flambeau";
 *
 * console.log(String(vander(tensor([1, 2, 3]))));
 * // tensor([[1., 1., 1.],
 * //         [4., 2., 1.],
 * //         [9., 3., 1.]])
 * ```
 */
export const vander: Callable<typeof VANDER, Tensor, Powers> = callable<typeof VANDER, Tensor, Powers>(
  VANDER,
  (x, N, increasing) => {
    if (x.ndim !== 1) throw new ShapeError(`vander takes a vector; got shape ${formatShape(x.shape)}`);
    const count = N ?? x.shape[0];
    if (!Number.isInteger(count) || count < 0)
      throw new ValueError(`vander: N is an integer from 0; got ${quote(count)}`);
    const column = (x.dtype === "bool" ? x.to("int64") : x).unsqueeze(1);
    const rising = cat([onesLike(column.detach()), cumprod(column.expand([x.shape[0], count]), 1)], 1);
    const powers = rising.narrow(1, 0, count);
    return increasing ? powers : powers.flip([1]);
  },
);

const CONSTANT_PAD_ND = "constantPadNd(input, pad: ints, value: number|bool = 0)";

/**
 * `F.pad` in its constant mode: elements added around a tensor, `[before, after]` of the last dimension, then of the one before it, and so on.
 *
 * @param value - what is added.
 * @throws ValueError when the paddings are no pairs of integers; ShapeError when there are more pairs than dimensions, or more elements are
 *   taken away than there are.
 *
 * @example
 * ```ts
 * import { constantPadNd, ones } from "flambeau";
 *
 * console.log(String(constantPadNd(ones([2, 2]), [1, 0], 5)));
 * // tensor([[5., 1., 1.],
 * //         [5., 1., 1.]])
 * ```
 */
export const constantPadNd: Callable<typeof CONSTANT_PAD_ND, Tensor> = callable(
  CONSTANT_PAD_ND,
  (x, padding, value) => F.pad(x, padding, "constant", Number(value)),
);
