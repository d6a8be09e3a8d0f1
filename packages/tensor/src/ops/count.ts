/**
 * Which values there are, and how often.
 *
 * @module
 */
import { DTypeError, formatShape, isFloat, ShapeError, ValueError } from "@flambeau/backend";
import { checkTensor } from "../elementwise.ts";
import { Tensor } from "../tensor.ts";
import { fillInto } from "./elements.ts";
import { scatter, scatterAdd_ } from "./gather.ts";
import { cat } from "./join.ts";
import { nonzero } from "./nonzero.ts";
import { itemSync } from "./reading.ts";
import { needsElements } from "./unreadable.ts";

const SIZED_BY_ELEMENTS = "how many results there are depends on the elements";

/** What `unique` gives when asked for more than the values. */
export interface UniqueResult {
  /** The distinct elements in order: a vector. */
  readonly values: Tensor;
  /** For each element its place in `values`: int64, of the tensor's shape. */
  readonly inverse: Tensor;
  /** How often each value occurs: int64, as long as `values`. */
  readonly counts: Tensor;
}

/**
 * The distinct elements in order, as a vector. `uniqueConsecutive` of the sorted elements; no gradient.
 *
 * @throws DeviceError on a device that reads asynchronously.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([3, 1, 3]).unique()));
 * // tensor([1., 3.])
 * ```
 */
export function unique(x: Tensor): Tensor {
  needsElements("unique", x, SIZED_BY_ELEMENTS, "(await x.cpu()).unique()");
  return uniqueAll(x).values;
}

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
export function uniqueAll(x: Tensor): UniqueResult {
  needsElements("uniqueAll", x, SIZED_BY_ELEMENTS, "uniqueAll(await x.cpu())");
  const flat = x.detach().ravel();
  const n = flat.numel();
  const { values, indices } = flat.sort(0);
  if (n === 0) return { values, inverse: indices.reshape(x.shape), counts: indices };
  const changes = values.narrow(0, 1, n - 1).ne(values.narrow(0, 0, n - 1));
  const first = filled(x, [1], 1).to("bool");
  const starts = cat([first, changes]);
  const places = starts.long().cumsum(0).sub(1n);
  const positions = nonzero(starts).select(1, 0);
  const ends = cat([positions.narrow(0, 1, positions.numel() - 1), filled(x, [1], n)]);
  return {
    values: values.at(starts),
    inverse: scatter(indices, 0, indices, places).reshape(x.shape),
    counts: ends.sub(positions),
  };
}

function filled(like: Tensor, shape: number[], value: number): Tensor {
  const out = Tensor.empty(like.storage.backend, shape, "int64");
  fillInto(out, value);
  return out;
}

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
export function bincount(
  x: Tensor,
  weights?: Tensor | null,
  options: { readonly minlength?: number } = {},
): Tensor {
  const { minlength = 0 } = options;
  if (isFloat(x.dtype) || x.dtype === "bool")
    throw new DTypeError(`bincount counts integers; got ${x.dtype}`);
  if (x.ndim !== 1) throw new ShapeError(`bincount takes a vector; got shape ${formatShape(x.shape)}`);
  if (!Number.isInteger(minlength) || minlength < 0) {
    throw new ValueError(`bincount: minlength is an integer from 0; got ${minlength}`);
  }
  if (weights != null) checkTensor("bincount: weights, which stand before the options,", weights);
  if (weights != null && (weights.ndim !== 1 || weights.shape[0] !== x.shape[0])) {
    throw new ShapeError(
      `bincount: weights of shape ${formatShape(weights.shape)} do not go with ${formatShape(x.shape)}`,
    );
  }
  const own = weights == null ? "" : "await weights.cpu()";
  needsElements("bincount", x, SIZED_BY_ELEMENTS, `(await x.cpu()).bincount(${own})`);
  if (x.numel() > 0 && itemSync(x.amin()) < 0) throw new ValueError("bincount: an element is negative");
  const size = x.numel() === 0 ? minlength : Math.max(minlength, itemSync(x.amax()) + 1);
  const dtype = weights == null ? "int64" : weights.dtype === "float32" ? "float32" : "float64";
  const out = Tensor.empty(x.storage.backend, [size], dtype);
  fillInto(out, 0);
  return scatterAdd_(
    out,
    0,
    x.long(),
    weights == null ? filled(x, [x.numel()], 1) : weights.detach().to(dtype),
  );
}
