/**
 * Making tensors: from JavaScript values, filled, or counted.
 *
 * @module
 */
import {
  checkDType,
  checkShape,
  contiguousStrides,
  type DType,
  DTypeError,
  dtypeOfArray,
  formatShape,
  isFloat,
  numel,
  type Shape,
  ShapeError,
  type TypedArray,
  typedArray,
  ValueError,
} from "@flambeau/backend";
import { getDefaultDType } from "./defaults.ts";
import { backendOf } from "./device.ts";
import { memoryOrder } from "./elementwise.ts";
import { pow } from "./ops/arithmetic.ts";
import { fillInto } from "./ops/copy.ts";
import { checkHolds, scalarDType } from "./promotion.ts";
import { named } from "./recorder.ts";
import { countUp, spread, spreadWhole } from "./sequence.ts";
import { type Scalar, Tensor } from "./tensor.ts";

/** Nested arrays of equal lengths. */
export type NestedArray = Scalar | readonly NestedArray[];

/** Options of every function that makes a tensor. */
export interface TensorOptions {
  /** What the elements are. Default: from the values (`tensor`, `full`, `arange`), else the default dtype. */
  readonly dtype?: DType;
  /** Where they are. Default "cpu". */
  readonly device?: string;
  /** Collect gradients. Default false. */
  readonly requiresGrad?: boolean;
}

function finish(x: Tensor, options: TensorOptions): Tensor {
  return options.requiresGrad ? x.requiresGrad_() : x;
}

function checkedDType(options: TensorOptions, otherwise: DType): DType {
  return options.dtype === undefined ? otherwise : checkDType(options.dtype);
}

function fromArray(data: TypedArray, dtype: DType, shape: Shape, options: TensorOptions): Tensor {
  const backend = backendOf(options.device);
  if (!backend.supports(dtype)) throw new DTypeError(`the device ${backend.name} has no ${dtype}`);
  return finish(new Tensor(backend.upload(dtype, data), shape), options);
}

/**
 * Writes a JavaScript value into an array as an element of a dtype.
 *
 * @throws ValueError when an integer dtype cannot hold it.
 */
function writeElement(out: TypedArray, i: number, value: Scalar, dtype: DType): void {
  checkHolds("tensor", dtype, value);
  if (dtype === "int64")
    (out as BigInt64Array)[i] = BigInt(typeof value === "number" ? Math.trunc(value) : value);
  // Python's truth, to which nan is true.
  else if (dtype === "bool") out[i] = value || Number.isNaN(value) ? 1 : 0;
  else out[i] = Number(value);
}

function isTypedArray(x: unknown): x is ArrayBufferView & ArrayLike<number | bigint> {
  return ArrayBuffer.isView(x) && !(x instanceof DataView);
}

/**
 * A tensor with a copy of the given values: a number, boolean or bigint, nested arrays of them, a typed array, or
 * another tensor. Numbers make float32, booleans bool, bigints int64; a typed array keeps its dtype (Uint8Array is
 * uint8); `dtype` overrides.
 *
 * @throws ShapeError when nested arrays are ragged; DTypeError when the dtype is unknown or a value is none.
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
export function tensor(data: NestedArray | ArrayBufferView | Tensor, options: TensorOptions = {}): Tensor {
  if (data instanceof Tensor) {
    const copy = data.detach().clone().to({ dtype: options.dtype, device: options.device });
    return finish(copy, options);
  }
  if (isTypedArray(data)) {
    const own = dtypeOfArray(data as ArrayBufferView);
    const dtype = checkedDType(options, own);
    return fromArray(convertArray(data as TypedArray, own, dtype), dtype, [data.length], options);
  }
  const shape: number[] = [];
  let level: unknown = data;
  while (Array.isArray(level)) {
    shape.push(level.length);
    level = level[0];
  }
  const values: Scalar[] = [];
  collect(data as NestedArray, shape, 0, values, "");
  const dtype = checkedDType(options, commonDType(values));
  const out = typedArray(dtype, values.length);
  for (let i = 0; i < values.length; i++) writeElement(out, i, values[i], dtype);
  return fromArray(out, dtype, shape, options);
}

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
        `a tensor holds numbers, booleans or bigints; data${path} is ${data === null || data === undefined ? String(data) : `a ${kind}`}`,
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
  // On the CPU, which has all dtypes but float16; the device may lack the array's own.
  return from === to || to === "float16"
    ? data
    : new Tensor(backendOf("cpu").upload(from, data), [data.length]).to(to).dataSync();
}

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
export function fromNumpy(
  array: TypedArray,
  shape: Shape = [array.length],
  options: Pick<TensorOptions, "device"> = {},
): Tensor {
  const dtype = dtypeOfArray(array);
  if (numel(checkShape(shape)) !== array.length) {
    throw new ShapeError(`fromNumpy: shape ${formatShape(shape)} does not hold ${array.length} elements`);
  }
  const backend = backendOf(options.device);
  return new Tensor(backend.adopt?.(dtype, array) ?? backend.upload(dtype, array), shape.slice());
}

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
export function asTensor(data: NestedArray | ArrayBufferView | Tensor, options: TensorOptions = {}): Tensor {
  if (data instanceof Tensor) return data.to({ dtype: options.dtype, device: options.device });
  if (
    isTypedArray(data) &&
    (options.dtype === undefined || options.dtype === dtypeOfArray(data as ArrayBufferView))
  ) {
    return finish(fromNumpy(data as TypedArray, [data.length], options), options);
  }
  return tensor(data, options);
}

/**
 * Memory of undefined contents.
 *
 * @throws ShapeError when a size is negative or no integer; DTypeError when the dtype is unknown or the
 *   device has it not.
 *
 * @example
 * ```ts
 * import { empty } from "@flambeau/tensor";
 *
 * console.log(empty([2, 3]).shape);
 * // [ 2, 3 ]
 * ```
 */
