/** Quantiles that leave out nan. */
import { type Callable, callable, clampMin, isnan, quantileOf, type Tensor } from "@flambeau/tensor";

const NANQUANTILE =
  "nanquantile(input, q: number|tensor|numbers, dim?, keepdim = false, *, interpolation: 'linear'|'lower'|'higher'|'midpoint'|'nearest' = 'linear')";

/**
 * The value below which a part `q` of the elements lies that are not nan, along a dimension or of all; nan where all are. Otherwise as
 * `quantile`.
 *
 * @throws as `quantile`.
 *
 * @example
 * ```ts
 * import { nanquantile } from "@flambeau/ops";
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(nanquantile(tensor([1, Number.NaN, 3]), 0.5)));
 * // tensor(2.)
 * ```
 */
export const nanquantile: Callable<typeof NANQUANTILE, Tensor> = callable(
  NANQUANTILE,
  (x, q, dim, keepdim, { interpolation }) =>
    quantileOf("nanquantile", x, q, dim, keepdim, interpolation, (sorted, parts) => {
      const numbers = isnan(sorted.detach()).logicalNot();
      const last = clampMin(numbers.sum(-1, true).sub(1n), 0n);
      return parts.mul(last.to(parts.dtype));
    }),
);
