/**
 * The derivatives of softmax and its logarithm as two kernels.
 *
 * @module
 * @internal
 */
import { E, type Expr, input, MapKernel, ReduceKernel, RowKernel, type Strided } from "@flambeau/backend";
import { observed, observer } from "../dispatch/observe.ts";
import { Tensor } from "../tensor.ts";
import { rowsOf } from "./rows.ts";

// Inputs of the derivatives: g, the output, and a sum over the dimension.
const product: Expr = E.mul(input(0), input(1));
const backward = {
  softmax: {
    sum: new ReduceKernel("softmaxBackwardSum", "sum", { inputs: 2, prepare: product }),
    map: new MapKernel("softmaxBackward", 3, 0, [E.mul(input(1), E.sub(input(0), input(2)))]),
    rows: new RowKernel(
      "softmaxBackwardRows",
      2,
      0,
      [{ combine: "sum", prepare: product }],
      E.mul(input(1), E.sub(input(0), input(2))),
    ),
  },
  logSoftmax: {
    sum: new ReduceKernel("logSoftmaxBackwardSum", "sum", { inputs: 2, prepare: input(0) }),
    map: new MapKernel("logSoftmaxBackward", 3, 0, [E.sub(input(0), E.mul(E.exp(input(1)), input(2)))]),
    rows: new RowKernel(
      "logSoftmaxBackwardRows",
      2,
      0,
      [{ combine: "sum", prepare: input(0) }],
      E.sub(input(0), E.mul(E.exp(input(1)), input(2))),
    ),
  },
} as const;

/**
 * The gradient of `softmax` or `logSoftmax` from that of its output `y`, without a graph: `y (g - sum(g y))` and
 * `g - exp(y) sum(g)`.
 */
export function softmaxGradient(op: "softmax" | "logSoftmax", g: Tensor, y: Tensor, dim: number): Tensor {
  return observer === null ? gradientOf(op, g, y, dim) : observedGradient(op, g, y, dim);
}

function observedGradient(op: "softmax" | "logSoftmax", g: Tensor, y: Tensor, dim: number): Tensor {
  return observed("gradient", `${op}Backward`, [g, y], { dim }, () => gradientOf(op, g, y, dim));
}

function gradientOf(op: "softmax" | "logSoftmax", g: Tensor, y: Tensor, dim: number): Tensor {
  const { backend } = y.storage;
  const out = Tensor.empty(backend, y.shape, y.dtype);
  if (y.numel() === 0) return out;
  if (dim === y.ndim - 1 && y.dtype === "float32" && g.dtype === "float32") {
    const [gradient, values] = [rowsOf(g, 1), rowsOf(y, 1)];
    const target = rowsOf(out, 1) as Strided;
    if (gradient && values && backend.rows?.(backward[op].rows, [gradient, values], [], target, [null]))
      return out;
  }
  const kept = y.shape.map((size, i) => (i === dim ? 1 : size));
  const sum = Tensor.empty(backend, kept, y.dtype);
  const kernels = backward[op];
  backend.reduce(kernels.sum, y.dtype, y.shape, [g, y], [], sum);
  backend.map(kernels.map, y.dtype, [g, y, sum], [], [out]);
  backend.release(sum.storage);
  return out;
}