export function empty(shape: Shape, options: TensorOptions = {}): Tensor {
  const backend = backendOf(options.device);
  const dtype = checkedDType(options, getDefaultDType());
  if (!backend.supports(dtype)) throw new DTypeError(`the device ${backend.name} has no ${dtype}`);
  return finish(Tensor.empty(backend, checkShape(shape).slice(), dtype), options);
}

/**
 * A tensor filled with one value, whose kind gives the dtype: number float32, bigint int64, boolean bool.
 *
 * @example
 * ```ts
 * import { full } from "@flambeau/tensor";
 *
 * console.log(String(full([2, 2], 7)));
 * // tensor([[7., 7.],
 * //         [7., 7.]])
 * ```
 */
export function full(shape: Shape, value: Scalar, options: TensorOptions = {}): Tensor {
  const out = empty(shape, { ...options, dtype: options.dtype ?? scalarDType(value), requiresGrad: false });
  fillInto(out, value);
  return finish(out, options);
}

/**
 * A tensor of zeros, of the default dtype unless another is given.
 *
 * @throws ShapeError and DTypeError as `empty`.
 *
 * @example
 * ```ts
 * import { zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 2])));
 * // tensor([[0., 0.],
 * //         [0., 0.]])
 * ```
 */
export function zeros(shape: Shape, options: TensorOptions = {}): Tensor {
  return full(shape, 0, { ...options, dtype: options.dtype ?? getDefaultDType() });
}

/**
 * A tensor of ones, of the default dtype unless another is given.
 *
 * @throws ShapeError and DTypeError as `empty`.
 *
 * @example
 * ```ts
 * import { ones } from "@flambeau/tensor";
 *
 * console.log(String(ones([2], { dtype: "int64" })));
 * // tensor([1, 1])
 * ```
 */
export function ones(shape: Shape, options: TensorOptions = {}): Tensor {
  return full(shape, 1, { ...options, dtype: options.dtype ?? getDefaultDType() });
}

/**
 * The options of a tensor like another: its dtype and device unless others are given.
 *
 * @internal
 */
export function like(x: Tensor, options: TensorOptions): TensorOptions {
  return { ...options, dtype: options.dtype ?? x.dtype, device: options.device ?? x.device };
}

/**
 * Zeros with the shape, dtype and device of another tensor.
 *
 * @throws DTypeError and DeviceError as `zeros`.
 *
 * @example
 * ```ts
 * import { tensor, zerosLike } from "@flambeau/tensor";
 *
 * console.log(String(zerosLike(tensor([1n, 2n]))));
 * // tensor([0, 0])
 * ```
 */
export function zerosLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return zeros(x.shape, like(x, options));
}

/**
 * Ones with the shape, dtype and device of another tensor.
 *
 * @throws DTypeError and DeviceError as `ones`.
 *
 * @example
 * ```ts
 * import { onesLike, tensor } from "@flambeau/tensor";
 *
 * console.log(String(onesLike(tensor([[true], [false]]))));
 * // tensor([[True],
 * //         [True]])
 * ```
 */
