import { DTypeError, isHalf, isOf, kindOfArray, quote, ValueError, widerOf } from "@flambeau/backend";
import { callable } from "./call/callable.ts";
import type { Callable } from "./call/signature.ts";
import { checkTensor } from "./describe.ts";
import { backendOf } from "./device.ts";
import { finish } from "./making.ts";
import { decodeNpy, encodeNpy } from "./npy/index.ts";
import type { Tensor } from "./tensor.ts";
import { fromNumpy, tensor } from "./values.ts";

const FROM_NPY = "fromNpy(bytes: any, *, ...making)";

/**
 * The bytes of a NumPy `.npy` file as a tensor, of the file's dtype unless another is given.
 *
 * @param bytes - of the file.
 * @throws ValueError when they are no Uint8Array, no such file, or of a type that has no dtype here; DTypeError when the device has
 *   not the dtype; ShapeError when there are more than 64 dimensions.
 *
 * @example
 * ```ts
 * import { fromNpy, tensor, toNpy } from "@flambeau/tensor";
 *
 * const bytes = await toNpy(tensor([1, 2, 3]));
 * console.log(String(fromNpy(bytes)));
 * // tensor([1., 2., 3.])
 * console.log(String(fromNpy(bytes, { dtype: "int64" })));
 * // tensor([1, 2, 3])
 * ```
 */
export const fromNpy: Callable<typeof FROM_NPY, Tensor, { readonly bytes: Uint8Array }> = callable<
  typeof FROM_NPY,
  Tensor,
  { readonly bytes: Uint8Array }
>(FROM_NPY, (bytes, options) => {
  checkBytes(bytes);
  const { shape, dtype: own, data } = decodeNpy(bytes);
  const dtype = options.dtype ?? own;
  const backend = backendOf(options.device);
  if (!backend.supports(dtype) && options.dtype === undefined) {
    throw new DTypeError(
      `fromNpy: the file holds ${own}, which the device ${backend.name} has not; read it as another dtype, as in fromNpy(bytes, { dtype: "${widerOf(own) ?? "float32"}" })`,
    );
  }
  // The decoded array is nobody else's, so that a tensor can have it.
  const isShared = dtype === own && dtype !== "bool" && !isHalf(dtype);
  const flat = isShared
    ? fromNumpy(data, [data.length], { device: options.device })
    : tensor(data, { ...options, dtype, requiresGrad: false });
  return finish(flat.reshape(shape).detach(), options);
});

function checkBytes(bytes: unknown): void {
  if (kindOfArray(bytes) === "Uint8Array") return;
  const hint = isOf("ArrayBuffer", bytes) ? " (new Uint8Array(buffer) has its bytes)" : "";
  throw new ValueError(`fromNpy takes the bytes of a file as a Uint8Array; got ${quote(bytes)}${hint}`);
}

/**
 * The bytes of a NumPy `.npy` file with the tensor's elements, as `numpy.save` writes them.
 *
 * @throws DTypeError for bfloat16, which NumPy has not.
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
  checkTensor("toNpy", x);
  return encodeNpy({ shape: x.shape, dtype: x.dtype, data: await x.data() });
}
