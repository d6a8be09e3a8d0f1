/**
 * Tensors of values that JavaScript has.
 *
 * @module
 */
import {
  checkNdim,
  checkShape,
  type DType,
  DTypeError,
  dtypeOfArray,
  formatShape,
  isHalf,
  kindOfArray,
  numel,
  type Shape,
  ShapeError,
  type TypedArray,
  typedArray,
} from "@flambeau/backend";
import { callable } from "./call/callable.ts";
import type { Callable } from "./call/signature.ts";
import { getDefaultDType } from "./defaults.ts";
import { describeValue } from "./describe.ts";
import { backendOf } from "./device.ts";
import { taken } from "./lifetime.ts";
import { finish, fromArray, writeElement } from "./making.ts";
import { type Scalar, Tensor } from "./tensor.ts";

/** Nested arrays of equal lengths. */
export type NestedArray = Scalar | readonly NestedArray[];

/** What a tensor is made of. */
type Data = { readonly data: NestedArray | ArrayBufferView | Tensor };

function isTypedArray(x: unknown): x is ArrayBufferView & ArrayLike<number | bigint> {
  const kind = kindOfArray(x);
  return kind !== undefined && kind !== "DataView";
}

const TENSOR = "tensor(data: any, *, ...making)";

/**
 * A tensor with a copy of the given values: a number, boolean or bigint, nested arrays of them, a typed array, or
 * another tensor. Numbers make float32, booleans bool, bigints int64; a typed array keeps its dtype (Uint8Array is
 * uint8); `dtype` overrides.
 *
 * @throws ShapeError when nested arrays are ragged, or nested more than 64 deep; DTypeError when the dtype is unknown or a value
 *   is none.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([[1, 2], [3, 4.5]])));
 * // tensor([[1.0000, 2.0000],
 * //         [3.0000, 4.5000]])
 * console.log(String(tensor([1n, 2n])));
 * // tensor([1, 2])
 * ```
 */
export const tensor: Callable<typeof TENSOR, Tensor, Data> = callable<typeof TENSOR, Tensor, Data>(
  TENSOR,
  (data, options) => {
    if (data instanceof Tensor) {
      const copy = data.detach().clone().to({ dtype: options.dtype, device: options.device });
      return finish(copy, options);
    }
    if (isTypedArray(data)) {
      const own = dtypeOfArray(data as ArrayBufferView);
      const dtype = options.dtype ?? own;
      return fromArray(convertArray(data as TypedArray, own, dtype), dtype, [data.length], options);
    }
    const shape: number[] = [];
    let level: unknown = data;
    while (Array.isArray(level)) {
      shape.push(level.length);
      // An array that holds itself has no end.
      checkNdim(shape.length);
      level = level[0];
    }
    const values: Scalar[] = [];
    collect(data as NestedArray, shape, 0, values, "");
    const dtype = options.dtype ?? commonDType(values);
    const out = typedArray(dtype, values.length);
    for (let i = 0; i < values.length; i++) writeElement(out, i, values[i], dtype);
    return fromArray(out, dtype, shape, options);
  },
);

function collect(data: NestedArray, shape: Shape, depth: number, out: Scalar[], path: string): void {
  if (depth === shape.length) {
    if (Array.isArray(data)) {
      throw new ShapeError(
        `nested arrays are ragged: data${path} is an array where its neighbours are values`,
      );
    }
    const kind = typeof data;
    if (kind !== "number" && kind !== "boolean" && kind !== "bigint") {
      throw new DTypeError(
        `a tensor holds numbers, booleans or bigints; data${path} is ${describeValue(data)}`,
      );
    }
    out.push(data as Scalar);
    return;
  }
  if (!Array.isArray(data) || data.length !== shape[depth]) {
    const got = Array.isArray(data) ? `has ${data.length} elements` : "is no array";
    throw new ShapeError(
      `nested arrays are ragged: data${path} ${got}, expected ${shape[depth]} as in its first neighbour`,
    );
  }
  for (let i = 0; i < data.length; i++) collect(data[i], shape, depth + 1, out, `${path}[${i}]`);
}