export function onesLike(x: Tensor, options: TensorOptions = {}): Tensor {
  return ones(x.shape, like(x, options));
}

/**
 * One value with the shape, dtype and device of another tensor.
 *
 * @throws as `full`.
 *
 * @example
 * ```ts
 * import { fullLike, tensor } from "@flambeau/tensor";
 *
 * console.log(String(fullLike(tensor([1, 2]), 0.5)));
 * // tensor([0.5000, 0.5000])
 * ```
 */
export function fullLike(x: Tensor, value: Scalar, options: TensorOptions = {}): Tensor {
  return full(x.shape, value, like(x, options));
}

/**
 * Undefined contents with the shape, dtype and device of another tensor, and in memory in its order of dimensions.
 *
 * @throws DTypeError and DeviceError as `empty`.
 *
 * @example
 * ```ts
 * import { emptyLike, tensor } from "@flambeau/tensor";
 *
 * console.log(emptyLike(tensor([[1n, 2n]])).dtype);
 * // int64
 * ```
 */
export function emptyLike(x: Tensor, options: TensorOptions = {}): Tensor {
  if (x.isContiguous()) return empty(x.shape, like(x, options));
  const order = memoryOrder(x);
  const sizes = order.map((d) => x.shape[d]);
  const { storage } = empty(sizes, { ...like(x, options), requiresGrad: false });
  const packed = contiguousStrides(sizes);
  const strides = x.shape.map((_, d) => packed[order.indexOf(d)]);
  return finish(new Tensor(storage, x.shape, strides), options);
}

export function arange(end: number | bigint, options?: TensorOptions): Tensor;
export function arange(start: number | bigint, end: number | bigint, options?: TensorOptions): Tensor;
export function arange(
  start: number | bigint,
  end: number | bigint,
  step: number | bigint,
  options?: TensorOptions,
): Tensor;
/**
 * The numbers from `start` (0) up to but not including `end`, `step` (1) apart. Numbers make float32, bigints int64:
 * `arange(3n)` gives indices.
 *
 * @throws ValueError when the step is zero or leads away from `end`.
 *
 * @example
 * ```ts
 * import { arange } from "@flambeau/tensor";
 *
 * console.log(String(arange(1, 2.5, 0.5)));
 * // tensor([1.0000, 1.5000, 2.0000])
 * console.log(String(arange(3n)));
 * // tensor([0, 1, 2])
 * ```
 */
export function arange(...args: (number | bigint | TensorOptions | undefined)[]): Tensor {
  const numbers = args.filter((a): a is number | bigint => typeof a === "number" || typeof a === "bigint");
  const options = (args.find((a) => typeof a === "object") ?? {}) as TensorOptions;
  const dtype = checkedDType(
    options,
    numbers.every((n) => typeof n === "bigint") ? "int64" : getDefaultDType(),
  );
  if (dtype === "bool") throw new DTypeError("arange makes numbers; got bool");
  let [start, end, step] =
    numbers.length === 1
      ? [0, Number(numbers[0]), 1]
      : [Number(numbers[0]), Number(numbers[1]), Number(numbers[2] ?? 1)];
  if (![start, end, step].every(Number.isFinite)) throw new ValueError("arange takes finite numbers");
  // Integers are counted in integers; how many fit is computed from the numbers as given, but for int64.
  const count = Math.ceil((end - start) / step);
  if (!isFloat(dtype)) [start, end, step] = [start, end, step].map(Math.trunc);
  if (step === 0 || (end - start) * step < 0) {
    throw new ValueError(`arange: from ${start} to ${end} there is no way in steps of ${step}`);
  }
  const out = typedArray(dtype, dtype === "int64" ? Math.ceil((end - start) / step) : count);
  if (out instanceof Float32Array || out instanceof Float64Array) countUp(out, start, step);
  else for (let i = 0; i < out.length; i++) writeElement(out, i, start + i * step, dtype);
  return fromArray(out, dtype, [out.length], options);
}

