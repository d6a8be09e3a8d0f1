/** What views of a whole tensor show, in memory of its own: PyTorch's functions with `copy` at the end. */
import { asStrided, type Callable, callable, type Tensor } from "@flambeau/tensor";

const ALIAS_COPY = "aliasCopy(input)";

/**
 * A copy: `clone`.
 *
 * @example
 * ```ts
 * import { aliasCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(aliasCopy(arange(2))));
 * // tensor([0., 1.])
 * ```
 */
export const aliasCopy: Callable<typeof ALIAS_COPY, Tensor> = callable(ALIAS_COPY, (x) => x.clone());

const DETACH_COPY = "detachCopy(input)";

/**
 * A copy, cut off from the graph.
 *
 * @example
 * ```ts
 * import { detachCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(detachCopy(arange(2))));
 * // tensor([0., 1.])
 * ```
 */
export const detachCopy: Callable<typeof DETACH_COPY, Tensor> = callable(DETACH_COPY, (x) =>
  x.detach().clone(),
);

const AS_STRIDED_COPY = "asStridedCopy(input, size, stride: ints, storageOffset?: int)";

/**
 * As `asStrided`, in memory of its own.
 *
 * @throws IndexError when it would reach outside the storage.
 *
 * @example
 * ```ts
 * import { asStridedCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(asStridedCopy(arange(3), [2, 2], [1, 1])));
 * // tensor([[0., 1.],
 * //         [1., 2.]])
 * ```
 */
export const asStridedCopy: Callable<typeof AS_STRIDED_COPY, Tensor> = callable(
  AS_STRIDED_COPY,
  (x, size, stride, storageOffset) => asStrided(x, size, stride, { storageOffset }).clone(),
);

const EXPAND_COPY = "expandCopy(input, size)";

/**
 * As `expand`, in memory of its own.
 *
 * @throws ShapeError when a dimension that is not of size one would change.
 *
 * @example
 * ```ts
 * import { expandCopy } from "@flambeau/ops";
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(expandCopy(arange(2), [2, 2])));
 * // tensor([[0., 1.],
 * //         [0., 1.]])
 * ```
 */
export const expandCopy: Callable<typeof EXPAND_COPY, Tensor> = callable(EXPAND_COPY, (x, size) =>
  x.expand(size).clone(),
);

const PERMUTE_COPY = "permuteCopy(input, dims)";

/**
 * As `permute`, in memory of its own.
 *
 * @throws ShapeError when the dimensions are not each named once.
 *
 * @example
 * ```ts
 * import { permuteCopy } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(permuteCopy(ones([2, 3]), [1, 0]).stride());
 * // [ 2, 1 ]
 * ```
 */
export const permuteCopy: Callable<typeof PERMUTE_COPY, Tensor> = callable(PERMUTE_COPY, (x, dims) =>
  x.permute(dims).clone(),
);

const SQUEEZE_COPY = "squeezeCopy(input, dim?: int)";

/**
 * As `squeeze`, in memory of its own.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { squeezeCopy } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(squeezeCopy(ones([2, 1])).shape);
 * // [ 2 ]
 * ```
 */
export const squeezeCopy: Callable<typeof SQUEEZE_COPY, Tensor> = callable(SQUEEZE_COPY, (x, dim) =>
  x.squeeze(dim).clone(),
);

const T_COPY = "tCopy(input)";

/**
 * As `t`, in memory of its own.
 *
 * @throws ShapeError for more than two dimensions.
 *
 * @example
 * ```ts
 * import { tCopy } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(tCopy(ones([2, 3])).stride());
 * // [ 2, 1 ]
 * ```
 */
export const tCopy: Callable<typeof T_COPY, Tensor> = callable(T_COPY, (x) => x.t().clone());

const TRANSPOSE_COPY = "transposeCopy(input, dim0: int, dim1: int)";

/**
 * As `transpose`, in memory of its own.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { transposeCopy } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(transposeCopy(ones([2, 3]), 0, 1).stride());
 * // [ 2, 1 ]
 * ```
 */
export const transposeCopy: Callable<typeof TRANSPOSE_COPY, Tensor> = callable(
  TRANSPOSE_COPY,
  (x, dim0, dim1) => x.transpose(dim0, dim1).clone(),
);

const UNSQUEEZE_COPY = "unsqueezeCopy(input, dim)";

/**
 * As `unsqueeze`, in memory of its own.
 *
 * @throws IndexError when there is no such place.
 *
 * @example
 * ```ts
 * import { unsqueezeCopy } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(unsqueezeCopy(ones([2]), 0).shape);
 * // [ 1, 2 ]
 * ```
 */
export const unsqueezeCopy: Callable<typeof UNSQUEEZE_COPY, Tensor> = callable(UNSQUEEZE_COPY, (x, dim) =>
  x.unsqueeze(dim).clone(),
);

const VIEW_COPY = "viewCopy(input, size)";

/**
 * As `view`, in memory of its own.
 *
 * @throws ShapeError when the numbers of elements differ, or no view has that shape.
 *
 * @example
 * ```ts
 * import { viewCopy } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(viewCopy(ones([2, 3]), [-1]).shape);
 * // [ 6 ]
 * ```
 */
export const viewCopy: Callable<typeof VIEW_COPY, Tensor> = callable(VIEW_COPY, (x, size) =>
  x.view(size).clone(),
);
