/** What only complex numbers have, of which there are none: refused, as PyTorch refuses it of real tensors. */
import { DTypeError } from "@flambeau/backend";
import { type Callable, callable, type Tensor } from "@flambeau/tensor";

const IMAG = "imag(input)";

/**
 * The imaginary parts, which real tensors do not have in PyTorch either.
 *
 * @throws DTypeError always.
 *
 * @example
 * ```ts
 * import { imag } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * try {
 *   imag(tensor([1, 2]));
 * } catch (error) {
 *   console.log(String(error));
 * }
 * // DTypeError: imag takes complex tensors; got float32, whose imaginary parts are zerosLike(x)
 * ```
 */
export const imag: Callable<typeof IMAG, Tensor> = callable(IMAG, (x) => {
  throw new DTypeError(`imag takes complex tensors; got ${x.dtype}, whose imaginary parts are zerosLike(x)`);
});

const VIEW_AS_REAL = "viewAsReal(input)";

/**
 * The real and imaginary parts along a last dimension of size 2, of complex tensors.
 *
 * @throws DTypeError always.
 *
 * @example
 * ```ts
 * import { viewAsReal } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * try {
 *   viewAsReal(tensor([1, 2]));
 * } catch (error) {
 *   console.log(String(error));
 * }
 * // DTypeError: viewAsReal takes complex tensors; got float32
 * ```
 */
export const viewAsReal: Callable<typeof VIEW_AS_REAL, Tensor> = callable(VIEW_AS_REAL, (x) => {
  throw new DTypeError(`viewAsReal takes complex tensors; got ${x.dtype}`);
});

const VIEW_AS_COMPLEX = "viewAsComplex(input)";

/**
 * Pairs of numbers as complex ones, of which there is no dtype here.
 *
 * @throws DTypeError always.
 *
 * @example
 * ```ts
 * import { viewAsComplex } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * try {
 *   viewAsComplex(ones([3, 2]));
 * } catch (error) {
 *   console.log(String(error));
 * }
 * // DTypeError: viewAsComplex gives complex tensors, of which there is no dtype
 * ```
 */
export const viewAsComplex: Callable<typeof VIEW_AS_COMPLEX, Tensor> = callable(VIEW_AS_COMPLEX, () => {
  throw new DTypeError("viewAsComplex gives complex tensors, of which there is no dtype");
});

const IS_COMPLEX = "isComplex(input)";

/**
 * Whether the dtype is complex: false.
 *
 * @example
 * ```ts
 * import { isComplex } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(isComplex(tensor([1, 2])));
 * // false
 * ```
 */
export const isComplex: Callable<typeof IS_COMPLEX, boolean> = callable(IS_COMPLEX, () => false);
