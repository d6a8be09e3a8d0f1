/**
 * Which values there are, and how often.
 *
 * @module
 */
import {
  DTypeError,
  formatShape,
  isFloat,
  quote,
  ShapeError,
  type TypedArray,
  ValueError,
} from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { type NamedTuple, namedTuple } from "../named-tuple.ts";
import { Tensor } from "../tensor.ts";
import { tensor } from "../values.ts";
import { checkNdims, ownDim } from "./check-dims.ts";
import { fillInto } from "./elements.ts";
import { scatter, scatterAdd_ } from "./gather.ts";
import { cat } from "./join.ts";
import { nonzero } from "./nonzero.ts";
import { itemSync } from "./reading.ts";
import { needsElements } from "./unreadable.ts";

const SIZED_BY_ELEMENTS = "how many results there are depends on the elements";

/** What `uniqueAll` gives. */
export interface UniqueResult {
  /** The distinct elements in order: a vector. */
  readonly values: Tensor;
  /** For each element its place in `values`: int64, of the tensor's shape. */
  readonly inverse: Tensor;
  /** How often each value occurs: int64, as long as `values`. */
  readonly counts: Tensor;
}

const UNIQUE = "unique(input, sorted = true, returnInverse = false, returnCounts = false, dim?)";

type Chosen<I extends boolean, C extends boolean> = {
  readonly sorted?: boolean;
  readonly dim?: number | null;
} & (I extends true ? { readonly returnInverse: true } : { readonly returnInverse?: false }) &
  (C extends true ? { readonly returnCounts: true } : { readonly returnCounts?: false });

/**
 * What `unique` gives depends on what it is to return.
 *
 * @internal
 */
export interface Unique<Before extends readonly unknown[]> {
  (...args: [...Before, options: Chosen<true, true>]): [values: Tensor, inverse: Tensor, counts: Tensor];
  (...args: [...Before, options: Chosen<true, false>]): [values: Tensor, inverse: Tensor];
  (...args: [...Before, options: Chosen<false, true>]): [values: Tensor, counts: Tensor];
  (...args: [...Before, options?: Chosen<false, false>]): Tensor;
}

/**
 * The distinct elements in order, as a vector, or the distinct slices of a dimension in the order of their elements; on
 * request with the places of all among them and how often each occurs, int64, as an array. No gradient. nan is equal to
 * nothing.
 *
 * @throws DeviceError on a device that reads asynchronously; IndexError when there is no such dimension; ShapeError when the
 *   slices have no elements.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([3, 1, 3]).unique()));
 * // tensor([1., 3.])
 * const [rows, counts] = tensor([[1, 2], [0, 3], [1, 2]]).unique({ dim: 0, returnCounts: true });
 * console.log(String(rows), String(counts));
 * // tensor([[0., 3.],
 * //         [1., 2.]]) tensor([1, 2])
 * ```
 */
export const unique: Unique<[input: Tensor]> & Callable<typeof UNIQUE, Tensor | Tensor[]> = callable(
  UNIQUE,
  (x, _sorted, returnInverse, returnCounts, dim) => {
    needsElements("unique", x, SIZED_BY_ELEMENTS, "(await x.cpu()).unique()");
    const { values, inverse, counts } = dim === undefined ? uniqueAll(x) : uniqueSlices(x.detach(), dim);
    const results = [values, ...(returnInverse ? [inverse] : []), ...(returnCounts ? [counts] : [])];
    return results.length === 1 ? values : results;
  },
) as unknown as Unique<[input: Tensor]> & Callable<typeof UNIQUE, Tensor | Tensor[]>;

/** The distinct slices of a dimension. */
function uniqueSlices(x: Tensor, dim: number): UniqueResult {
  const d = ownDim("unique", x, dim);
  const n = x.shape[d];
  if (n > 0 && x.numel() === 0)
    throw new ShapeError(
      `unique: the slices of dimension ${d} of shape ${formatShape(x.shape)} have no elements`,
    );
  const size = n === 0 ? 0 : x.numel() / n;
  const elements = x.movedim(d, 0).contiguous().dataSync<TypedArray>();
  const compare = (a: number, b: number): number => compareSlices(elements, a * size, b * size, size);
  const order = Array.from({ length: n }, (_, i) => i).sort(compare);
  const inverse = new BigInt64Array(n);
  const firsts: number[] = [];
  const counts: bigint[] = [];
  order.forEach((slice, i) => {
    if (i === 0 || !sameSlices(elements, order[i - 1] * size, slice * size, size)) {
      firsts.push(slice);
      counts.push(0n);
    }
    inverse[slice] = BigInt(firsts.length - 1);
    counts[counts.length - 1]++;
  });
  const on = { device: x.device };
  return {
    values: x.indexSelect(d, tensor(BigInt64Array.from(firsts, BigInt), on)),
    inverse: tensor(inverse, on),
    counts: tensor(BigInt64Array.from(counts), on),
  };
}

