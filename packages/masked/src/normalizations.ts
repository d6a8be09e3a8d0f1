/** Norms, exponentials and running sums of what a mask leaves. */
import { DTypeError, isFloat, normalizeDim } from "@flambeau/backend";
import {
  type Callable,
  callable,
  cumprod as cumprodOfAll,
  cumsum as cumsumOfAll,
  logaddexp as logaddexpOfAll,
  logSoftmax as logSoftmaxOfAll,
  logsumexp as logsumexpOfAll,
  maximum,
  neg,
  norm as normOfAll,
  softmax as softmaxOfAll,
  type Tensor,
} from "@flambeau/tensor";
import { dimsOf, highestOf, lowestOf, selected } from "./selected.ts";

const NORM = "norm(input, ord: number = 2, dim?: int|ints, *, keepdim = false, dtype?, mask?)";

/**
 * The norm of the elements where the mask is true, as vectors: `sum(|x|^ord)^(1/ord)`, the largest absolute value for Infinity, the
 * smallest for -Infinity, the number of non-zeros for 0. Where there is none, 0; Infinity for -Infinity.
 *
 * @param dim - over which dimensions. Left out or empty, all.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws DTypeError for integers; IndexError when there is no such dimension; ShapeError when the mask does not broadcast to the input.
 *
 * @example
 * ```ts
 * import { norm } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(norm(tensor([3, 9, 4]), { mask: tensor([true, false, true]) })));
 * // tensor(5.)
 * ```
 */
export const norm: Callable<typeof NORM, Tensor> = callable(NORM, (x, ord, dim, { keepdim, dtype, mask }) => {
  if (!isFloat(x.dtype)) throw new DTypeError(`masked norm needs floats; got ${x.dtype}`);
  const given = selected(x, mask, () => (ord === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : 0));
  return normOfAll(given, ord, dimsOf(dim), keepdim, dtype);
});

const NORMALIZE = "normalize(input, ord: number, dim, *, eps = 1e-12, dtype?, mask?)";

/**
 * The tensor divided by its norm along a dimension, of the elements where the mask is true, or by `eps` if that is more; 0 elsewhere.
 *
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws as `norm`.
 *
 * @example
 * ```ts
 * import { normalize } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(normalize(tensor([3, 9, 4]), 2, 0, { mask: tensor([true, false, true]) })));
 * // tensor([0.6000, 0.0000, 0.8000])
 * ```
 */
export const normalize: Callable<typeof NORMALIZE, Tensor> = callable(
  NORMALIZE,
  (x, ord, dim, { eps, dtype, mask }) => {
    const length = norm(x, ord, dim, { keepdim: true, dtype, mask });
    return selected(x, mask, () => 0).div(maximum(length, eps));
  },
);

const LOGSUMEXP = "logsumexp(input, dim?: int|ints, *, keepdim = false, dtype?, mask?)";

/**
 * `log(sum(exp(x)))` of the elements where the mask is true; -Infinity where there is none.
 *
 * @param dim - over which dimensions. Left out or empty, all.
 * @param dtype - the dtype of the result. Default: the input's, as in PyTorch of integers, too.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws IndexError when there is no such dimension; ShapeError when the mask does not broadcast to the input; DTypeError for bool with
 *   a mask.
 *
 * @example
 * ```ts
 * import { logsumexp } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(logsumexp(tensor([0, 0, 9]), { mask: tensor([true, true, false]) })));
 * // tensor(0.6931)
 * ```
 */
export const logsumexp: Callable<typeof LOGSUMEXP, Tensor> = callable(
  LOGSUMEXP,
  (x, dim, { keepdim, dtype, mask }) => {
    const given = selected(x, mask, lowestOf("logsumexp"));
    const dims = dimsOf(dim) ?? Array.from(x.shape, (_, i) => i);
    return logsumexpOfAll(given, dims, keepdim).to(dtype ?? x.dtype);
  },
);

const LOGADDEXP = "logaddexp(input, other: tensor, *, dtype?, inputMask?: tensor, otherMask?: tensor)";

/**
 * `log(exp(x) + exp(y))`, where an element at which a mask is false counts as -Infinity.
 *
 * @param inputMask - which elements of the input count; it broadcasts to it.
 * @param otherMask - which elements of the other count.
 * @param dtype - the dtype of the result. Default: the first tensor's.
 * @throws ShapeError when a mask does not broadcast to its tensor, or the tensors to each other.
 *
 * @example
 * ```ts
 * import { logaddexp } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(logaddexp(tensor([0, 1]), tensor([0, 5]), { otherMask: tensor([true, false]) })));
 * // tensor([0.6931, 1.0000])
 * ```
 */
