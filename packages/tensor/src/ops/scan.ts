/**
 * Running sums and products.
 *
 * @module
 */
import { type DType, isFloat, normalizeDim } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { defineOp, type Op, shapeOfFirst } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import type { Tensor } from "../tensor.ts";
import { clone } from "./copy.ts";
import type { Attrs } from "./names.ts";

const defineScan = <K extends "cumsum" | "cumprod">(name: K, combine: "sum" | "prod"): Op<K> =>
  defineOp<K>(name, {
    shape: shapeOfFirst,
    run: ([x], { dim }: Attrs<"cumsum">, out) => out.storage.backend.scan(combine, x, dim, out),
  });

const ops = { cumsum: defineScan("cumsum", "sum"), cumprod: defineScan("cumprod", "prod") };

function scan(op: "cumsum" | "cumprod", x: Tensor, dim: number, dtype: DType | undefined): Tensor {
  const d = normalizeDim(dim, x.ndim);
  const from = x.to(dtype ?? (isFloat(x.dtype) ? x.dtype : "int64"));
  return x.ndim === 0 ? clone(from) : runOp(ops[op] as Op<"cumsum">, [from], { dim: d });
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
