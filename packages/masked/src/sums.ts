/** Sums, products and what is made of them. */
import { type DType, isFloat, normalizeDims } from "@flambeau/backend";
import {
  type Callable,
  callable,
  onesLike,
  prod as prodOfAll,
  sqrt,
  sum as sumOfAll,
  type Tensor,
} from "@flambeau/tensor";
import { dimsOf, selected } from "./selected.ts";

type Dims = number | readonly number[] | undefined;

const SUM = "sum(input, dim?: int|ints, *, keepdim = false, dtype?, mask?)";

/**
 * The sum of the elements where the mask is true; 0 where there is none. Of small integers and bools int64.
 *
 * @param dim - over which dimensions. Left out or empty, all.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws IndexError when there is no such dimension; ShapeError when one is named twice, or the mask does not broadcast to the input.
 *
 * @example
 * ```ts
 * import { sum } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[1, 2], [3, 4]]);
 * console.log(String(sum(x, 1, { mask: tensor([true, false]) })));
 * // tensor([1., 3.])
 * ```
 */
export const sum: Callable<typeof SUM, Tensor> = callable(SUM, (x, dim, { keepdim, dtype, mask }) =>
  sumOf(x, dim, keepdim, dtype, mask),
);

function sumOf(
  x: Tensor,
  dim: Dims,
  keepdim: boolean,
  dtype: DType | undefined,
  mask: Tensor | undefined,
): Tensor {
  return sumOfAll(
    selected(x, mask, () => 0),
    dimsOf(dim),
    keepdim,
    { dtype },
  );
}

const PROD = "prod(input, dim?: int|ints, *, keepdim = false, dtype?, mask?)";

/**
 * The product of the elements where the mask is true; 1 where there is none. Of small integers and bools int64.
 *
 * @param dim - over which dimensions. Left out or empty, all.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws as `sum`.
 *
 * @example
 * ```ts
 * import { prod } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(prod(tensor([2, 3, 4]), { mask: tensor([true, false, true]) })));
 * // tensor(8.)
 * ```
 */
export const prod: Callable<typeof PROD, Tensor> = callable(PROD, (x, dim, { keepdim, dtype, mask }) => {
  const given = selected(x, mask, () => 1);
  // Of none the dtype of a product all the same.
  let out = given.to(dtype ?? (isFloat(x.dtype) ? x.dtype : "int64"));
  const dims = normalizeDims(dimsOf(dim), x.ndim).sort((a, b) => b - a);
  for (const d of dims) out = prodOfAll(out, d, keepdim);
  return out;
});

/** How many elements the mask selects. */
function countOf(x: Tensor, dim: Dims, keepdim: boolean, mask: Tensor | undefined): Tensor {
  return sumOf(onesLike(x.detach(), { dtype: "int64" }), dim, keepdim, undefined, mask);
}

const MEAN = "mean(input, dim?: int|ints, *, keepdim = false, dtype?, mask?)";

/**
 * The mean of the elements where the mask is true; nan where there is none. Of integers the default float.
 *
 * @param dim - over which dimensions. Left out or empty, all.
 * @param dtype - what the elements are converted to first.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws as `sum`.
 *
 * @example
 * ```ts
 * import { mean } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(mean(tensor([1, 2, 6]), { mask: tensor([true, true, false]) })));
 * // tensor(1.5000)
 * ```
 */
export const mean: Callable<typeof MEAN, Tensor> = callable(MEAN, (x, dim, { keepdim, dtype, mask }) =>
  sumOf(x, dim, keepdim, dtype ?? x.dtype, mask).div(countOf(x, dim, keepdim, mask)),
);

const VAR = "var(input, dim?: int|ints, unbiased = false, *, keepdim = false, dtype?, mask?)";

/**
 * The variance of the elements where the mask is true, divided by how many there are, or one less; nan where there is none. Of integers
 * float32.
 *
 * @param dim - over which dimensions. Left out or empty, all.
 * @param unbiased - whether the sum of squares is divided by one less than there are. Default false.
 * @param dtype - what it is computed in, and the dtype of the result.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws as `sum`; DTypeError for bool.
 *
 * @example
 * ```ts
 * import { var as variance } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(variance(tensor([1, 3, 9]), { mask: tensor([true, true, false]) })));
 * // tensor(1.)
 * ```
 */
const variance: Callable<typeof VAR, Tensor> = callable(VAR, (x, dim, unbiased, { keepdim, dtype, mask }) =>
  varianceOf(x, dim, unbiased, keepdim, dtype, mask),
);

export { variance as var };

const STD = "std(input, dim?: int|ints, unbiased = false, *, keepdim = false, dtype?, mask?)";

/**
 * The standard deviation of the elements where the mask is true: the root of their variance.
 *
 * @param dim - over which dimensions. Left out or empty, all.
 * @param unbiased - whether the sum of squares is divided by one less than there are. Default false.
 * @param dtype - what it is computed in, and the dtype of the result.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws as `var`.
 *
 * @example
 * ```ts
 * import { std } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(std(tensor([1, 5, 9]), { mask: tensor([true, true, false]) })));
 * // tensor(2.)
 * ```
 */
export const std: Callable<typeof STD, Tensor> = callable(STD, (x, dim, unbiased, { keepdim, dtype, mask }) =>
  sqrt(varianceOf(x, dim, unbiased, keepdim, dtype, mask)),
);

function varianceOf(
  x: Tensor,
  dim: Dims,
  unbiased: boolean,
  keepdim: boolean,
  dtype: DType | undefined,
  mask: Tensor | undefined,
): Tensor {
  const to = dtype ?? (isFloat(x.dtype) ? x.dtype : "float32");
  const count = countOf(x, dim, true, mask);
  const centred = x.sub(sumOf(x, dim, true, to, mask).div(count));
  const total = sumOf(centred.mul(centred), dim, keepdim, isFloat(to) ? to : "float32", mask);
  const divisor = unbiased ? count.sub(1n).clampMin(0n) : count;
  return total.div(keepdim ? divisor : divisor.reshape(total.shape)).to(to);
}
