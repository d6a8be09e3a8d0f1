import { decodeNpy, encodeNpy } from "./npy/index.ts";
import type { Tensor } from "./tensor.ts";
import { fromNumpy, tensor } from "./values.ts";

/**
 * The bytes of a NumPy `.npy` file as a tensor.
 *
 * @throws ValueError when the bytes are no such file, or of a type that has no dtype here.
 *
 * @example
 * ```ts
 * import { fromNpy, tensor, toNpy } from "@flambeau/tensor";
 *
 * console.log(String(fromNpy(await toNpy(tensor([1, 2, 3])))));
 * // tensor([1., 2., 3.])
 * ```
 */
export function fromNpy(bytes: Uint8Array): Tensor {
  const { shape, dtype, data } = decodeNpy(bytes);
  return dtype === "bool" || dtype === "float16"
    ? tensor(data, { dtype }).reshape(shape)
    : fromNumpy(data, shape);
}

/**
 * The bytes of a NumPy `.npy` file with the tensor's elements, as `numpy.save` writes them.
 *
 * @example
 * ```ts
 * import { fromNpy, tensor, toNpy } from "@flambeau/tensor";
 *
 * const bytes = await toNpy(tensor([[1, 2], [3, 4]]));
 * console.log(String(fromNpy(bytes)));
 * // tensor([[1., 2.],
 * //         [3., 4.]])
 * ```
 */
export async function toNpy(x: Tensor): Promise<Uint8Array> {
  return encodeNpy({ shape: x.shape, dtype: x.dtype, data: await x.data() });
}
