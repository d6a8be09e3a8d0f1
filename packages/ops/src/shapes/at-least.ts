/** Dimensions of size one added until there are as many as wanted. */
import { type Callable, callable, type Overloaded, overloaded, type Tensor } from "@flambeau/tensor";

const ONE = "atleast1d(input)";
const ALL_ONE = "atleast1d(tensors)";

const oneOf = (x: Tensor): Tensor => (x.ndim === 0 ? x.reshape([1]) : x);

/**
 * A tensor with one dimension at least, or an array of tensors of which each has: a scalar becomes a vector of one element.
 *
 * @example
 * ```ts
 * import { atleast1d } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(atleast1d(tensor(2))));
 * // tensor([2.])
 * console.log(atleast1d([tensor(2), tensor([3, 4])]).map(String));
 * // [ 'tensor([2.])', 'tensor([3., 4.])' ]
 * ```
 */
export const atleast1d: Overloaded<[Callable<typeof ONE, Tensor>, Callable<typeof ALL_ONE, Tensor[]>]> =
  overloaded(
    callable(ONE, oneOf),
    callable(ALL_ONE, (tensors) => tensors.map(oneOf)),
  );

const TWO = "atleast2d(input)";
const ALL_TWO = "atleast2d(tensors)";

const twoOf = (x: Tensor): Tensor => (x.ndim === 0 ? x.reshape([1, 1]) : x.ndim === 1 ? x.unsqueeze(0) : x);

/**
 * A tensor with two dimensions at least, or an array of tensors of which each has: a vector becomes a row.
 *
 * @example
 * ```ts
 * import { atleast2d } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(atleast2d(tensor([3, 4]))));
 * // tensor([[3., 4.]])
 * console.log(atleast2d([tensor(2), tensor([3, 4])]).map((x) => x.shape));
 * // [ [ 1, 1 ], [ 1, 2 ] ]
 * ```
 */
export const atleast2d: Overloaded<[Callable<typeof TWO, Tensor>, Callable<typeof ALL_TWO, Tensor[]>]> =
  overloaded(
    callable(TWO, twoOf),
    callable(ALL_TWO, (tensors) => tensors.map(twoOf)),
  );

const THREE = "atleast3d(input)";
const ALL_THREE = "atleast3d(tensors)";

const threeOf = (x: Tensor): Tensor => {
  if (x.ndim > 2) return x;
  return x.ndim === 0 ? x.reshape([1, 1, 1]) : twoOf(x).unsqueeze(-1);
};

/**
 * A tensor with three dimensions at least, or an array of tensors of which each has: a vector of n elements becomes `[1, n, 1]`, a matrix
 * `[m, n, 1]`.
 *
 * @example
 * ```ts
 * import { atleast3d } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(atleast3d(ones([2])).shape);
 * // [ 1, 2, 1 ]
 * console.log(atleast3d([ones([2, 3]), ones([2, 3, 4])]).map((x) => x.shape));
 * // [ [ 2, 3, 1 ], [ 2, 3, 4 ] ]
 * ```
 */
export const atleast3d: Overloaded<[Callable<typeof THREE, Tensor>, Callable<typeof ALL_THREE, Tensor[]>]> =
  overloaded(
    callable(THREE, threeOf),
    callable(ALL_THREE, (tensors) => tensors.map(threeOf)),
  );
