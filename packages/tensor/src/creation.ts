/**
 * Making tensors: filled, or counted.
 *
 * @module
 */
import {
  checkShape,
  contiguousStrides,
  type DType,
  DTypeError,
  isFloat,
  quote,
  type Shape,
  type TypedArray,
  typedArray,
  ValueError,
} from "@flambeau/backend";
import { callable, overloaded } from "./call/callable.ts";
import type { Callable, Overloaded } from "./call/signature.ts";
import { getDefaultDType } from "./defaults.ts";
import { deviceFor } from "./device.ts";
import { observed, observer } from "./dispatch/observe.ts";
import { finish, fromArray, like, type TensorOptions, writeElement } from "./making.ts";
import { memoryOrder } from "./memory-order.ts";
import { pow } from "./ops/arithmetic.ts";
import { fillInto } from "./ops/elements.ts";
import { checkHolds, scalarDType } from "./promotion.ts";
import { countUp, spread, spreadWhole } from "./sequence.ts";
import { type Scalar, Tensor } from "./tensor.ts";

const EMPTY = "empty(size, *, ...making)";

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
export const empty: Callable<typeof EMPTY, Tensor> = callable(EMPTY, (shape, options) => {
  return finish(allocated(shape, getDefaultDType(), options), options);
});

/** A tensor of undefined contents, of a dtype unless the options have one. */
function allocated(shape: Shape, otherwise: DType, { dtype = otherwise, device }: TensorOptions): Tensor {
  return Tensor.empty(deviceFor(dtype, device), checkShape(shape).slice(), dtype);
}

/** A tensor of equal elements, of a dtype unless the options have one. */
function filled(shape: Shape, value: Scalar, dtype: DType, options: TensorOptions): Tensor {
  return observer === null
    ? filledNow(shape, value, dtype, options)
    : observedFill(shape, value, dtype, options);
}

function observedFill(shape: Shape, value: Scalar, dtype: DType, options: TensorOptions): Tensor {
  return observed("op", "full", [], { shape, value }, () => filledNow(shape, value, dtype, options));
}

function filledNow(shape: Shape, value: Scalar, dtype: DType, options: TensorOptions): Tensor {
  const out = allocated(shape, dtype, options);
  fillInto(out, value);
  return finish(out, options);
}

const FULL = "full(size, fillValue: scalar, *, ...making)";

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
export const full: Callable<typeof FULL, Tensor> = callable(FULL, (shape, value, options) => {
  return filled(shape, value, scalarDType(value), options);
});

const ZEROS = "zeros(size, *, ...making)";

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
export const zeros: Callable<typeof ZEROS, Tensor> = callable(ZEROS, (shape, options) => {
  return filled(shape, 0, getDefaultDType(), options);
});

const ONES = "ones(size, *, ...making)";

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
export const ones: Callable<typeof ONES, Tensor> = callable(ONES, (shape, options) => {
  return filled(shape, 1, getDefaultDType(), options);
});

const ZEROS_LIKE = "zerosLike(input, *, ...making)";

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
export const zerosLike: Callable<typeof ZEROS_LIKE, Tensor> = callable(ZEROS_LIKE, (x, options) => {
  return filled(x.shape, 0, x.dtype, like(x, options));
});

const ONES_LIKE = "onesLike(input, *, ...making)";

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
export const onesLike: Callable<typeof ONES_LIKE, Tensor> = callable(ONES_LIKE, (x, options) => {
  return filled(x.shape, 1, x.dtype, like(x, options));
});

const FULL_LIKE = "fullLike(input, fillValue: scalar, *, ...making)";

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
export const fullLike: Callable<typeof FULL_LIKE, Tensor> = callable(FULL_LIKE, (x, value, options) => {
  return filled(x.shape, value, x.dtype, like(x, options));
});

const EMPTY_LIKE = "emptyLike(input, *, ...making)";

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
export const emptyLike: Callable<typeof EMPTY_LIKE, Tensor> = callable(EMPTY_LIKE, (x, options) => {
  const to = like(x, options);
  const order = memoryOrder(x);
  const sizes = order.map((d) => x.shape[d]);
  const { storage } = allocated(sizes, x.dtype, to);
  const packed = contiguousStrides(sizes);
  const strides = x.shape.map((_, d) => packed[order.indexOf(d)]);
  return finish(new Tensor(storage, x.shape, strides), options);
});

const ARANGE_TO = "arange(end: number|bigint, *, ...making)";
const ARANGE = "arange(start: number|bigint, end: number|bigint, step: number|bigint = 1, *, ...making)";

