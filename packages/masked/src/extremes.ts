/** Elements that a reduction chooses, and where they are. */
import { isFloat, ValueError } from "@flambeau/backend";
import { nanmedian } from "@flambeau/ops";
import {
  amax as amaxOfAll,
  amin as aminOfAll,
  argmax as argmaxOfAll,
  argmin as argminOfAll,
  type Callable,
  callable,
  isnan,
  type Tensor,
} from "@flambeau/tensor";
import { dimsOf, highestOf, lowestOf, selected } from "./selected.ts";

const AMAX = "amax(input, dim?: int|ints, *, keepdim = false, dtype?, mask?)";

/**
 * The largest of the elements where the mask is true; where there is none, -Infinity, or the smallest integer of the dtype.
 *
 * @param dim - over which dimensions. Left out or empty, all.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws IndexError when there is no such dimension, or no element; ShapeError when the mask does not broadcast to the input;
 *   DTypeError for bool with a mask.
 *
 * @example
 * ```ts
 * import { amax } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(amax(tensor([1, 2, 6]), { mask: tensor([true, true, false]) })));
 * // tensor(2.)
 * ```
 */
export const amax: Callable<typeof AMAX, Tensor> = callable(AMAX, (x, dim, { keepdim, dtype, mask }) =>
  amaxOfAll(selected(x, mask, lowestOf("amax")), dimsOf(dim), keepdim).to(dtype ?? x.dtype),
);

const AMIN = "amin(input, dim?: int|ints, *, keepdim = false, dtype?, mask?)";

/**
 * The smallest of the elements where the mask is true; where there is none, Infinity, or the largest integer of the dtype.
 *
 * @param dim - over which dimensions. Left out or empty, all.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws as `amax`.
 *
 * @example
 * ```ts
 * import { amin } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(amin(tensor([1, 2, 6]), { mask: tensor([false, true, true]) })));
 * // tensor(2.)
 * ```
 */
export const amin: Callable<typeof AMIN, Tensor> = callable(AMIN, (x, dim, { keepdim, dtype, mask }) =>
  aminOfAll(selected(x, mask, highestOf("amin")), dimsOf(dim), keepdim).to(dtype ?? x.dtype),
);

const ARGMAX = "argmax(input, dim?, *, keepdim = false, dtype?, mask?)";

/**
 * Where the largest of the elements is at which the mask is true: along a dimension, or in the flattened tensor. As in PyTorch the
 * positions have the input's dtype, unless another one is given.
 *
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws as `amax`.
 *
 * @example
 * ```ts
 * import { argmax } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(argmax(tensor([1, 2, 6]), { mask: tensor([true, true, false]), dtype: "int64" })));
 * // tensor(1)
 * ```
 */
export const argmax: Callable<typeof ARGMAX, Tensor> = callable(ARGMAX, (x, dim, { keepdim, dtype, mask }) =>
  argmaxOfAll(selected(x, mask, lowestOf("argmax")), dim, keepdim).to(dtype ?? x.dtype),
);

const ARGMIN = "argmin(input, dim?, *, keepdim = false, dtype?, mask?)";

/**
 * Where the smallest of the elements is at which the mask is true; see `argmax`.
 *
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws as `amax`.
 *
 * @example
 * ```ts
 * import { argmin } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(argmin(tensor([1, 2, 6]), { mask: tensor([false, true, true]), dtype: "int64" })));
 * // tensor(1)
 * ```
 */
export const argmin: Callable<typeof ARGMIN, Tensor> = callable(ARGMIN, (x, dim, { keepdim, dtype, mask }) =>
  argminOfAll(selected(x, mask, highestOf("argmin")), dim, keepdim).to(dtype ?? x.dtype),
);

const MEDIAN = "median(input, dim = -1, *, keepdim = false, dtype?, mask?)";

/**
 * The median along a dimension of the elements where the mask is true, the lower of two; nan where there is none. nan is left out, too.
 *
 * @param dtype - the dtype of the result, of integers only; floats keep theirs.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws IndexError, ShapeError as `amax`; ValueError when there is none and the input has integers (not checked on a device that cannot
 *   be read at once).
 *
 * @example
 * ```ts
 * import { median } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(median(tensor([1, 2, 6, 9]), { mask: tensor([false, true, true, true]) })));
 * // tensor(6.)
 * ```
 */
export const median: Callable<typeof MEDIAN, Tensor> = callable(
  MEDIAN,
  (x, dim, { keepdim, dtype, mask }) => {
    const isNumber = isFloat(x.dtype);
    const given = selected(isNumber ? x : x.float(), mask, () => Number.NaN);
    const { values } = nanmedian(given, dim, keepdim);
    if (isNumber) return values;
    const isReadable = x.storage.backend.downloadSync !== undefined;
    if (isReadable && isnan(values).any().itemSync<boolean>())
      throw new ValueError("masked median: no integer is the median of none; give floats");
    return values.to(dtype ?? x.dtype);
  },
);
