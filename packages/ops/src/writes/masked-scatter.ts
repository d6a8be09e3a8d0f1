/** Writes where a mask is true. */
import { broadcastShapes, DTypeError, ShapeError } from "@flambeau/backend";
import { type Callable, callable, gather, named, type Tensor, where, writeOver } from "@flambeau/tensor";
import { checkSame } from "./checks.ts";

const MASKED_SCATTER = "maskedScatter(input, mask, source)";
const MASKED_SCATTER_INPLACE = "maskedScatter_(input, mask, source)";

function scattered(x: Tensor, mask: Tensor, source: Tensor): Tensor {
  if (mask.dtype !== "bool" && mask.dtype !== "uint8")
    throw new DTypeError(`maskedScatter takes a bool tensor as its mask; got ${mask.dtype}`);
  checkSame("maskedScatter", x, source);
  const shape = broadcastShapes(x.shape, mask.shape);
  const chosen = mask.detach().bool().expand(shape).contiguous();
  // How many are chosen so far is the place of the next element of the source.
  const counts = chosen.reshape([-1]).long().cumsum(0);
  const count = source.numel();
  const isReadable = x.storage.backend.downloadSync !== undefined;
  const wanted = isReadable && counts.numel() > 0 ? Number(counts.at(-1).itemSync()) : 0;
  if (wanted > count)
    throw new ShapeError(`maskedScatter: ${wanted} elements are chosen, and the source has ${count}`);
  const target = x.expand(shape);
  if (counts.numel() === 0 || count === 0) return named(target.clone(), "MaskedScatter");
  const picked = gather(source.reshape([-1]), 0, counts.sub(1n).clampMin(0n)).reshape(shape);
  return named(where(chosen, picked, target), "MaskedScatter");
}

/**
 * A copy with the elements of `source`, one after the other, where a mask is true, in row-major order. The tensor and the mask
 * broadcast; elements that are left over are not used.
 *
 * @throws ShapeError when the source has fewer elements than are chosen, or the shapes do not broadcast; DTypeError when the mask is
 *   not bool, or the dtypes differ. Of a device that cannot be read at once the next read throws IndexError for too few elements.
 *
 * @example
 * ```ts
 * import { maskedScatter } from "@flambeau/ops";
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(maskedScatter(zeros([4]), tensor([true, false, true, false]), tensor([5, 6, 7]))));
 * // tensor([5., 0., 6., 0.])
 * ```
 */
export const maskedScatter: Callable<typeof MASKED_SCATTER, Tensor> = callable(MASKED_SCATTER, scattered);

/**
 * `maskedScatter` in place: writes over the tensor, to which the mask broadcasts, and gives it.
 *
 * @throws as `maskedScatter`; nothing is written then.
 *
 * @example
 * ```ts
 * import { maskedScatter_ } from "@flambeau/ops";
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(maskedScatter_(zeros([3]), tensor([false, true, true]), tensor([5, 6]))));
 * // tensor([0., 5., 6.])
 * ```
 */
export const maskedScatter_: Callable<typeof MASKED_SCATTER_INPLACE, Tensor> = callable(
  MASKED_SCATTER_INPLACE,
  (x, mask, source) => {
    if (`${broadcastShapes(x.shape, mask.shape)}` !== `${x.shape}`)
      throw new ShapeError("maskedScatter_: the mask is larger than the tensor");
    return writeOver("maskedScatter_", x, (x) => scattered(x, mask, source));
  },
);
