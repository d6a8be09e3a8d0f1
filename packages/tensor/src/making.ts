/** What the functions that make tensors share. */
import { checkShape, type DType, numel, type Shape, type TypedArray, typedArray } from "@flambeau/backend";
import { deviceFor } from "./device.ts";
import { observed } from "./dispatch/observe.ts";
import { taken } from "./lifetime.ts";
import { checkHolds } from "./promotion.ts";
import { type Scalar, Tensor } from "./tensor.ts";

/** Options of every function that makes a tensor. */
export interface TensorOptions {
  /** What the elements are. Default: from the values (`tensor`, `full`, `arange`), else the default dtype. */
  readonly dtype?: DType;
  /** Where they are. Default "cpu". */
  readonly device?: string;
  /** Collect gradients. Default false. */
  readonly requiresGrad?: boolean;
}

export function finish(x: Tensor, options: TensorOptions): Tensor {
  return options.requiresGrad ? x.requiresGrad_() : x;
}

/**
 * The options of a tensor like another: its dtype and device unless others are given.
 *
 * @internal
 */
export function like(x: Tensor, options: TensorOptions): TensorOptions {
  return { ...options, dtype: options.dtype ?? x.dtype, device: options.device ?? x.device };
}

/** A tensor with a copy of the elements. */
export function fromArray(data: TypedArray, dtype: DType, shape: Shape, options: TensorOptions): Tensor {
  return finish(new Tensor(taken(deviceFor(dtype, options.device).upload(dtype, data)), shape), options);
}

/** A tensor of the elements that `fill` writes, which is called when nothing can fail any more. */
export function made(
  shape: Shape,
  dtype: DType,
  options: TensorOptions,
  fill: (out: TypedArray) => void,
): Tensor {
  const out = typedArray(dtype, numel(checkShape(shape)));
  deviceFor(dtype, options.device);
  fill(out);
  return fromArray(out, dtype, shape.slice(), options);
}

/** `made` of random numbers, which hooks see as an op that depends on `inputs`. */
export function drawn(
  name: string,
  inputs: readonly Tensor[],
  shape: Shape,
  dtype: DType,
  options: TensorOptions,
  fill: (out: TypedArray) => void,
): Tensor {
  return observed("op", name, inputs, { shape, dtype }, () => made(shape, dtype, options, fill));
}

/**
 * Writes a JavaScript value into an array as an element of a dtype.
 *
 * @throws ValueError when an integer dtype cannot hold it.
 */
export function writeElement(out: TypedArray, i: number, value: Scalar, dtype: DType): void {
  checkHolds("tensor", dtype, value);
  if (dtype === "int64")
    (out as BigInt64Array)[i] = BigInt(typeof value === "number" ? Math.trunc(value) : value);
  // Python's truth, to which nan is true.
  else if (dtype === "bool") out[i] = value || Number.isNaN(value) ? 1 : 0;
  else out[i] = Number(value);
}
