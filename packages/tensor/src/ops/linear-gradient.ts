/**
 * The derivatives of `linear` as a kernel each.
 *
 * @module
 * @internal
 */
import { numel, ReduceKernel, type Shape } from "@flambeau/backend";
import { observed, observer } from "../dispatch/observe.ts";
import { Tensor } from "../tensor.ts";

const rowSum = new ReduceKernel("linearBackwardBias", "sum");

/**
 * The gradients of `linear` with respect to x, weight and bias, without a graph: `g @ weight`, `g.T @ x` and the sum of
 * g's rows; null where they are not wanted: the first without a weight, the second without an x, whose shapes are given.
 */
export function linearGradients(
  g: Tensor,
  shapes: readonly [x: Shape, weight: Shape],
  x: Tensor | null,
  weight: Tensor | null,
  wantsBias: boolean,
): (Tensor | null)[] {
  return observer === null
    ? gradientsOf(g, shapes, x, weight, wantsBias)
    : observedGradients(g, shapes, x, weight, wantsBias);
}

function observedGradients(
  g: Tensor,
  shapes: readonly [x: Shape, weight: Shape],
  x: Tensor | null,
  weight: Tensor | null,
  wantsBias: boolean,
): (Tensor | null)[] {
  const inputs = [g, x, weight].filter((input) => input !== null);
  return observed("gradient", "linearBackward", inputs, undefined, () =>
    gradientsOf(g, shapes, x, weight, wantsBias),
  );
}

function gradientsOf(
  g: Tensor,
  [xShape, weightShape]: readonly [x: Shape, weight: Shape],
  x: Tensor | null,
  weight: Tensor | null,
  wantsBias: boolean,
): (Tensor | null)[] {
  const { backend } = g.storage;
  const { dtype } = g;
  const [out, inSize] = weightShape;
  const rows = g.ndim === 2 ? g : g.reshape([numel(g.shape.slice(0, -1)), out]);
  const grads: (Tensor | null)[] = [null, null, null];
  if (weight !== null) {
    const gx = Tensor.empty(backend, xShape, dtype);
    backend.matmul(rows, weight, g.ndim === 2 ? gx : new Tensor(gx.storage, [rows.shape[0], inSize]));
    grads[0] = gx;
  }
  if (x !== null) {
    const flat = x.ndim === 2 ? x : x.detach().reshape([rows.shape[0], inSize]);
    const gw = Tensor.empty(backend, weightShape, dtype);
    const turned = rows.withLayout([out, rows.shape[0]], [rows.strides[1], rows.strides[0]]);
    backend.matmul(turned, flat, gw);
    grads[1] = gw;
  }
  if (wantsBias) {
    const gb = Tensor.empty(backend, [1, out], dtype);
    backend.reduce(rowSum, dtype, rows.shape, [rows], [], gb);
    grads[2] = new Tensor(gb.storage, [out]);
  }
  return grads;
}
