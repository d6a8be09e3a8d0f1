/** Medians that leave out nan. */
import { derived } from "@flambeau/autograd";
import { formatShape, IndexError, isFloat, normalizeDim } from "@flambeau/backend";
import {
  type Callable,
  callable,
  gather,
  isnan,
  median,
  named,
  namedTuple,
  type Overloaded,
  overloaded,
  sort,
  type Tensor,
  type ValuesAndIndices,
} from "@flambeau/tensor";

const NANMEDIAN = "nanmedian(input)";
const NANMEDIAN_ALONG = "nanmedian(input, dim, keepdim = false)";

/**
 * The median of the elements that are not nan, the lower of two; nan where all are. Its gradient is shared equally by equal
 * elements. Along a dimension, with where it was; the gradient goes there.
 *
 * @throws IndexError when there is no such dimension, or no element along it.
 *
 * @example
 * ```ts
 * import { nanmedian } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(nanmedian(tensor([Number.NaN, 3, 1, 2]))));
 * // tensor(2.)
 * ```
 */
export const nanmedian: Overloaded<
  [Callable<typeof NANMEDIAN, Tensor>, Callable<typeof NANMEDIAN_ALONG, ValuesAndIndices>]
> = overloaded(callable(NANMEDIAN, ofAll), callable(NANMEDIAN_ALONG, along));

function ofAll(x: Tensor): Tensor {
  if (x.numel() === 0) return named(median(x), "Nanmedian");
  const [out] = derived(
    {
      name: "Nanmedian",
      readsInputs: true,
      run: ([given]) => [middle(given.ravel(), 0).values.squeeze(0)],
      backward: ({ grads: [g], inputs: [given], outputs: [y] }) => {
        const equal = given
          .detach()
          .eq(y.detach())
          .logicalOr(isnan(given.detach()).logicalAnd(isnan(y.detach())));
        return [equal.to(given.dtype).mul((g as Tensor).div(equal.sum()))];
      },
    },
    x,
  );
  return out;
}

function along(x: Tensor, dim: number, keepdim: boolean): ValuesAndIndices {
  const d = normalizeDim(dim, x.ndim);
  if (x.shape[d] === 0)
    throw new IndexError(
      `nanmedian: there is no element along dimension ${d} of shape ${formatShape(x.shape)}`,
    );
  const { values, indices } = x.ndim === 0 ? sort(x) : middle(x, d);
  if (keepdim || x.ndim === 0) return namedTuple({ values: named(values, "NanmedianBackward1"), indices });
  return namedTuple({
    values: named(values.squeeze(d), "NanmedianBackward1"),
    indices: indices.squeeze(d),
  });
}

/** The element in the middle of those that are not nan, which are sorted first, and where it was. */
function middle(x: Tensor, dim: number): { readonly values: Tensor; readonly indices: Tensor } {
  const { values, indices } = sort(x, dim);
  const numbers = isFloat(x.dtype)
    ? isnan(values.detach()).logicalNot()
    : values.detach().eq(values.detach());
  const last = numbers.sum(dim, true).sub(1n);
  const at = last.clampMin(0n).div(2n, { roundingMode: "floor" });
  return { values: gather(values, dim, at), indices: gather(indices, dim, at) };
}