/**
 * The numbers from `start` (0) up to but not including `end`, `step` (1) apart. Numbers make float32, bigints int64, which is
 * exact: `arange(3n)` gives indices.
 *
 * @throws ValueError when the step is zero or leads away from `end`, or a number is not finite or no value of int64;
 *   DTypeError for bool.
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
export const arange: Overloaded<[Callable<typeof ARANGE_TO, Tensor>, Callable<typeof ARANGE, Tensor>]> =
  overloaded(
    callable(ARANGE_TO, (end, options) => rangeOf([0, end, 1], typeof end === "bigint", options)),
    callable(ARANGE, (start, end, step, options) =>
      rangeOf(
        [start, end, step],
        [start, end, step].every((n) => typeof n === "bigint" || n === 1),
        options,
      ),
    ),
  );

function rangeOf(range: readonly (number | bigint)[], isWhole: boolean, options: TensorOptions): Tensor {
  const dtype = options.dtype ?? (isWhole ? "int64" : getDefaultDType());
  if (dtype === "bool") throw new DTypeError("arange makes numbers; got bool");
  if (!range.every((n) => Number.isFinite(Number(n)))) throw new ValueError("arange takes finite numbers");
  const out = dtype === "int64" ? wholeRange(range) : floatRange(range.map(Number), dtype);
  return fromArray(out, dtype, [out.length], options);
}

/** The integers of an int64 range, counted exactly; fractions of its ends and step are cut off. */
function wholeRange(range: readonly (number | bigint)[]): BigInt64Array {
  for (const n of range) checkHolds("arange", "int64", n);
  const [start, end, step] = range.map((n) => (typeof n === "bigint" ? n : BigInt(Math.trunc(n))));
  checkStep(start, end, step);
  const beyond = step > 0n ? step - 1n : step + 1n;
  const out = typedArray("int64", Number((end - start + beyond) / step)) as BigInt64Array;
  for (let i = 0, value = start; i < out.length; i++, value += step) out[i] = value;
  return out;
}

/** The numbers of a range of any other dtype, counted in float64. */
function floatRange([start, end, step]: readonly number[], dtype: DType): TypedArray {
  // An integer dtype cuts off fractions of the start and the step; how many fit is computed with them.
  const cut = isFloat(dtype) ? (n: number): number => n : Math.trunc;
  checkStep(cut(start), cut(end), cut(step));
  const out = typedArray(dtype, Math.max(Math.ceil((end - start) / step), 0));
  if (out instanceof Float32Array || out instanceof Float64Array) countUp(out, start, step, dtype);
  else for (let i = 0; i < out.length; i++) writeElement(out, i, cut(start) + i * cut(step), dtype);
  return out;
}

function checkStep<N extends number | bigint>(start: N, end: N, step: N): void {
  if (step === 0 || step === 0n || (step > 0 ? end < start : end > start))
    throw new ValueError(
      `arange: from ${quote(start)} to ${quote(end)} there is no way in steps of ${quote(step)}`,
    );
}

const LINSPACE = "linspace(start, end: number, steps: int, *, ...making)";

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
export const linspace: Callable<typeof LINSPACE, Tensor> = callable(
  LINSPACE,
  (start, end, steps, options) => {
    if (!Number.isInteger(steps) || steps < 0)
      throw new ValueError(`linspace: the number of steps is an integer from 0; got ${quote(steps)}`);
    const dtype = options.dtype ?? getDefaultDType();
    if (!Number.isFinite(start) || !Number.isFinite(end))
      throw new ValueError("linspace takes finite numbers");
    const out = typedArray(dtype, steps);
    if (out instanceof Float32Array || out instanceof Float64Array) spread(out, start, end, dtype);
    else {
      if (dtype === "bool") throw new DTypeError("linspace makes numbers; got bool");
      const numbers = new Float64Array(steps);
      spreadWhole(numbers, Math.trunc(start), Math.trunc(end), 32 / out.BYTES_PER_ELEMENT);
      for (let i = 0; i < steps; i++) writeElement(out, i, numbers[i], dtype);
    }
    return fromArray(out, dtype, [steps], options);
  },
);

const LOGSPACE = "logspace(start, end: number, steps: int, base: number = 10, *, ...making)";

/**
 * `steps` numbers from `base^start` to `base^end`, evenly spaced in the exponent. For an integer dtype `start` and `end` are cut
 * to integers first, and the powers then.
 *
 * @throws ValueError when `steps` is negative or no integer; DTypeError when the dtype is unknown, or bool.
 *
 * @example
 * ```ts
 * import { logspace } from "@flambeau/tensor";
 *
 * console.log(String(logspace(0, 2, 3)));
 * // tensor([  1.,  10., 100.])
 * ```
 */
export const logspace: Callable<typeof LOGSPACE, Tensor> = callable(
  LOGSPACE,
  (start, end, steps, base, options) => {
    const dtype = options.dtype ?? getDefaultDType();
    if (dtype === "bool") throw new DTypeError("logspace makes numbers; got bool");
    // A single power is that of the start as it is, as in PyTorch.
    const cut = isFloat(dtype) || steps === 1 ? (n: number): number => n : Math.trunc;
    // In float64, which the CPU has, whatever the device.
    const exponents = linspace(cut(start), cut(end), steps, { dtype: "float64" });
    return finish(pow(base, exponents).to({ dtype, device: options.device ?? "cpu" }), options);
  },
);

const EYE = "eye(n, m?: int, *, ...making)";

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
export const eye: Callable<typeof EYE, Tensor> = callable(EYE, (n, m = n, options) => {
  checkShape([n, m]);
  const dtype = options.dtype ?? getDefaultDType();
  const out = typedArray(dtype, n * m);
  for (let i = 0; i < Math.min(n, m); i++) writeElement(out, i * (m + 1), 1, dtype);
  return fromArray(out, dtype, [n, m], options);
});
