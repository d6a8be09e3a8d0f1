/**
 * Order and repetition along a dimension.
 *
 * @module
 */
import { IndexError, normalizeDim, quote, ValueError } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { observed } from "../dispatch/observe.ts";
import { namedTuple } from "../named-tuple.ts";
import { named } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { ownDim, placesOf } from "./check-dims.ts";
import { copyInto } from "./elements.ts";
import type { ValuesAndIndices } from "./extremes.ts";
import { gather } from "./gather.ts";
import { cat } from "./join.ts";

const SORT = "sort(input, dim = -1, descending = false, stable = false)";

/**
 * The elements of a dimension in order (nan counts as greatest), and where they were. Stable.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const { values, indices } = tensor([3, 1, 2]).sort();
 * console.log(String(values), String(indices));
 * // tensor([1., 2., 3.]) tensor([1, 2, 0])
 * ```
 */
export const sort: Callable<typeof SORT, ValuesAndIndices> = callable(SORT, (x, dim, descending) => {
  const d = normalizeDim(dim, x.ndim);
  return firstOf(x, d, descending, x.shape[d] ?? 1, "Sort");
});

/** The first `count` in order along a dimension. */
function firstOf(x: Tensor, dim: number, descending: boolean, count: number, node: string): ValuesAndIndices {
  const { backend } = x.storage;
  const shape = x.shape.map((size, d) => (d === dim ? count : size));
  const indices = Tensor.empty(backend, shape, "int64");
  if (x.ndim === 0) return namedTuple({ values: x.clone(), indices: indices.zero_() });
  const values = Tensor.empty(backend, shape, x.dtype);
  observed("op", "sort", [x], { dim, descending, count }, () => {
    backend.sort(x, dim, descending, values, indices);
    return [values, indices];
  });
  // Recorded as the gather it is, so that sort needs no derivative of its own.
  return namedTuple({ values: x.recorder === null ? values : named(gather(x, dim, indices), node), indices });
}

const ARGSORT = "argsort(input, dim = -1, descending = false, stable = false)";

/**
 * Where the elements of a dimension would come from in order. int64.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([3, 1, 2]).argsort(0, { descending: true })));
 * // tensor([0, 2, 1])
 * ```
 */
export const argsort: Callable<typeof ARGSORT, Tensor> = callable(ARGSORT, (x, dim, descending, stable) => {
  return sort(x.detach(), dim, descending, stable).indices;
});

const TOPK = "topk(input, k: int, dim = -1, largest = true, sorted = true)";

/**
 * The `k` largest elements of a dimension, in order, and where they were.
 *
 * @throws IndexError when the dimension has fewer.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const { values, indices } = tensor([3, 1, 2]).topk(2);
 * console.log(String(values), String(indices));
 * // tensor([3., 2.]) tensor([0, 2])
 * ```
 */
export const topk: Callable<typeof TOPK, ValuesAndIndices> = callable(TOPK, (x, k, dim, largest) => {
  const d = normalizeDim(dim, x.ndim);
  const size = x.ndim === 0 ? 1 : x.shape[d];
  if (!Number.isInteger(k) || k < 0 || k > size) {
    throw new IndexError(`topk: ${quote(k)} of ${size} elements cannot be chosen along dimension ${dim}`);
  }
  return firstOf(x, d, largest, k, "Topk");
});

const FLIP = "flip(input, dims: int|ints)";

/**
 * The elements of the named dimensions in reverse order, as a copy.
 *
 * @throws IndexError when there is no such dimension; ShapeError when one is named twice.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4]]).flip(1)));
 * // tensor([[2., 1.],
 * //         [4., 3.]])
 * ```
 */
export const flip: Callable<typeof FLIP, Tensor> = callable(FLIP, (x, dims) => {
  let out = x;
  for (const d of placesOf(x, dims)) {
    const size = x.shape[d];
    const index = Tensor.empty(x.storage.backend, [size], "int64");
    if (size > 0) copyInto(index, descending(x, size));
    out = out.indexSelect(d, index);
  }
  return named(out === x ? x.clone() : out, "Flip");
});

/** size - 1, ..., 1, 0 on the device of `x`. */
function descending(x: Tensor, size: number): Tensor {
  const ones = Tensor.empty(x.storage.backend, [size], "int64").fill_(-1n);
  return ones.cumsum(0).add(BigInt(size));
}

const ROLL = "roll(input, shifts: int|ints, dims?: int|ints)";

/**
 * The elements shifted along dimensions; those that fall off one end come back at the other. Without a dimension, those
 * of the flattened tensor.
 *
 * @throws ValueError when a shift is no integer or there are not as many as dimensions; IndexError when there is no such
 *   dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2, 3, 4]).roll(1)));
 * // tensor([4., 1., 2., 3.])
 * ```
 */
export const roll: Callable<typeof ROLL, Tensor> = callable(ROLL, (x, shifts, dims) => {
  const by = Array.isArray(shifts) ? shifts : [shifts];
  const bad = by.findIndex((s) => !Number.isInteger(s));
  if (bad >= 0) throw new ValueError(`roll shifts by integers; got ${quote(by[bad])}`);
  const along = dims === undefined ? [] : typeof dims === "number" ? [dims] : dims;
  if (along.length === 0 && by.length === 1)
    return named(rollAlong(x.ravel(), by[0], 0).reshape(x.shape), "Roll");
  if (along.length !== by.length || by.length === 0) {
    throw new ValueError(`roll: ${by.length} shifts do not go with ${along.length} dimensions`);
  }
  let out = x;
  for (let i = 0; i < by.length; i++) out = rollAlong(out, by[i], ownDim("roll", x, along[i]));
  return named(out, "Roll");
});

function rollAlong(x: Tensor, shift: number, d: number): Tensor {
  const size = x.shape[d] ?? 0;
  const s = ((shift % size) + size) % size;
  // Of no elements s is nan.
  return s > 0 ? cat([x.narrow(d, size - s, s), x.narrow(d, 0, size - s)], d) : x.clone();
}
