/**
 * A matrix product with a bias, as layers take it.
 *
 * @module
 */
import { E, formatShape, input, MapKernel, ShapeError } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { commonBackend } from "../dispatch/devices.ts";
import { defineOp } from "../dispatch/op.ts";
import { runOp } from "../dispatch/run.ts";
import type { Tensor } from "../tensor.ts";
import { matmul } from "./matmul.ts";
import { sameDType } from "./same-dtype.ts";

const addBias = new MapKernel("bias", 2, 0, [E.add(input(0), input(1))]);

const linearOp = defineOp("linear", {
  shape: ([x, weight, bias]) => {
    sameDType("linear", bias === undefined ? [x, weight] : [x, weight, bias]);
    checkSizes(x, weight, bias);
    const shape = x.shape.slice();
    shape[shape.length - 1] = weight.shape[0];
    return shape;
  },
  run: ([x, weight, bias], _, out) => {
    const [outSize, inSize] = weight.shape;
    const isVector = x.ndim === 1;
    const rows = isVector ? x.withLayout([1, inSize], [inSize * x.strides[0], x.strides[0]]) : x;
    const target = isVector ? out.withLayout([1, outSize], [outSize, 1]) : out;
    const transposed = weight.withLayout([inSize, outSize], [weight.strides[1], weight.strides[0]]);
    const epilogue = bias === undefined ? undefined : { kernel: addBias, inputs: [bias], params: [] };
    out.storage.backend.matmul(rows, transposed, target, epilogue);
  },
});

function checkSizes(x: Tensor, weight: Tensor, bias: Tensor | undefined): void {
  const inSize = weight.shape[weight.ndim - 1];
  const biasFits = bias === undefined || (bias.ndim === 1 && bias.shape[0] === weight.shape[0]);
  if (weight.ndim === 2 && x.ndim > 0 && x.shape[x.ndim - 1] === inSize && biasFits) return;
  const biasText = bias === undefined ? "" : ` and a bias of shape ${formatShape(bias.shape)}`;
  throw new ShapeError(
    `linear: an input of shape ${formatShape(x.shape)} does not fit a weight of shape ${formatShape(weight.shape)} (out, in)${biasText}`,
  );
}

const LINEAR = "linear(input, weight, bias?)";

/**
 * `x @ weight.T + bias`: x `[..., in]`, weight `[out, in]` or `[in]`, bias `[out]` or none; the result is `[..., out]`.
 *
 * @throws ShapeError when the sizes differ; DTypeError when the dtypes do.
 *
 * @example
 * ```ts
 * import { linear, tensor } from "@flambeau/tensor";
 *
 * console.log(String(linear(tensor([[1, 2]]), tensor([[3, 4], [5, 6]]), tensor([10, 20]))));
 * // tensor([[21., 37.]])
 * ```
 */
export const linear: Callable<typeof LINEAR, Tensor> = callable(LINEAR, (x, weight, bias) => {
  if (bias != null) return runOp(linearOp, [x, weight, bias], undefined);
  if (weight.ndim !== 1) return runOp(linearOp, [x, weight], undefined);
  commonBackend("linear", [x, weight]);
  sameDType("linear", [x, weight]);
  if (x.ndim === 0 || x.shape[x.ndim - 1] !== weight.shape[0]) checkSizes(x, weight, undefined);
  return matmul(x, weight);
});
