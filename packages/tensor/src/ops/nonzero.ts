/**
 * Where elements are not zero, apart from indexing: `where` of a mask alone needs it, and indexing needs `where`.
 *
 * @module
 */
import { wordsOf } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable, Overloaded } from "../call/signature.ts";
import { observed } from "../dispatch/observe.ts";
import { peek } from "../peek.ts";
import { Tensor } from "../tensor.ts";
import { needsElements } from "./unreadable.ts";

/** Why where the elements are not zero cannot be said without them. */
export const POSITIONS = "how many positions there are depends on the elements";

const NONZERO = "nonzero(input, *, asTuple = false)";
const ROWS = "nonzero(input)";
const CHOSEN = "nonzero(input, *, asTuple: bool)";

type Nonzero = Overloaded<
  [
    Callable<typeof ROWS, Tensor>,
    Callable<typeof CHOSEN, Tensor[], { asTuple: true }>,
    Callable<typeof CHOSEN, Tensor, { asTuple: false }>,
  ]
>;

/**
 * The positions of non-zero elements, a row each: int64 `[count, ndim]`. With `asTuple` a vector for each dimension, which together are an
 * index; a scalar is a vector of one element then.
 *
 * @throws DeviceError on devices that cannot read at once.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([[0, 5], [7, 0]]);
 * console.log(String(x.nonzero()));
 * // tensor([[0, 1],
 * //         [1, 0]])
 * console.log(String(x.at(...x.nonzero({ asTuple: true }))));
 * // tensor([5., 7.])
 * ```
 */
export const nonzero: Nonzero = callable(NONZERO, (x, { asTuple }) =>
  asTuple ? positions(x.ndim === 0 ? x.reshape([1]) : x).unbind(1) : positions(x),
) as unknown as Nonzero;

function positions(x: Tensor): Tensor {
  needsElements("nonzero", x, POSITIONS, "(await x.cpu()).nonzero()");
  return observed("op", "nonzero", [x], undefined, () => positionsOf(x));
}

function positionsOf(x: Tensor): Tensor {
  const { ndim, shape } = x;
  const found = truePlaces(peek(x.dtype === "bool" ? x : x.ne(0)) as Uint8Array);
  const out = new BigInt64Array(found.length * ndim);
  const words = wordsOf(out);
  for (let row = 0; row < found.length; row++) {
    let rest = found[row];
    for (let d = ndim - 1; d > 0; d--) {
      const above = Math.floor(rest / shape[d]);
      words[2 * (row * ndim + d)] = rest - above * shape[d];
      rest = above;
    }
    if (ndim > 0) words[2 * row * ndim] = rest;
  }
  return new Tensor(x.storage.backend.upload("int64", out), [found.length, ndim]);
}

/** Where the bytes of a mask are not 0. */
function truePlaces(mask: Uint8Array): Int32Array {
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i] === 0 ? 0 : 1;
  const places = new Int32Array(count);
  // Without a branch: each place is written, and stays if the element is true.
  for (let i = 0, k = 0; k < count; i++) {
    places[k] = i;
    k += mask[i] === 0 ? 0 : 1;
  }
  return places;
}
