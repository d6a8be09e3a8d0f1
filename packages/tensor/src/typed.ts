/**
 * PyTorch's older constructors, one for each dtype.
 *
 * @module
 */
import { ArgumentError, type DType } from "@flambeau/backend";
import type { Tensor } from "./tensor.ts";
import { type NestedArray, tensor } from "./values.ts";

/** Arrays, nested or typed; a tensor. */
type Values = Exclude<NestedArray, number | bigint | boolean> | ArrayBufferView | Tensor;

/** Makes a tensor of one dtype, called with `new` or without. */
interface TypedConstructor {
  (data: Values): Tensor;
  new (data: Values): Tensor;
}

function typed(name: string, dtype: DType): TypedConstructor {
  return function make(data: Values, ...rest: unknown[]): Tensor {
    // Numbers are sizes there: torch.LongTensor(2, 3) is memory as it comes.
    if (rest.length > 0 || typeof data !== "object" || data === null)
      throw new ArgumentError(
        `${name}: data is one array, as in ${name}([1, 2]); of sizes: zeros([2, 3], { dtype: "${dtype}" })`,
      );
    return tensor(data, { dtype });
  } as TypedConstructor;
}

/**
 * As `tensor(data, { dtype: "float32" })`. Sizes in place of an array, as `torch.FloatTensor(2, 3)`, are refused: `zeros([2, 3])`.
 *
 * @throws ArgumentError when the data is no array or tensor; ShapeError and DTypeError as `tensor`.
 *
 * @example
 * ```ts
 * import { FloatTensor } from "@flambeau/tensor";
 *
 * console.log(String(new FloatTensor([1, 2])));
 * // tensor([1., 2.])
 * ```
 */
export const FloatTensor: TypedConstructor = typed("FloatTensor", "float32");

/**
 * As `tensor(data, { dtype: "float64" })`.
 *
 * @throws as `FloatTensor`.
 *
 * @example
 * ```ts
 * import { DoubleTensor } from "@flambeau/tensor";
 *
 * console.log(DoubleTensor([1, 2]).dtype);
 * // float64
 * ```
 */
export const DoubleTensor: TypedConstructor = typed("DoubleTensor", "float64");

/**
 * As `tensor(data, { dtype: "int64" })`: for labels and indices.
 *
 * @throws as `FloatTensor`.
 *
 * @example
 * ```ts
 * import { LongTensor } from "@flambeau/tensor";
 *
 * console.log(String(LongTensor([1, 2])));
 * // tensor([1, 2])
 * ```
 */
export const LongTensor: TypedConstructor = typed("LongTensor", "int64");

/**
 * As `tensor(data, { dtype: "int32" })`.
 *
 * @throws as `FloatTensor`.
 *
 * @example
 * ```ts
 * import { IntTensor } from "@flambeau/tensor";
 *
 * console.log(IntTensor([1, 2]).dtype);
 * // int32
 * ```
 */
export const IntTensor: TypedConstructor = typed("IntTensor", "int32");

/**
 * As `tensor(data, { dtype: "uint8" })`.
 *
 * @throws as `FloatTensor`.
 *
 * @example
 * ```ts
 * import { ByteTensor } from "@flambeau/tensor";
 *
 * console.log(ByteTensor([1, 2]).dtype);
 * // uint8
 * ```
 */
export const ByteTensor: TypedConstructor = typed("ByteTensor", "uint8");

/**
 * As `tensor(data, { dtype: "bool" })`.
 *
 * @throws as `FloatTensor`.
 *
 * @example
 * ```ts
 * import { BoolTensor } from "@flambeau/tensor";
 *
 * console.log(String(BoolTensor([0, 2])));
 * // tensor([False,  True])
 * ```
 */
export const BoolTensor: TypedConstructor = typed("BoolTensor", "bool");
