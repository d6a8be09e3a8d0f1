/** Products that are added to a tensor in place. */
import { type Callable, callable, type Tensor, writeOver } from "@flambeau/tensor";
import { addbmm, addmv, addr, baddbmm } from "../products/index.ts";

const ADDMV = "addmv_(input, mat: tensor, vec: tensor, *, beta: number = 1, alpha: number = 1)";

/**
 * `addmv` in place: writes the result over `input` and gives it.
 *
 * @param mat - the matrix.
 * @throws as `addmv`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { addmv_ } from "@flambeau/ops";
 * import { ones, tensor } from "@flambeau/tensor";
 *
 * console.log(String(addmv_(tensor([10, 20]), ones([2, 3]), tensor([1, 2, 3]))));
 * // tensor([16., 26.])
 * ```
 */
export const addmv_: Callable<typeof ADDMV, Tensor> = callable(ADDMV, (x, matrix, vector, factors) =>
  writeOver("addmv_", x, (x) => addmv(x, matrix, vector, factors)),
);

const ADDR = "addr_(input, vec1: tensor, vec2: tensor, *, beta: number|bool = 1, alpha: scalar = 1)";

/**
 * `addr` in place: writes the result over `input` and gives it.
 *
 * @throws as `addr`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { addr_ } from "@flambeau/ops";
 * import { ones, tensor } from "@flambeau/tensor";
 *
 * console.log(String(addr_(ones([2, 2]), tensor([1, 2]), tensor([1, 10]))));
 * // tensor([[ 2., 11.],
 * //         [ 3., 21.]])
 * ```
 */
export const addr_: Callable<typeof ADDR, Tensor> = callable(ADDR, (x, a, b, factors) =>
  writeOver("addr_", x, (x) => addr(x, a, b, factors)),
);

const ADDBMM = "addbmm_(input, batch1: tensor, batch2: tensor, *, beta: number = 1, alpha: number = 1)";

/**
 * `addbmm` in place: writes the result over `input` and gives it.
 *
 * @throws as `addbmm`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { addbmm_ } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(String(addbmm_(ones([2, 2]), ones([3, 2, 4]), ones([3, 4, 2]))));
 * // tensor([[13., 13.],
 * //         [13., 13.]])
 * ```
 */
export const addbmm_: Callable<typeof ADDBMM, Tensor> = callable(ADDBMM, (x, a, b, factors) =>
  writeOver("addbmm_", x, (x) => addbmm(x, a, b, factors)),
);

const BADDBMM = "baddbmm_(input, batch1: tensor, batch2: tensor, *, beta: number = 1, alpha: number = 1)";

/**
 * `baddbmm` in place: writes the result over `input` and gives it.
 *
 * @throws as `baddbmm`; ShapeError when the result is larger than the tensor, DTypeError when its dtype is a higher one. Nothing is written then.
 *
 * @example
 * ```ts
 * import { baddbmm_ } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(String(baddbmm_(ones([1, 2, 2]), ones([1, 2, 3]), ones([1, 3, 2]), { beta: 10 })));
 * // tensor([[[13., 13.],
 * //          [13., 13.]]])
 * ```
 */
export const baddbmm_: Callable<typeof BADDBMM, Tensor> = callable(BADDBMM, (x, a, b, factors) =>
  writeOver("baddbmm_", x, (x) => baddbmm(x, a, b, factors)),
);
