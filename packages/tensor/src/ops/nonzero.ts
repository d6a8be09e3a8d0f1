/**
 * Where elements are not zero, apart from indexing: `where` of a mask alone needs it, and indexing needs `where`.
 *
 * @module
 */
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { observed } from "../dispatch/observe.ts";
import { Tensor } from "../tensor.ts";
import { needsElements } from "./unreadable.ts";

/** Why where the elements are not zero cannot be said without them. */
export const POSITIONS = "how many positions there are depends on the elements";

const NONZERO = "nonzero(input)";

/**
 * The positions of non-zero elements, a row each: int64 `[count, ndim]`.
 *
 * @throws DeviceError on devices that cannot read at once.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[0, 5], [7, 0]]).nonzero()));
 * // tensor([[0, 1],
 * //         [1, 0]])
 * ```
 */
export const nonzero: Callable<typeof NONZERO, Tensor> = callable(NONZERO, (x) => {
  needsElements("nonzero", x, POSITIONS, "(await x.cpu()).nonzero()");
  return observed("op", "nonzero", [x], undefined, () => positionsOf(x));
});

function positionsOf(x: Tensor): Tensor {
  const data = x.dataSync();
  const found: number[] = [];
  for (let i = 0; i < data.length; i++) if (Number(data[i]) !== 0) found.push(i);
  const out = new BigInt64Array(found.length * x.ndim);
  for (let row = 0; row < found.length; row++) {
    let rest = found[row];
    for (let d = x.ndim - 1; d >= 0; d--) {
      out[row * x.ndim + d] = BigInt(rest % x.shape[d]);
      rest = Math.floor(rest / x.shape[d]);
    }
  }
  return new Tensor(x.storage.backend.upload("int64", out), [found.length, x.ndim]);
}
