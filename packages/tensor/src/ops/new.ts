/**
 * Methods that make tensors with the dtype and device of the one they are called on.
 *
 * @module
 */
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { empty, full, ones, zeros } from "../creation.ts";
import { like } from "../making.ts";
import type { Tensor } from "../tensor.ts";
import { type NestedArray, tensor } from "../values.ts";

const NEW_TENSOR = "newTensor(input, data: any, *, ...making)";

/** What a tensor is made of. */
type Data = { readonly data: NestedArray | ArrayBufferView | Tensor };

/**
 * A tensor with a copy of the given values, as `tensor` makes it, of this one's dtype and on its device.
 *
 * @throws ShapeError and DTypeError as `tensor`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1n]).newTensor([[2, 3]])));
 * // tensor([[2, 3]])
 * ```
 */
export const newTensor: Callable<typeof NEW_TENSOR, Tensor, Data> = callable<typeof NEW_TENSOR, Tensor, Data>(
  NEW_TENSOR,
  (x, data, options) => tensor(data, like(x, options)),
);

const NEW_EMPTY = "newEmpty(input, size, *, ...making)";

/**
 * Memory of undefined contents, of this tensor's dtype and on its device.
 *
 * @throws ShapeError and DTypeError as `empty`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(tensor([1n]).newEmpty([2, 3]).dtype);
 * // int64
 * ```
 */
export const newEmpty: Callable<typeof NEW_EMPTY, Tensor> = callable(NEW_EMPTY, (x, size, options) => {
  return empty(size, like(x, options));
});

const NEW_FULL = "newFull(input, size, fillValue: scalar, *, ...making)";

/**
 * One value in another shape, of this tensor's dtype and on its device.
 *
 * @throws ShapeError, DTypeError and ValueError as `full`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1n]).newFull([2], 7)));
 * // tensor([7, 7])
 * ```
 */
export const newFull: Callable<typeof NEW_FULL, Tensor> = callable(NEW_FULL, (x, size, value, options) => {
  return full(size, value, like(x, options));
});

const NEW_ZEROS = "newZeros(input, size, *, ...making)";

/**
 * Zeros in another shape, of this tensor's dtype and on its device.
 *
 * @throws ShapeError and DTypeError as `zeros`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1n]).newZeros([2])));
 * // tensor([0, 0])
 * ```
 */
export const newZeros: Callable<typeof NEW_ZEROS, Tensor> = callable(NEW_ZEROS, (x, size, options) => {
  return zeros(size, like(x, options));
});

const NEW_ONES = "newOnes(input, size, *, ...making)";

/**
 * Ones in another shape, of this tensor's dtype and on its device.
 *
 * @throws ShapeError and DTypeError as `ones`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([true]).newOnes([2])));
 * // tensor([True, True])
 * ```
 */
export const newOnes: Callable<typeof NEW_ONES, Tensor> = callable(NEW_ONES, (x, size, options) => {
  return ones(size, like(x, options));
});