export const logaddexp: Callable<typeof LOGADDEXP, Tensor> = callable(
  LOGADDEXP,
  (x, other, { dtype, inputMask, otherMask }) => {
    const lowest = lowestOf("logaddexp");
    const out = logaddexpOfAll(selected(x, inputMask, lowest), selected(other, otherMask, lowest));
    return out.to(dtype ?? x.dtype);
  },
);

const SOFTMAX = "softmax(input, dim, *, dtype?, mask?)";

/**
 * Softmax along a dimension of the elements where the mask is true; 0 elsewhere, and nan where there is none.
 *
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws DTypeError for integers without a dtype; IndexError when there is no such dimension; ShapeError when the mask does not
 *   broadcast to the input.
 *
 * @example
 * ```ts
 * import { softmax } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(softmax(tensor([1, 1, 9]), 0, { mask: tensor([true, true, false]) })));
 * // tensor([0.5000, 0.5000, 0.0000])
 * ```
 */
export const softmax: Callable<typeof SOFTMAX, Tensor> = callable(SOFTMAX, (x, dim, { dtype, mask }) =>
  softmaxOfAll(selected(x, mask, lowestOf("softmax")), dim, { dtype }),
);

const LOG_SOFTMAX = "logSoftmax(input, dim, *, dtype?, mask?)";

/**
 * The logarithm of `softmax`: -Infinity where the mask is false.
 *
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws as `softmax`.
 *
 * @example
 * ```ts
 * import { logSoftmax } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(logSoftmax(tensor([1, 1, 9]), 0, { mask: tensor([true, true, false]) })));
 * // tensor([-0.6931, -0.6931,    -inf])
 * ```
 */
export const logSoftmax: Callable<typeof LOG_SOFTMAX, Tensor> = callable(
  LOG_SOFTMAX,
  (x, dim, { dtype, mask }) => logSoftmaxOfAll(selected(x, mask, lowestOf("logSoftmax")), dim, { dtype }),
);

const SOFTMIN = "softmin(input, dim, *, dtype?, mask?)";

/**
 * Softmax of the negated elements; see `softmax`.
 *
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws as `softmax`.
 *
 * @example
 * ```ts
 * import { softmin } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(softmin(tensor([1, 1, 0]), 0, { mask: tensor([true, true, false]) })));
 * // tensor([0.5000, 0.5000, 0.0000])
 * ```
 */
export const softmin: Callable<typeof SOFTMIN, Tensor> = callable(SOFTMIN, (x, dim, { dtype, mask }) =>
  softmaxOfAll(neg(selected(x, mask, highestOf("softmin"))), dim, { dtype }),
);

const CUMSUM = "cumsum(input, dim, *, dtype?, mask?)";

/**
 * The sums up to and including each element along a dimension, of the elements where the mask is true.
 *
 * @param dtype - the dtype of the result. Default: the input's.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws IndexError when there is no such dimension; ShapeError when the mask does not broadcast to the input.
 *
 * @example
 * ```ts
 * import { cumsum } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(cumsum(tensor([1, 2, 3]), 0, { mask: tensor([true, false, true]) })));
 * // tensor([1., 1., 4.])
 * ```
 */
export const cumsum: Callable<typeof CUMSUM, Tensor> = callable(CUMSUM, (x, dim, { dtype, mask }) => {
  const to = dtype ?? x.dtype;
  return cumsumOfAll(
    selected(x, mask, () => 0),
    normalizeDim(dim, x.ndim),
    { dtype: to },
  );
});

const CUMPROD = "cumprod(input, dim, *, dtype?, mask?)";

/**
 * The products up to and including each element along a dimension, of the elements where the mask is true.
 *
 * @param dtype - the dtype of the result. Default: the input's.
 * @param mask - which elements count; it broadcasts to the input. Left out, all.
 * @throws as `cumsum`.
 *
 * @example
 * ```ts
 * import { cumprod } from "@flambeau/masked";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(cumprod(tensor([2, 3, 4]), 0, { mask: tensor([true, false, true]) })));
 * // tensor([2., 2., 8.])
 * ```
 */
export const cumprod: Callable<typeof CUMPROD, Tensor> = callable(CUMPROD, (x, dim, { dtype, mask }) => {
  const to = dtype ?? x.dtype;
  return cumprodOfAll(
    selected(x, mask, () => 1),
    normalizeDim(dim, x.ndim),
    { dtype: to },
  );
});
