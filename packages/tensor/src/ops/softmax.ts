/**
 * Softmax and its logarithm.
 *
 * @module
 */
import {
  type DType,
  E,
  type Expr,
  input,
  MapKernel,
  normalizeDim,
  ReduceKernel,
  RowKernel,
  type Strided,
} from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { defineOp, type Op, shapeOfFirst } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import { Tensor } from "../tensor.ts";
import type { Attrs } from "./names.ts";
import { floatInput } from "./reduction.ts";
import { rowsOf } from "./rows.ts";

const top = new ReduceKernel("rowMax", "max");
const shifted: Expr = E.exp(E.sub(input(0), input(1)));
const total = new ReduceKernel("rowSumExp", "sum", { inputs: 2, prepare: shifted });
const logTotal = new ReduceKernel("rowLogSumExp", "sum", {
  inputs: 2,
  prepare: shifted,
  finish: E.log(input(0)),
});
const normalize = new MapKernel("softmax", 3, 0, [E.div(shifted, input(2))]);
const logNormalize = new MapKernel("logSoftmax", 3, 0, [E.sub(E.sub(input(0), input(1)), input(2))]);

// In one go over each row: input 1 is the maximum, 2 the sum or what is made of it, 3 the exponentials.
const rowMax = { combine: "max", prepare: input(0) } as const;
const inRows = {
  softmax: new RowKernel(
    "softmaxRows",
    1,
    0,
    [rowMax, { combine: "sum", prepare: shifted, finish: E.div(1, input(2)), keeps: true }],
    E.mul(input(3), input(2)),
  ),
  logSoftmax: new RowKernel(
    "logSoftmaxRows",
    1,
    0,
    [rowMax, { combine: "sum", prepare: shifted, finish: E.log(input(2)) }],
    E.sub(E.sub(input(0), input(1)), input(2)),
  ),
} as const;

/** Options of `softmax` and `logSoftmax`. */
export interface SoftmaxOptions {
  /** Convert to this dtype first, which integers need. Default: the tensor's own. */
  readonly dtype?: DType;
}

type Normalizer = "softmax" | "logSoftmax";

const defineNormalizer = <K extends Normalizer>(name: K): Op<K> =>
  defineOp<K>(name, {
    shape: shapeOfFirst,
    run: ([x], { dim }: Attrs<Normalizer>, out) => normalizeInto(name, x, dim, out),
  });

const ops = { softmax: defineNormalizer("softmax"), logSoftmax: defineNormalizer("logSoftmax") };

function normalizeInto(op: Normalizer, x: Tensor, dim: number, out: Tensor): void {
  if (x.numel() === 0 || alongRows(op, x, dim, out)) return;
  const { backend } = x.storage;
  const kept = x.shape.map((size, i) => (i === dim ? 1 : size));
  const max = Tensor.empty(backend, kept, x.dtype);
  const norm = Tensor.empty(backend, kept, x.dtype);
  // The largest element is subtracted first, so that no exponential overflows.
  backend.reduce(top, x.dtype, x.shape, [x], [], max);
  backend.reduce(op === "softmax" ? total : logTotal, x.dtype, x.shape, [x, max], [], norm);
  backend.map(op === "softmax" ? normalize : logNormalize, x.dtype, [x, max, norm], [], [out]);
  backend.release(max.storage);
  backend.release(norm.storage);
}

function normalized(op: Normalizer, given: Tensor, dim: number, options: SoftmaxOptions): Tensor {
  const x = floatInput(op, given, options);
  return runOp(ops[op] as Op<"softmax">, [x], { dim: normalizeDim(dim, x.ndim) });
}

function alongRows(op: Normalizer, x: Tensor, dim: number, out: Tensor): boolean {
  const { backend } = x.storage;
  if (backend.rows === undefined || x.dtype !== "float32" || dim !== x.ndim - 1) return false;
  const rows = rowsOf(x, 1);
  return rows !== undefined && backend.rows(inRows[op], [rows], [], rowsOf(out, 1) as Strided, [null, null]);
}

const SOFTMAX = "softmax(input, dim, dtype?)";

/**
 * Exponentials along a dimension, divided by their sum; computed in `dtype`, if it is given.
 *
 * @throws DTypeError for integers without a float `dtype`; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[0, 0], [0, 1000]]).softmax(1)));
 * // tensor([[0.5000, 0.5000],
 * //         [0.0000, 1.0000]])
 * ```
 */
export const softmax: Callable<typeof SOFTMAX, Tensor> = callable(SOFTMAX, (x, dim, dtype) => {
  return normalized("softmax", x, dim, { dtype });
});

const LOG_SOFTMAX = "logSoftmax(input, dim, dtype?)";

/**
 * The logarithm of `softmax`, without underflow; computed in `dtype`, if it is given.
 *
 * @throws DTypeError for integers without a float `dtype`; IndexError when there is no such dimension.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([0, 1]).logSoftmax(0)));
 * // tensor([-1.3133, -0.3133])
 * ```
 */
export const logSoftmax: Callable<typeof LOG_SOFTMAX, Tensor> = callable(LOG_SOFTMAX, (x, dim, dtype) => {
  return normalized("logSoftmax", x, dim, { dtype });
});
