/** Dropout that gives its mask too. */
import { DTypeError, isFloat, quote, ValueError } from "@flambeau/backend";
import { type Callable, callable, empty, named, onesLike, type Tensor } from "@flambeau/tensor";

const DROPOUT = "nativeDropout(input, p, train: bool)";

/**
 * `F.dropout`, with which elements stay: bool. The draws are PyTorch's for the same seed.
 *
 * @param p - how likely an element is zeroed.
 * @param train - whether elements are zeroed at all.
 * @throws ValueError when `p` is not within [0, 1]; DTypeError when the tensor is no float.
 *
 * @example
 * ```ts
 * import { nativeDropout } from "@flambeau/ops";
 * import { ones } from "@flambeau/tensor";
 *
 * const [output, mask] = nativeDropout(ones([3]), 0.5, false);
 * console.log(String(output), String(mask));
 * // tensor([1., 1., 1.]) tensor([True, True, True])
 * ```
 */
export const nativeDropout: Callable<typeof DROPOUT, [output: Tensor, mask: Tensor]> = callable(
  DROPOUT,
  (x, p, train) => {
    if (!(p >= 0 && p <= 1))
      throw new ValueError(`nativeDropout: the probability lies between 0 and 1; got ${quote(p)}`);
    if (!isFloat(x.dtype)) throw new DTypeError(`nativeDropout takes floats; got ${x.dtype}`);
    if (!train || x.numel() === 0) return [named(x.clone(), "NativeDropout"), onesLike(x, { dtype: "bool" })];
    // In rows, however x lies in memory.
    const mask = empty(x.shape, { dtype: "bool", device: x.device }).bernoulli_(1 - p);
    return [named(x.mul(mask).mul(p === 1 ? 0 : 1 / (1 - p)), "NativeDropout"), mask];
  },
);
