/**
 * Running sums and products.
 *
 * @module
 */
import { type DType, isFloat, normalizeDim } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { record } from "../recorder.ts";
import { Tensor } from "../tensor.ts";

function scan(op: "cumsum" | "cumprod", x: Tensor, dim: number, dtype: DType | undefined): Tensor {
  const d = normalizeDim(dim, x.ndim);
  const from = x.to(dtype ?? (isFloat(x.dtype) ? x.dtype : "int64"));
  const out = Tensor.empty(x.storage.backend, x.shape, from.dtype);
  if (x.ndim === 0) return record("clone", [from], undefined, from.clone().detach());
  x.storage.backend.scan(op === "cumsum" ? "sum" : "prod", from, d, out);
  return record(op, [from], { dim: d }, out);
}

const CUMSUM = "cumsum(input, dim, *, dtype?)";

/**
 * The sums of the elements up to and including each one, along a dimension; of integers as int64.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2, 3]).cumsum(0)));
 * // tensor([1., 3., 6.])
 * ```
 */
export const cumsum: Callable<typeof CUMSUM, Tensor> = callable(CUMSUM, (x, dim, options) => {
  return scan("cumsum", x, dim, options.dtype);
});

const CUMPROD = "cumprod(input, dim, *, dtype?)";

/**
 * The products of the elements up to and including each one, along a dimension; of integers as int64.
 *
 * @throws IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2, 3]).cumprod(0)));
 * // tensor([1., 2., 6.])
 * ```
 */
export const cumprod: Callable<typeof CUMPROD, Tensor> = callable(CUMPROD, (x, dim, options) => {
  return scan("cumprod", x, dim, options.dtype);
});