/** The order of two slices by their first elements that differ; nan comes last. */
function compareSlices(elements: TypedArray, a: number, b: number, size: number): number {
  for (let k = 0; k < size; k++) {
    const [x, y] = [elements[a + k], elements[b + k]];
    if (x < y) return -1;
    if (x > y) return 1;
    const isLater = Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    if (isLater !== 0) return isLater;
  }
  return 0;
}

function sameSlices(elements: TypedArray, a: number, b: number, size: number): boolean {
  for (let k = 0; k < size; k++) if (elements[a + k] !== elements[b + k]) return false;
  return true;
}

const UNIQUE_ALL = "uniqueAll(input)";

/**
 * The distinct elements in order, where each element stands among them, and how often each occurs.
 *
 * @throws DeviceError on a device that reads asynchronously.
 *
 * @example
 * ```ts
 * import { tensor, uniqueAll } from "@flambeau/tensor";
 *
 * const { inverse, counts } = uniqueAll(tensor([3, 1, 3]));
 * console.log(String(inverse), String(counts));
 * // tensor([1, 0, 1]) tensor([1, 2])
 * ```
 */
export const uniqueAll: Callable<typeof UNIQUE_ALL, NamedTuple<UniqueResult>> = callable(UNIQUE_ALL, (x) => {
  needsElements("uniqueAll", x, SIZED_BY_ELEMENTS, "uniqueAll(await x.cpu())");
  const flat = x.detach().ravel();
  const n = flat.numel();
  const { values, indices } = flat.sort(0);
  if (n === 0) return namedTuple({ values, inverse: indices.reshape(x.shape), counts: indices });
  const changes = values.narrow(0, 1, n - 1).ne(values.narrow(0, 0, n - 1));
  const first = filled(x, [1], 1).to("bool");
  const starts = cat([first, changes]);
  const places = starts.long().cumsum(0).sub(1n);
  const positions = nonzero(starts).select(1, 0);
  const ends = cat([positions.narrow(0, 1, positions.numel() - 1), filled(x, [1], n)]);
  return namedTuple({
    values: values.at(starts),
    inverse: scatter(indices, 0, indices, places).reshape(x.shape),
    counts: ends.sub(positions),
  });
});

function filled(like: Tensor, shape: number[], value: number): Tensor {
  const out = Tensor.empty(like.storage.backend, shape, "int64");
  fillInto(out, value);
  return out;
}

const BINCOUNT = "bincount(input, weights?: tensor, minlength = 0)";

/**
 * How often each of the integers 0, 1, ... occurs in a vector (or the sum of `weights` where it does): a vector one
 * longer than the largest of them, or `minlength` long if that is more. int64; with weights float32 or float64.
 *
 * @throws DTypeError when the elements are no integers; ShapeError when it is no vector or the weights have another
 *   length; ValueError when an element is negative; DeviceError on a device that reads asynchronously.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1n, 3n, 1n]).bincount()));
 * // tensor([0, 2, 0, 1])
 * ```
 */
export const bincount: Callable<typeof BINCOUNT, Tensor> = callable(BINCOUNT, (x, weights, minlength) => {
  if (isFloat(x.dtype) || x.dtype === "bool")
    throw new DTypeError(`bincount counts integers; got ${x.dtype}`);
  checkNdims("bincount takes a vector", x, 1);
  if (!Number.isInteger(minlength) || minlength < 0) {
    throw new ValueError(`bincount: minlength is an integer from 0; got ${quote(minlength)}`);
  }
  if (weights !== undefined && (weights.ndim !== 1 || weights.shape[0] !== x.shape[0])) {
    throw new ShapeError(
      `bincount: weights of shape ${formatShape(weights.shape)} do not go with ${formatShape(x.shape)}`,
    );
  }
  const own = weights === undefined ? "" : "await weights.cpu()";
  needsElements("bincount", x, SIZED_BY_ELEMENTS, `(await x.cpu()).bincount(${own})`);
  if (x.numel() > 0 && itemSync(x.amin()) < 0) throw new ValueError("bincount: an element is negative");
  const size = x.numel() === 0 ? minlength : Math.max(minlength, itemSync(x.amax()) + 1);
  const dtype = weights === undefined ? "int64" : weights.dtype === "float32" ? "float32" : "float64";
  const out = Tensor.empty(x.storage.backend, [size], dtype);
  fillInto(out, 0);
  return scatterAdd_(
    out,
    0,
    x.long(),
    weights === undefined ? filled(x, [x.numel()], 1) : weights.detach().to(dtype),
  );
});
