/** Products of vectors and chains of matrices, and matrices of powers. */
import { formatShape, quote, ShapeError, ValueError } from "@flambeau/backend";
import { type Callable, callable, cat, matmul, named, onesLike, type Tensor } from "@flambeau/tensor";
import { checkFloat } from "./checks.ts";

export { matmul } from "@flambeau/tensor";

const CROSS = "cross(input, other: tensor, *, dim: int = -1)";

/**
 * The cross product of vectors of size 3 along a dimension; the others broadcast.
 *
 * @throws ShapeError when the sizes along the dimension are not 3, or the shapes do not broadcast; DTypeError when the dtypes differ.
 *
 * @example
 * ```ts
 * import { cross } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(cross(tensor([1, 0, 0]), tensor([0, 1, 0]))));
 * // tensor([0., 0., 1.])
 * ```
 */
export const cross: Callable<typeof CROSS, Tensor> = callable(CROSS, (a, b, { dim }) => {
  if (a.ndim !== b.ndim || a.shape.at(dim) !== 3 || b.shape.at(dim) !== 3)
    throw new ShapeError(
      `cross takes vectors of size 3 along dimension ${dim}; got shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    );
  const next = (x: Tensor, by: number): Tensor => x.roll(-by, dim);
  return named(
    next(a, 1)
      .mul(next(b, 2))
      .sub(next(a, 2).mul(next(b, 1))),
    "LinalgCross",
  );
});

const VECDOT = "vecdot(x: tensor, y: tensor, *, dim: int = -1)";

interface Vectors {
  /** The first vectors. */
  readonly x: Tensor;
  /** The second vectors. */
  readonly y: Tensor;
}

/**
 * The dot products of vectors along a dimension; the shapes broadcast.
 *
 * @throws ShapeError when the shapes do not broadcast; DTypeError when the dtypes differ or are no floats; IndexError when there is no such
 *   dimension.
 *
 * @example
 * ```ts
 * import { vecdot } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(vecdot(tensor([[1, 2], [3, 4]]), tensor([5, 6]))));
 * // tensor([17., 39.])
 * ```
 */
export const vecdot: Callable<typeof VECDOT, Tensor, Vectors> = callable<typeof VECDOT, Tensor, Vectors>(
  VECDOT,
  (x, y, { dim }) => {
    checkFloat("vecdot", x, y);
    return x.mul(y).sum(dim);
  },
);

const VANDER = "vander(x: tensor, *, N?: int)";

interface Powers {
  /** The vectors whose powers are taken: `[..., n]`. */
  readonly x: Tensor;
  /** How many powers. Default: as many as there are elements. */
  readonly N: number | null;
}

/**
 * The powers 0 to N - 1 of each element, in a new last dimension: `[..., n, N]`.
 *
 * @throws ValueError when N is not 2 or more.
 *
 * @example
 * ```ts
 * import { vander } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(vander(tensor([1, 2, 3]))));
 * // tensor([[1., 1., 1.],
 * //         [1., 2., 4.],
 * //         [1., 3., 9.]])
 * ```
 */
export const vander: Callable<typeof VANDER, Tensor, Powers> = callable<typeof VANDER, Tensor, Powers>(
  VANDER,
  (given, { N }) => {
    const x = given.ndim === 0 ? given.reshape([1]) : given;
    const count = N ?? x.shape[x.ndim - 1];
    if (!Number.isInteger(count) || count < 2)
      throw new ValueError(`vander: N is an integer of 2 or more; got ${quote(count)}`);
    const column = x.unsqueeze(-1);
    const powers = column.expand([...x.shape, count - 1]).cumprod(-1);
    return cat([onesLike(column.detach()).to(powers.dtype), powers], -1);
  },
);

const MULTI_DOT = "multiDot(tensors)";

/**
 * The product of several matrices, in the order of multiplication that takes the fewest steps (Cormen, Leiserson, Rivest and Stein,
 * Introduction to Algorithms, 15.2). The first may be a vector, which counts as a row, and the last one, which counts as a column.
 *
 * @throws ShapeError when there are fewer than two tensors, one in the middle is no matrix, or the sizes do not fit; DTypeError when the
 *   dtypes differ.
 *
 * @example
 * ```ts
 * import { multiDot } from "@flambeau/linalg";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(multiDot([ones([2, 9]), ones([9, 3]), ones([3])]).shape);
 * // [ 2 ]
 * ```
 */
export const multiDot: Callable<typeof MULTI_DOT, Tensor> = callable(MULTI_DOT, (tensors) =>
  chain("multiDot", tensors),
);

/**
 * The product of several matrices, each an argument, in the order of multiplication that takes the fewest steps. See `multiDot`.
 *
 * @throws ShapeError when there is none, one is no matrix, or the sizes do not fit; DTypeError when the dtypes differ.
 *
 * @example
 * ```ts
 * import { chainMatmul } from "@flambeau/linalg";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(chainMatmul(ones([2, 9]), ones([9, 3]), ones([3, 4])).shape);
 * // [ 2, 4 ]
 * ```
 */
export function chainMatmul(...tensors: readonly Tensor[]): Tensor {
  if (tensors.length === 0) throw new ShapeError("chainMatmul takes matrices; got none");
  for (const x of tensors) {
    if (x.ndim !== 2) throw new ShapeError(`chainMatmul takes matrices; got shape ${formatShape(x.shape)}`);
  }
  return tensors.length === 1 ? tensors[0] : chain("chainMatmul", tensors);
}

function chain(what: string, tensors: readonly Tensor[]): Tensor {
  const count = tensors.length;
  if (count < 2) throw new ShapeError(`${what} takes two tensors or more; got ${count}`);
  tensors.forEach((x, i) => {
    if (x.ndim !== 2 && !(x.ndim === 1 && (i === 0 || i === count - 1)))
      throw new ShapeError(`${what}: tensor ${i} is no matrix; its shape is ${formatShape(x.shape)}`);
  });
  const isRow = tensors[0].ndim === 1;
  const isColumn = tensors[count - 1].ndim === 1;
  const matrices = tensors.map((x, i) => (x.ndim === 2 ? x : x.unsqueeze(i === 0 ? 0 : 1)));
  const sizes = [matrices[0].shape[0], ...matrices.map((x) => x.shape[1])];
  const splits = bestSplits(sizes);
  const multiply = (i: number, j: number): Tensor =>
    i === j ? matrices[i] : matmul(multiply(i, splits[i][j]), multiply(splits[i][j] + 1, j));
  let product = multiply(0, count - 1);
  if (isColumn) product = product.squeeze(-1);
  return isRow ? product.squeeze(0) : product;
}

/** Behind which matrix the product of those from i to j is best split. */
function bestSplits(sizes: readonly number[]): number[][] {
  const count = sizes.length - 1;
  const costs = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  const splits = Array.from({ length: count }, () => new Array<number>(count).fill(0));
  for (let length = 1; length < count; length++) {
    for (let i = 0; i + length < count; i++) {
      const j = i + length;
      costs[i][j] = Infinity;
      for (let k = i; k < j; k++) {
        const cost = costs[i][k] + costs[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1];
        if (cost < costs[i][j]) [costs[i][j], splits[i][j]] = [cost, k];
      }
    }
  }
  return splits;
}

const DIAGONAL = "diagonal(A, *, offset = 0, dim1: int = -2, dim2: int = -1)";

/**
 * The diagonals of matrices, as a view.
 *
 * @throws IndexError when there is no such dimension; ShapeError when both are the same.
 *
 * @example
 * ```ts
 * import { diagonal } from "@flambeau/linalg";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(diagonal(tensor([[1, 2], [3, 4]]))));
 * // tensor([1., 4.])
 * ```
 */
export const diagonal: Callable<typeof DIAGONAL, Tensor> = callable(DIAGONAL, (A, { offset, dim1, dim2 }) =>
  A.diagonal(offset, dim1, dim2),
);
