/** Order along the first dimension. */
import { type Callable, callable, sort, type Tensor } from "@flambeau/tensor";

const MSORT = "msort(input)";

/**
 * The elements in order along the first dimension; nan counts as greatest.
 *
 * @example
 * ```ts
 * import { msort } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(msort(tensor([[2, 1], [1, 3]]))));
 * // tensor([[1., 1.],
 * //         [2., 3.]])
 * ```
 */
export const msort: Callable<typeof MSORT, Tensor> = callable(MSORT, (x) => sort(x, 0).values);
