/**
 * Bringing elements back to JavaScript: asynchronously on every device, at once on the CPU.
 *
 * @module
 */
import {
  DeviceError,
  formatShape,
  type NumberArray,
  ShapeError,
  type TypedArray,
  ValueError,
} from "@flambeau/backend";
import { observedRead } from "../dispatch/observe.ts";
import type { Tensor } from "../tensor.ts";

/** A number or boolean, or arrays of them, as deep as a tensor has dimensions. */
export type NestedValues = number | boolean | NestedValues[];

/**
 * The elements in row-major order, in a fresh typed array: Uint8Array for bool, BigInt64Array for int64. The
 * type `Tensor` does not include the dtype, so where the kind matters it is named: `await labels.data<BigInt64Array>()`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(await tensor([[1, 2], [3, 4]]).data());
 * // Float32Array(4) [ 1, 2, 3, 4 ]
 * ```
 */
export async function data<T extends TypedArray = NumberArray>(x: Tensor): Promise<T> {
  x.checkUsable("data");
  return (await observedRead("data", x, () => x.storage.backend.download(x))) as T;
}

/**
 * As `data`, at once.
 *
 * @throws DeviceError on a device that reads asynchronously.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(tensor([[1, 2], [3, 4]]).dataSync());
 * // Float32Array(4) [ 1, 2, 3, 4 ]
 * ```
 */
export function dataSync<T extends TypedArray = NumberArray>(x: Tensor): T {
  x.checkUsable("dataSync");
  const { backend } = x.storage;
  const read = backend.downloadSync;
  if (read !== undefined) return observedRead("dataSync", x, () => read.call(backend, x)) as T;
  throw new DeviceError(
    `a ${backend.name} tensor cannot be read at once: use await x.data(), await x.item() or await x.toArray()`,
  );
}

function checkOne(x: Tensor): void {
  if (x.numel() !== 1) {
    throw new ShapeError(`item reads a tensor of one element; this one has shape ${formatShape(x.shape)}`);
  }
}

/** An element as a JavaScript value. */
function plainValue(element: number | bigint, isBool: boolean): number | boolean {
  if (isBool) return element !== 0;
  if (typeof element === "number") return element;
  if (element > Number.MAX_SAFE_INTEGER || element < Number.MIN_SAFE_INTEGER)
    throw new ValueError(
      `${element} is no exact JavaScript number; read it with data(), which gives bigints`,
    );
  return Number(element);
}

function scalarOf(x: Tensor, elements: TypedArray): number | boolean {
  return plainValue(elements[0], x.dtype === "bool");
}

/**
 * The one element as a JavaScript number; true or false for bool (`await mask.item<boolean>()`).
 *
 * @throws ShapeError when there is not exactly one; ValueError for an int64 beyond 2^53 (use `data`).
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(await tensor([1.5]).item());
 * // 1.5
 * ```
 */
export async function item<T extends number | boolean = number>(x: Tensor): Promise<T> {
  checkOne(x);
  return scalarOf(x, await data(x)) as T;
}

/**
 * As `item`, at once.
 *
 * @throws DeviceError on a device that reads asynchronously.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(tensor([1.5]).itemSync());
 * // 1.5
 * ```
 */
export function itemSync<T extends number | boolean = number>(x: Tensor): T {
  checkOne(x);
  return scalarOf(x, dataSync(x)) as T;
}

function nest(x: Tensor, elements: TypedArray): NestedValues {
  const isBool = x.dtype === "bool";
  let i = 0;
  const level = (d: number): NestedValues => {
    if (d === x.ndim) return plainValue(elements[i++], isBool);
    return Array.from({ length: x.shape[d] }, () => level(d + 1));
  };
  return level(0);
}

/**
 * The elements as nested arrays of numbers; booleans for bool. A scalar tensor gives the value itself. The type
 * `Tensor` does not include the shape, so where it matters the depth is named: `await x.toArray<number[][]>()`.
 *
 * @throws ValueError for an int64 beyond 2^53 (use `data`).
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(await tensor([[1, 2], [3, 4]]).toArray());
 * // [ [ 1, 2 ], [ 3, 4 ] ]
 * ```
 */
export async function toArray<T extends NestedValues = NestedValues>(x: Tensor): Promise<T> {
  return nest(x, await data(x)) as T;
}

/**
 * As `toArray`, at once.
 *
 * @throws DeviceError on a device that reads asynchronously; ValueError for an int64 beyond 2^53.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(tensor([[1n, 2n]]).toArraySync());
 * // [ [ 1, 2 ] ]
 * ```
 */
export function toArraySync<T extends NestedValues = NestedValues>(x: Tensor): T {
  return nest(x, dataSync(x)) as T;
}

/**
 * As `toArraySync`: PyTorch's name.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(tensor([[true, false]]).tolist());
 * // [ [ true, false ] ]
 * ```
 */
export function tolist<T extends NestedValues = NestedValues>(x: Tensor): T {
  return toArraySync(x);
}

/**
 * The elements as a typed array that shares the tensor's memory: a write to one is seen in the other, as between
 * PyTorch and NumPy. The array stays valid whatever becomes of the tensor.
 *
 * @throws DeviceError on a device whose memory JavaScript cannot see (use `data`); ShapeError when the elements are
 *   not contiguous (use `contiguous`).
 *
 * @example
 * ```ts
 * import { zeros } from "@flambeau/tensor";
 *
 * const x = zeros([3]);
 * x.numpy()[1] = 5;
 * console.log(String(x));
 * // tensor([0., 5., 0.])
 * ```
 */
export function numpy<T extends TypedArray = NumberArray>(x: Tensor): T {
  x.checkUsable("numpy");
  const { backend } = x.storage;
  if (backend.expose === undefined) {
    throw new DeviceError(
      `numpy shares memory, and that of a ${backend.name} tensor is not JavaScript's; use await x.data()`,
    );
  }
  if (!x.isContiguous()) {
    throw new ShapeError(
      "numpy shares contiguous memory; this tensor's elements are not contiguous (use contiguous())",
    );
  }
  const elements = backend.expose(x.storage).subarray(x.offset, x.offset + x.numel());
  return observedRead("numpy", x, () => elements) as T;
}