function commonDType(values: readonly Scalar[]): DType {
  let kind: DType = values.length === 0 ? getDefaultDType() : "bool";
  for (const value of values) {
    if (typeof value === "number") return getDefaultDType();
    if (typeof value === "bigint") kind = "int64";
  }
  return kind;
}

function convertArray(data: TypedArray, from: DType, to: DType): TypedArray {
  // On the CPU, which has all dtypes; the device may lack the array's own. 16-bit floats are made of what comes.
  return from === to || isHalf(to)
    ? data
    : new Tensor(backendOf("cpu").upload(from, data), [data.length]).to(to).dataSync();
}

const FROM_NUMPY = "fromNumpy(array: any, shape?, *, device?)";

/**
 * A tensor over a typed array, as PyTorch's `from_numpy`: on the CPU it shares the array's memory, so a write to one is
 * seen in the other; other devices copy. A Uint8Array is uint8, a BigInt64Array int64.
 *
 * @throws DTypeError when the array's kind is no dtype; ShapeError when the shape does not hold its elements.
 *
 * @example
 * ```ts
 * import { fromNumpy } from "@flambeau/tensor";
 *
 * const array = new Float32Array([1, 2, 3]);
 * const x = fromNumpy(array);
 * x.mul_(10);
 * console.log(array[2]);
 * // 30
 * ```
 */
export const fromNumpy: Callable<typeof FROM_NUMPY, Tensor, { readonly array: TypedArray }> = callable<
  typeof FROM_NUMPY,
  Tensor,
  { readonly array: TypedArray }
>(FROM_NUMPY, (array, given, options) => {
  const dtype = dtypeOfArray(array);
  const shape = given ?? [array.length];
  if (numel(checkShape(shape)) !== array.length) {
    throw new ShapeError(`fromNumpy: shape ${formatShape(shape)} does not hold ${array.length} elements`);
  }
  const backend = backendOf(options.device);
  return new Tensor(taken(backend.adopt?.(dtype, array) ?? backend.upload(dtype, array)), shape.slice());
});

const AS_TENSOR = "asTensor(data: any, dtype?, device?, *, requiresGrad = false)";

/**
 * The tensor itself, or `tensor(data)`; a typed array is shared as by `fromNumpy` when nothing has to change.
 *
 * @throws ShapeError and DTypeError as `tensor`.
 *
 * @example
 * ```ts
 * import { asTensor } from "@flambeau/tensor";
 *
 * const array = new Float32Array([1, 2]);
 * array[0] = 7;
 * console.log(String(asTensor(array)));
 * // tensor([7., 2.])
 * ```
 */
export const asTensor: Callable<typeof AS_TENSOR, Tensor, Data> = callable<typeof AS_TENSOR, Tensor, Data>(
  AS_TENSOR,
  (data, dtype, device, { requiresGrad }) => {
    if (data instanceof Tensor) return data.to({ dtype, device });
    const options = { dtype, device, requiresGrad };
    if (
      isTypedArray(data) &&
      (options.dtype === undefined || options.dtype === dtypeOfArray(data as ArrayBufferView))
    ) {
      return finish(fromNumpy(data as TypedArray, [data.length], { device }), options);
    }
    return tensor(data, options);
  },
);

const SCALAR_TENSOR = "scalarTensor(s: scalar, *, ...making)";

/**
 * A scalar tensor.
 *
 * @throws DTypeError and ValueError as `tensor`.
 *
 * @example
 * ```ts
 * import { scalarTensor } from "@flambeau/tensor";
 *
 * console.log(String(scalarTensor(3.5)));
 * // tensor(3.5000)
 * ```
 */
export const scalarTensor: Callable<typeof SCALAR_TENSOR, Tensor> = callable<typeof SCALAR_TENSOR, Tensor>(
  SCALAR_TENSOR,
  (value, options) => {
    return tensor(value, options);
  },
);
