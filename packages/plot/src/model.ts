import { noGrad } from "@flambeau/autograd";
import { type Tensor, tensor } from "@flambeau/tensor";

/** Anything that maps a batch to its outputs: a module, or a plain function. */
export type Model = (x: Tensor) => Tensor;

/** The one tensor that says where a model computes, and in which dtype. */
function firstParameter(model: Model): Tensor | undefined {
  const { parameters } = model as { parameters?: () => Iterable<Tensor> };
  if (typeof parameters !== "function") return undefined;
  for (const parameter of parameters.call(model)) return parameter;
  return undefined;
}

/**
 * A batch of numbers as the model wants it: on the device and in the dtype of its first parameter, or float32
 * on the CPU for a model without parameters.
 */
export function batchFor(model: Model, data: ArrayLike<number>, shape: readonly number[]): Tensor {
  const parameter = firstParameter(model);
  const values = parameter?.dtype === "float64" ? Float64Array.from(data) : Float32Array.from(data);
  const batch = tensor(values).reshape([...shape]);
  return parameter === undefined ? batch : batch.to(parameter.device).to(parameter.dtype);
}

/** The model's output for a batch, without recording. */
export function evaluate(model: Model, batch: Tensor): Tensor {
  return noGrad(() => model(batch));
}
