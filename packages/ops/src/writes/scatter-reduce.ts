/** Scatters that reduce where several elements meet. */
import { formatShape, normalizeDim, ShapeError } from "@flambeau/backend";
import { type Callable, callable, named, type Tensor, writeOver } from "@flambeau/tensor";
import { checkIndex, checkSame } from "./checks.ts";
import { type Reduce, reduced } from "./reduced.ts";

const SCATTER_REDUCE =
  "scatterReduce(input, dim, index, src, reduce: 'sum'|'prod'|'mean'|'amax'|'amin', *, includeSelf = true)";
const SCATTER_REDUCE_INPLACE =
  "scatterReduce_(input, dim, index, src, reduce: 'sum'|'prod'|'mean'|'amax'|'amin', *, includeSelf = true)";

function scattered(
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Tensor,
  reduce: Reduce,
  { includeSelf }: { readonly includeSelf: boolean },
): Tensor {
  const d = normalizeDim(dim, x.ndim);
  checkIndex("scatterReduce", index);
  checkSame("scatterReduce", x, src);
  // A scalar on any side stands for a vector of one element.
  const [to, at, from] = [x, index, src].map((t) => (t.ndim === 0 ? t.reshape([1]) : t));
  if (at.numel() === 0) return named(x.clone(), "ScatterReduce");
  checkFit(to, d, at, from);
  const part = at.shape.reduce((t, size, i) => (t.shape[i] === size ? t : t.narrow(i, 0, size)), from);
  const given = { x: to, dim: d, index: at, src: part };
  const out = reduced("ScatterReduce", reduce, given, includeSelf ? "counted" : "ignored");
  return named(x.ndim === 0 ? out.reshape([]) : out, "ScatterReduce");
}

/** The index has the dimensions of both, and is not larger than the tensor, but along `dim`, nor than the source. */
function checkFit(x: Tensor, dim: number, index: Tensor, src: Tensor): void {
  const fits =
    index.ndim === x.ndim &&
    index.ndim === src.ndim &&
    index.shape.every((size, i) => (i === dim || size <= x.shape[i]) && size <= src.shape[i]);
  if (fits) return;
  throw new ShapeError(
    `scatterReduce: an index of shape ${formatShape(index.shape)} does not fit a tensor of shape ${formatShape(x.shape)} along dimension ${dim} and a source of shape ${formatShape(src.shape)}`,
  );
}

/**
 * A copy to which the elements of `src` have been scattered, as `scatter` does, and reduced where several meet: their sum, product,
 * mean, largest or smallest. What is there takes part, unless `includeSelf` is false; where nothing is scattered it stays. The gradient
 * of largest and smallest elements is shared equally by equal ones. These are found on the CPU, whatever the device. Means of integers
 * are rounded down.
 *
 * @throws IndexError when an index is out of range or there is no such dimension; ShapeError when the index does not fit; DTypeError
 *   when it is no integer tensor, or the dtypes differ.
 *
 * @example
 * ```ts
 * import { scatterReduce } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * const [x, index, src] = [tensor([1, 2]), tensor([0n, 0n]), tensor([3, 5])];
 * console.log(String(scatterReduce(x, 0, index, src, "mean")));
 * // tensor([3., 2.])
 * console.log(String(scatterReduce(x, 0, index, src, "mean", { includeSelf: false })));
 * // tensor([4., 2.])
 * ```
 */
export const scatterReduce: Callable<typeof SCATTER_REDUCE, Tensor> = callable(SCATTER_REDUCE, scattered);

/**
 * `scatterReduce` in place: writes over the tensor and gives it.
 *
 * @throws as `scatterReduce`; nothing is written then.
 *
 * @example
 * ```ts
 * import { scatterReduce_ } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(scatterReduce_(tensor([1, 2]), 0, tensor([0n, 1n]), tensor([3, 1]), "amax")));
 * // tensor([3., 2.])
 * ```
 */
export const scatterReduce_: Callable<typeof SCATTER_REDUCE_INPLACE, Tensor> = callable(
  SCATTER_REDUCE_INPLACE,
  (x, ...args) => writeOver("scatterReduce_", x, (x) => scattered(x, ...args)),
);

const INDEX_REDUCE =
  "indexReduce(input, dim, index, source, reduce: 'prod'|'mean'|'amax'|'amin', *, includeSelf = true)";
const INDEX_REDUCE_INPLACE =
  "indexReduce_(input, dim, index, source, reduce: 'prod'|'mean'|'amax'|'amin', *, includeSelf = true)";

function reducedSlices(
  x: Tensor,
  dim: number,
  index: Tensor,
  source: Tensor,
  reduce: Reduce,
  { includeSelf }: { readonly includeSelf: boolean },
): Tensor {
  const d = normalizeDim(dim, x.ndim);
  checkIndex("indexReduce", index);
  checkSame("indexReduce", x, source);
  const to = x.ndim === 0 ? x.reshape([1]) : x;
  const from = source.ndim === 0 ? source.reshape([1]) : source;
  const wanted = to.shape.map((size, i) => (i === d ? index.numel() : size));
  if (index.ndim > 1 || `${from.shape}` !== `${wanted}`) {
    throw new ShapeError(
      `indexReduce: an index of shape ${formatShape(index.shape)} along dimension ${d} of shape ${formatShape(x.shape)} does not go with a source of shape ${formatShape(source.shape)}`,
    );
  }
  if (from.numel() === 0) return named(x.clone(), "IndexReduce");
  const positions = index
    .detach()
    .reshape(wanted.map((_, i) => (i === d ? -1 : 1)))
    .expand(wanted);
  const given = { x: to, dim: d, index: positions, src: from };
  const out = reduced("IndexReduce", reduce, given, includeSelf ? "counted" : "ignored");
  return named(x.ndim === 0 ? out.reshape([]) : out, "IndexReduce");
}

/**
 * A copy in which the slices `index[0]`, `index[1]`, ... of a dimension are reduced with the slices of `source`: their product, mean,
 * largest or smallest elements. See `scatterReduce`.
 *
 * @throws IndexError when an index is out of range or there is no such dimension; ShapeError when the index is no vector, or the source
 *   does not have a slice for each; DTypeError when the index is no integer tensor, or the dtypes differ.
 *
 * @example
 * ```ts
 * import { indexReduce } from "@flambeau/ops";
 * import { ones, tensor } from "@flambeau/tensor";
 *
 * console.log(String(indexReduce(ones([2, 2]), 0, tensor([1n, 1n]), tensor([[2, 3], [4, 5]]), "prod")));
 * // tensor([[ 1.,  1.],
 * //         [ 8., 15.]])
 * ```
 */
export const indexReduce: Callable<typeof INDEX_REDUCE, Tensor> = callable(INDEX_REDUCE, reducedSlices);

/**
 * `indexReduce` in place: writes over the tensor and gives it.
 *
 * @throws as `indexReduce`; nothing is written then.
 *
 * @example
 * ```ts
 * import { indexReduce_ } from "@flambeau/ops";
 * import { ones, tensor } from "@flambeau/tensor";
 *
 * console.log(String(indexReduce_(ones([2]), 0, tensor([1n]), tensor([4]), "amax")));
 * // tensor([1., 4.])
 * ```
 */
export const indexReduce_: Callable<typeof INDEX_REDUCE_INPLACE, Tensor> = callable(
  INDEX_REDUCE_INPLACE,
  (x, ...args) => writeOver("indexReduce_", x, (x) => reducedSlices(x, ...args)),
);
