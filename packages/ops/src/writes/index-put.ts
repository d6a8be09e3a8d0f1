/** Writes where tensors of positions say. */
import { ArgumentError, formatShape, quote, ShapeError } from "@flambeau/backend";
import {
  arange,
  at,
  type Callable,
  callable,
  named,
  scatter,
  scatterAdd,
  Tensor,
  writeOver,
} from "@flambeau/tensor";
import { checkSame } from "./checks.ts";

const INDEX_PUT = "indexPut(input, indices: array, values: tensor, accumulate = false)";
const INDEX_PUT_INPLACE = "indexPut_(input, indices: array, values: tensor, accumulate = false)";

/** The positions in the flattened tensor that the indices choose, in the shape of what they choose. */
function placesOf(x: Tensor, indices: readonly unknown[]): Tensor {
  const bad = indices.findIndex((index) => index !== null && !(index instanceof Tensor));
  if (bad >= 0)
    throw new ArgumentError(
      `indexPut: indices are tensors, and null for a whole dimension; element ${bad} is ${quote(indices[bad])}`,
    );
  if (!indices.some((index) => index instanceof Tensor))
    throw new ArgumentError("indexPut takes at least one tensor of positions among its indices");
  const numbers = arange(BigInt(x.numel()), { device: x.device }).reshape(x.shape);
  return at(numbers, ...indices.map((index) => (index === null ? ":" : (index as Tensor))));
}

function putInto(x: Tensor, indices: readonly unknown[], values: Tensor, accumulate: boolean): Tensor {
  checkSame("indexPut", x, values);
  const places = placesOf(x, indices);
  const [flat, to] = [x.reshape([-1]), places.reshape([-1])];
  const from = fitted(values, places).reshape([-1]);
  const out = accumulate ? scatterAdd(flat, 0, to, from) : scatter(flat, 0, to, from);
  return named(out.reshape(x.shape), "IndexPut");
}

function fitted(values: Tensor, places: Tensor): Tensor {
  try {
    return values.expand(places.shape);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ShapeError(
      `indexPut: values of shape ${formatShape(values.shape)} do not fit the selection of shape ${formatShape(places.shape)}`,
    );
  }
}

/**
 * A copy with values where tensors of positions say: what `x[indices] = values` writes over in Python. There is a tensor of integers
 * for each of the first dimensions, all of which broadcast, or a mask for as many dimensions as it has; null takes a whole dimension.
 * With `accumulate` the values are added to what is there, else of several with one place the last stays, and
 * as in PyTorch each of them has its gradient.
 *
 * @param indices - tensors of integers, masks, and null.
 * @param values - of the tensor's dtype; they broadcast to the selection.
 * @throws IndexError when a position is out of range or there are too many tensors; ShapeError when the values do not fit;
 *   DTypeError when they have another dtype, or positions are floats; ArgumentError when an index is something else; DeviceError for a
 *   mask on a device that cannot be read at once.
 *
 * @example
 * ```ts
 * import { indexPut } from "@flambeau/ops";
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(indexPut(zeros([2, 3]), [tensor([0n, 1n]), tensor([2n, 0n])], tensor([5, 6]))));
 * // tensor([[0., 0., 5.],
 * //         [6., 0., 0.]])
 * console.log(String(indexPut(zeros([2, 3]), [null, tensor([1n, 1n])], tensor(1), { accumulate: true })));
 * // tensor([[0., 2., 0.],
 * //         [0., 2., 0.]])
 * ```
 */
export const indexPut: Callable<typeof INDEX_PUT, Tensor> = callable(INDEX_PUT, putInto);

/**
 * `indexPut` in place: writes over the tensor and gives it.
 *
 * @param indices - tensors of integers, masks, and null.
 * @param values - of the tensor's dtype; they broadcast to the selection.
 * @throws as `indexPut`; nothing is written then.
 *
 * @example
 * ```ts
 * import { indexPut_ } from "@flambeau/ops";
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * const x = zeros([3]);
 * indexPut_(x, [tensor([true, false, true])], tensor([5, 6]));
 * console.log(String(x));
 * // tensor([5., 0., 6.])
 * ```
 */
export const indexPut_: Callable<typeof INDEX_PUT_INPLACE, Tensor> = callable(
  INDEX_PUT_INPLACE,
  (x, ...args) => writeOver("indexPut_", x, (x) => putInto(x, ...args)),
);