/**
 * `steps` numbers evenly spaced from `start` to `end`, both included.
 *
 * @throws ValueError when `steps` is negative or no integer.
 *
 * @example
 * ```ts
 * import { linspace } from "@flambeau/tensor";
 *
 * console.log(String(linspace(0, 1, 5)));
 * // tensor([0.0000, 0.2500, 0.5000, 0.7500, 1.0000])
 * ```
 */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  if (!Number.isInteger(steps) || steps < 0)
    throw new ValueError(`linspace: the number of steps is an integer from 0; got ${steps}`);
  const dtype = checkedDType(options, getDefaultDType());
  if (!Number.isFinite(start) || !Number.isFinite(end)) throw new ValueError("linspace takes finite numbers");
  const out = typedArray(dtype, steps);
  if (out instanceof Float32Array || out instanceof Float64Array) spread(out, start, end);
  else {
    if (dtype === "bool") throw new DTypeError("linspace makes numbers; got bool");
    const numbers = new Float64Array(steps);
    spreadWhole(numbers, Math.trunc(start), Math.trunc(end), 32 / out.BYTES_PER_ELEMENT);
    for (let i = 0; i < steps; i++) writeElement(out, i, numbers[i], dtype);
  }
  return fromArray(out, dtype, [steps], options);
}

/** Options of `logspace`. */
export interface LogspaceOptions extends TensorOptions {
  /** What is raised to the exponents. Default 10. */
  readonly base?: number;
}

/**
 * `steps` numbers from `base^start` to `base^end`, evenly spaced in the exponent.
 *
 * @throws ValueError when `steps` is negative or no integer; DTypeError when the dtype is unknown.
 *
 * @example
 * ```ts
 * import { logspace } from "@flambeau/tensor";
 *
 * console.log(String(logspace(0, 2, 3)));
 * // tensor([  1.,  10., 100.])
 * ```
 */
export function logspace(
  start: number,
  end: number,
  steps: number,
  base: number | LogspaceOptions = 10,
  options: TensorOptions = {},
): Tensor {
  if (typeof base === "object") return logspace(start, end, steps, base.base ?? 10, base);
  const dtype = checkedDType(options, getDefaultDType());
  // In float64, which the CPU has, whatever the device.
  const exponents = linspace(start, end, steps, { dtype: "float64" });
  return finish(pow(base, exponents).to({ dtype, device: options.device ?? "cpu" }), options);
}

/**
 * The identity matrix of `n` rows and `m` (n) columns.
 *
 * @throws ShapeError when a size is negative or no integer.
 *
 * @example
 * ```ts
 * import { eye } from "@flambeau/tensor";
 *
 * console.log(String(eye(2, 3)));
 * // tensor([[1., 0., 0.],
 * //         [0., 1., 0.]])
 * ```
 */
export function eye(n: number, m: number | TensorOptions = n, options: TensorOptions = {}): Tensor {
  const [columns, opts] = typeof m === "number" ? [m, options] : [n, m];
  checkShape([n, columns]);
  const dtype = checkedDType(opts, getDefaultDType());
  const out = typedArray(dtype, n * columns);
  for (let i = 0; i < Math.min(n, columns); i++) writeElement(out, i * (columns + 1), 1, dtype);
  return fromArray(out, dtype, [n, columns], opts);
}

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
export function scalarTensor(value: Scalar, options: TensorOptions = {}): Tensor {
  return tensor(value, options);
}

/**
 * The matrix of `x` with all elements above the diagonal (shifted by `diagonal`) zero.
 *
 * @throws ShapeError when it has fewer than two dimensions.
 *
 * @example
 * ```ts
 * import { ones, tril } from "@flambeau/tensor";
 *
 * console.log(String(tril(ones([2, 2]))));
 * // tensor([[1., 0.],
 * //         [1., 1.]])
 * ```
 */
export function tril(x: Tensor, diagonal = 0): Tensor {
  return named(
    triangle(x, (i, j) => j - i <= diagonal),
    "Tril",
  );
}

/**
 * The matrix of `x` with all elements below the diagonal (shifted by `diagonal`) zero.
 *
 * @throws ShapeError when it has fewer than two dimensions.
 *
 * @example
 * ```ts
 * import { ones, triu } from "@flambeau/tensor";
 *
 * console.log(String(triu(ones([2, 2]))));
 * // tensor([[1., 1.],
 * //         [0., 1.]])
 * ```
 */
export function triu(x: Tensor, diagonal = 0): Tensor {
  return named(
    triangle(x, (i, j) => j - i >= diagonal),
    "Triu",
  );
}

function triangle(x: Tensor, keep: (row: number, column: number) => boolean): Tensor {
  if (x.ndim < 2) throw new ShapeError(`tril and triu take matrices; got shape ${formatShape(x.shape)}`);
  const [rows, columns] = x.shape.slice(-2);
  const mask = new Uint8Array(rows * columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) mask[i * columns + j] = keep(i, j) ? 0 : 1;
  const drop = new Tensor(x.storage.backend.upload("bool", mask), [rows, columns]);
  return x.maskedFill(drop, 0);
}
