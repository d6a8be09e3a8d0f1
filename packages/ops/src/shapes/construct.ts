/** Tensors made with a layout, or after another tensor. */
import { checkShape, numel } from "@flambeau/backend";
import { asStrided, type Callable, callable, empty, named, Tensor } from "@flambeau/tensor";

const EMPTY_STRIDED = "emptyStrided(size, stride: ints, *, ...making)";

/**
 * A tensor of undefined contents whose elements lie as the strides say, in memory as large as that takes.
 *
 * @throws ShapeError when a size or a stride is no integer from 0; IndexError when there are not as many strides as sizes.
 *
 * @example
 * ```ts
 * import { emptyStrided } from "@flambeau/ops";
 *
 * const x = emptyStrided([2, 3], [1, 2]);
 * console.log(x.shape, x.stride());
 * // [ 2, 3 ] [ 1, 2 ]
 * ```
 */
export const emptyStrided: Callable<typeof EMPTY_STRIDED, Tensor> = callable(
  EMPTY_STRIDED,
  (size, stride, { requiresGrad = false, ...options }) => {
    checkShape(size);
    const last = size.reduce((sum, n, i) => sum + (n - 1) * (stride[i] ?? 0), 0);
    const cells = empty([numel(size) === 0 ? 0 : Math.max(last + 1, 0)], options);
    return asStrided(cells, size, stride).detach().requiresGrad_(requiresGrad);
  },
);

const FILL = "fill(input, value: scalar|tensor)";

/**
 * A tensor of the input's shape, dtype and device, of equal elements. The gradient of the input is zero, that of a tensor without dimensions
 * as value the sum of all.
 *
 * @throws ShapeError when the value is a tensor that has dimensions.
 *
 * @example
 * ```ts
 * import { fill } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(String(fill(ones([2, 2]), 3)));
 * // tensor([[3., 3.],
 * //         [3., 3.]])
 * ```
 */
export const fill: Callable<typeof FILL, Tensor> = callable(FILL, (x, value) =>
  named(x.clone().fill_(value), value instanceof Tensor ? "FillBackward1" : "FillBackward0"),
);
