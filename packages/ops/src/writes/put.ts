/** Writes to positions of the flattened tensor. */
import { ShapeError } from "@flambeau/backend";
import {
  type Callable,
  callable,
  named,
  scatter,
  scatterAdd,
  type Tensor,
  writeOver,
} from "@flambeau/tensor";
import { checkIndex, checkSame } from "./checks.ts";

const PUT = "put(input, index, source, accumulate = false)";
const PUT_INPLACE = "put_(input, index, source, accumulate = false)";

function putInto(x: Tensor, index: Tensor, source: Tensor, accumulate: boolean): Tensor {
  checkIndex("put", index);
  checkSame("put", x, source);
  if (index.numel() !== source.numel())
    throw new ShapeError(`put: ${index.numel()} positions do not go with ${source.numel()} elements`);
  const given = index.detach().long().reshape([-1]);
  const places = given.add(given.lt(0n).long().mul(BigInt(x.numel())));
  const [flat, from] = [x.reshape([-1]), source.reshape([-1])];
  const out = accumulate ? scatterAdd(flat, 0, places, from) : scatter(flat, 0, places, from);
  return named(out.reshape(x.shape), "Put");
}

/**
 * A copy with the elements of `source` at positions of the flattened tensor; negative ones count from the end.
 *
 * @throws IndexError when a position is out of range; ShapeError when there are not as many as elements; DTypeError when they are no
 *   integers, or the dtypes differ.
 *
 * @example
 * ```ts
 * import { put } from "@flambeau/ops";
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(put(zeros([2, 2]), tensor([1n, -1n]), tensor([5, 6]))));
 * // tensor([[0., 5.],
 * //         [0., 6.]])
 * ```
 */
export const put: Callable<typeof PUT, Tensor> = callable(PUT, putInto);

/**
 * `put` in place: writes over the tensor and gives it.
 *
 * @throws as `put`; nothing is written then.
 *
 * @example
 * ```ts
 * import { put_ } from "@flambeau/ops";
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(put_(zeros([3]), tensor([0n, 0n]), tensor([5, 6]), { accumulate: true })));
 * // tensor([11.,  0.,  0.])
 * ```
 */
export const put_: Callable<typeof PUT_INPLACE, Tensor> = callable(PUT_INPLACE, (x, ...args) =>
  writeOver("put_", x, (x) => putInto(x, ...args)),
);
