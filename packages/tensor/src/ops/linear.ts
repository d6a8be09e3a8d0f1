/**
 * A matrix product with a bias, as layers take it.
 *
 * @module
 */
import { E, formatShape, input, MapKernel, ShapeError } from "@flambeau/backend";
import { callable } from "../call/callable.ts";
import type { Callable } from "../call/signature.ts";
import { commonBackend } from "../elementwise.ts";
import { record } from "../recorder.ts";
import { Tensor } from "../tensor.ts";
import { matmul } from "./matmul.ts";
import { sameDType } from "./same-dtype.ts";

const addBias = new MapKernel("bias", 2, 0, [E.add(input(0), input(1))]);

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
  const inputs = bias == null ? [x, weight] : [x, weight, bias];
  const backend = commonBackend("linear", inputs);
  sameDType("linear", inputs);
  const inSize = weight.shape[weight.ndim - 1];
  const biasFits = bias == null || (bias.ndim === 1 && bias.shape[0] === weight.shape[0]);
  if (weight.ndim === 1 && bias == null && x.ndim > 0 && x.shape[x.ndim - 1] === inSize)
    return matmul(x, weight);
  if (weight.ndim !== 2 || x.ndim === 0 || x.shape[x.ndim - 1] !== inSize || !biasFits) {
    const biasText = bias == null ? "" : ` and a bias of shape ${formatShape(bias.shape)}`;
    throw new ShapeError(
      `linear: an input of shape ${formatShape(x.shape)} does not fit a weight of shape ${formatShape(weight.shape)} (out, in)${biasText}`,
    );
  }
  const shape = x.shape.slice();
  shape[shape.length - 1] = weight.shape[0];
  const out = Tensor.empty(backend, shape, x.dtype);
  const flat = x.ndim === 2 ? x : x.ndim === 1 ? x.detach().unsqueeze(0) : x.detach();
  const target = x.ndim === 1 ? out.withLayout([1, shape[0]], [shape[0], 1]) : out;
  const transposed = weight.withLayout([inSize, weight.shape[0]], [weight.strides[1], weight.strides[0]]);
  backend.matmul(
    flat,
    transposed,
    target,
    bias == null ? undefined : { kernel: addBias, inputs: [bias], params: [] },
  );
  return record("linear", inputs, undefined, out);
});
