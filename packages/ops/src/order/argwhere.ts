/** Where elements are not zero. */
import { type Callable, callable, nonzero, type Tensor } from "@flambeau/tensor";

const ARGWHERE = "argwhere(input)";

/**
 * The positions of the elements that are not zero, a row each: int64 `[count, ndim]`.
 *
 * @throws DeviceError on devices that cannot be read at once.
 *
 * @example
 * ```ts
 * import { argwhere } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(argwhere(tensor([[0, 5], [7, 0]]))));
 * // tensor([[0, 1],
 * //         [1, 0]])
 * ```
 */
export const argwhere: Callable<typeof ARGWHERE, Tensor> = callable(ARGWHERE, (x) => nonzero(x));
