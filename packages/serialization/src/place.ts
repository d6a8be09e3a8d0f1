/** Where elements of a file become a tensor. */
import {
  type Backend,
  type DType,
  DTypeError,
  isFloat,
  quote,
  type Shape,
  type TypedArray,
  widerOf,
} from "@flambeau/backend";
import { backendOf, lifetime, Tensor } from "@flambeau/tensor";
import { asFloats } from "./elements.ts";

/** Where tensors are made, and as what. */
export interface Placement {
  /** The device that the tensors are on. Default "cpu". */
  readonly device?: string;
  /** What floating-point tensors become; others keep their dtype. Default: what they are in the file. */
  readonly dtype?: DType;
}

/** A `Placement`, checked before anything is read. */
export class Place {
  readonly #backend: Backend;
  readonly #dtype: DType | undefined;

  /** @throws DeviceError when the device is not ready; DTypeError when `dtype` is no float, or the device has it not. */
  constructor(what: string, { device, dtype }: Placement) {
    this.#backend = backendOf(device);
    this.#dtype = dtype;
    if (dtype === undefined) return;
    if (!isFloat(dtype)) {
      throw new DTypeError(
        `${what}: dtype is what floating-point tensors become, so it is one of float16, bfloat16, float32 and float64; got ${quote(dtype)}`,
      );
    }
    if (!this.#backend.supports(dtype))
      throw new DTypeError(`${what}: the device ${this.#backend.name} has no ${dtype}`);
  }

  /**
   * A tensor with a copy of the elements. On a device that has not their dtype, 16-bit floats become float32, int8 and int16 int32.
   *
   * @throws DTypeError when the device has not the dtype.
   */
  tensor(what: string, dtype: DType, data: TypedArray, shape: Shape): Tensor {
    const backend = this.#backend;
    let to = isFloat(dtype) ? (this.#dtype ?? dtype) : dtype;
    if (!backend.supports(to)) to = widerOf(to) ?? to;
    if (!backend.supports(to)) {
      const hint = isFloat(to) ? '; load it with { dtype: "float32" }' : "";
      throw new DTypeError(`${what} is ${to}, which the device ${backend.name} has not${hint}`);
    }
    const elements = isFloat(to)
      ? asFloats(to, data)
      : to === dtype
        ? data
        : Int32Array.from(data as Int16Array);
    return new Tensor(lifetime.taken(backend.upload(to, elements)), shape);
  }
}
