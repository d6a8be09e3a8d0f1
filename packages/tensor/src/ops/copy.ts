/**
 * Copies: to another memory, dtype or device, or into a tensor.
 *
 * @module
 */
import {
  type Backend,
  broadcastShapes,
  checkDType,
  DeviceError,
  type DType,
  DTypeError,
  dtypes,
  formatShape,
  input,
  isDType,
  isFloat,
  MapKernel,
  param,
  promote,
  ShapeError,
  sameShape,
  suggestion,
} from "@flambeau/backend";
import { backendOf, deviceNames, hasBackend } from "../device.ts";
import { checkTensor, commonBackend, kernelParam, overlaps, refuseOverlap } from "../elementwise.ts";
import { checkHolds } from "../promotion.ts";
import { record, writeInPlace } from "../recorder.ts";
import { type Operand, type Scalar, Tensor } from "../tensor.ts";
import { isReadable } from "./unreadable.ts";

const identity = new MapKernel("copy", 1, 0, [input(0)]);
const constant = new MapKernel("fill", 0, 1, [param(0)]);

/** The dtype to convert in: the wider of the two, so that nothing is lost before the last step. */
function between(from: DType, to: DType): DType {
  const wide = promote(from, to);
  return wide === "bool" ? "uint8" : wide;
}

/** Internal: writes the elements of `source` over those of `target`; `source` broadcasts. No recording. */
export function copyInto(target: Tensor, source: Tensor): void {
  target.storage.backend.map(identity, between(source.dtype, target.dtype), [source], [], [target]);
}

/**
 * Internal: writes one value over all elements. No recording.
 *
 * @throws ValueError when the dtype cannot hold it.
 */
export function fillInto(target: Tensor, value: Scalar): void {
  checkHolds("fill", target.dtype, value);
  const compute = target.dtype === "bool" ? "float32" : target.dtype;
  target.storage.backend.map(constant, compute, [], [kernelParam(value, compute)], [target]);
}

/**
 * A copy in fresh memory, contiguous.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([1, 2]);
 * const y = x.clone();
 * y.fill_(0);
 * console.log(String(x));
 * // tensor([1., 2.])
 * ```
 */
export function clone(x: Tensor): Tensor {
  const out = Tensor.empty(x.storage.backend, x.shape, x.dtype);
  copyInto(out, x);
  return record("clone", [x], undefined, out);
}

/**
 * The tensor itself if it is contiguous, else a contiguous copy.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(tensor([[1, 2], [3, 4]]).T.contiguous().stride());
 * // [ 2, 1 ]
 * ```
 */
export function contiguous(x: Tensor): Tensor {
  return x.isContiguous() ? x : clone(x);
}

/** Where and as what `to` moves a tensor. */
export interface ToOptions {
  /** The dtype to have; the same if left out. */
  readonly dtype?: DType;
  /** The device to be on; the same if left out. */
  readonly device?: string;
  /** Copy even where nothing changes. Default false. */
  readonly copy?: boolean;
}

/**
 * The tensor as another dtype, on another device, or as `other` is: `x.to("float64")`, `x.to("webgpu")`. The tensor
 * itself where nothing changes. Floats become integers by dropping the fraction.
 *
 * @throws DTypeError when the dtype is unknown or the device does not have it; DeviceError when the device is not ready,
 *   or the tensor is on one that cannot be read at once and would leave it (use `await x.cpu()`).
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([1.9, -1.9]);
 * console.log(String(x.to("int64")));
 * // tensor([ 1, -1])
 * console.log(x.to({ dtype: "float64", device: "cpu" }).dtype);
 * // float64
 * ```
 */
export function to(x: Tensor, target: DType | (string & {}) | Tensor | ToOptions): Tensor {
  const options: ToOptions =
    typeof target === "string"
      ? isDType(target)
        ? { dtype: target }
        : { device: checkDevice(target) }
      : target instanceof Tensor
        ? { dtype: target.dtype, device: target.device }
        : target;
  const backend = options.device === undefined ? x.storage.backend : backendOf(options.device);
  const dtype = options.dtype === undefined ? x.dtype : checkDType(options.dtype);
  let out = x;
  if (dtype !== x.dtype) out = cast(out, dtype);
  if (backend !== x.storage.backend) out = transfer(out, backend);
  return options.copy && out === x ? clone(x) : out;
}

function checkDevice(name: string): string {
  if (!hasBackend(name)) {
    throw new DeviceError(
      `to: "${name}" is neither a dtype (${dtypes.join(", ")}) nor a device that is ready (${deviceNames().join(", ")})${suggestion(name)}`,
    );
  }
  return name;
}

function cast(x: Tensor, dtype: DType): Tensor {
  const { backend } = x.storage;
  if (!backend.supports(dtype)) throw new DTypeError(`the device ${backend.name} has no ${dtype}`);
  const out = Tensor.empty(backend, x.shape, dtype);
  copyInto(out, x);
  return isFloat(dtype) ? record("cast", [x], { dtype }, out) : out;
}

function transfer(x: Tensor, backend: Backend): Tensor {
  const from = x.storage.backend;
  x.checkUsable("to");
  if (from.downloadSync === undefined) {
    const next = backend.name === "cpu" ? "" : `.to("${backend.name}")`;
    throw new DeviceError(
      `to("${backend.name}"): a ${from.name} tensor cannot be read at once; use ${next === "" ? "await x.cpu()" : `(await x.cpu())${next}`}`,
    );
  }
  checkDTypeOn(backend, x.dtype);
  const out = new Tensor(backend.upload(x.dtype, from.downloadSync(x)), x.shape);
  return record("transfer", [x], { device: backend.name }, out);
}

function checkDTypeOn(backend: Backend, dtype: DType): void {
  if (backend.supports(dtype)) return;
  throw new DTypeError(
    `the device ${backend.name} has no ${dtype}; convert on the way: x.to({ dtype: "float32", device: "${backend.name}" })`,
  );
}

/**
 * As `to("float32")`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(tensor([1n, 2n]).float().dtype);
 * // float32
 * ```
 */
export function float(x: Tensor): Tensor {
  return to(x, "float32");
}
/**
 * As `to("float64")`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(tensor([1, 2]).double().dtype);
 * // float64
 * ```
 */
export function double(x: Tensor): Tensor {
  return to(x, "float64");
}
/**
 * As `to("int32")`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1.9, -1.9]).int()));
 * // tensor([ 1, -1], dtype=int32)
 * ```
 */
export function int(x: Tensor): Tensor {
  return to(x, "int32");
}
/**
 * As `to("int64")`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1.9, -1.9]).long()));
 * // tensor([ 1, -1])
 * ```
 */
export function long(x: Tensor): Tensor {
  return to(x, "int64");
}
/**
 * As `to("bool")`: whether each element is non-zero.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([0, 0.5, 2]).bool()));
 * // tensor([False,  True,  True])
 * ```
 */
export function bool(x: Tensor): Tensor {
  return to(x, "bool");
}
/**
 * A promise of the tensor on the CPU, from whatever device; of the tensor itself, if it is there. The way back has a
 * gradient like every move.
 *
 * @throws DTypeError when the CPU does not have the dtype: float16; what made the elements, where that failed on the
 *   device.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = await tensor([1]).cpu();
 * console.log(x.device);
 * // cpu
 * ```
 */
export async function cpu(x: Tensor): Promise<Tensor> {
  if (isReadable(x.storage.backend)) return to(x, "cpu");
  x.checkUsable("cpu");
  const target = backendOf("cpu");
  checkDTypeOn(target, x.dtype);
  // The tensor as it is now, and so its place in the graph: it may be written to before the elements arrive.
  const now = x.requiresGrad ? clone(x) : x.detach();
  const out = new Tensor(target.upload(x.dtype, await now.storage.backend.download(now)), now.shape);
  return record("transfer", [now], { device: "cpu" }, out);
}
/**
 * As `to` the dtype of another tensor.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(tensor([1, 2]).typeAs(tensor([true])).dtype);
 * // bool
 * ```
 */
export function typeAs(x: Tensor, other: Tensor): Tensor {
  checkTensor("typeAs", other);
  return to(x, other.dtype);
}

/**
 * Overwrites the tensor with another's elements, broadcast and converted.
 *
 * @throws ShapeError when they do not broadcast to this shape; DeviceError when they are on another device.
 *
 * @example
 * ```ts
 * import { tensor, zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([2, 2]).copy_(tensor([1, 2]))));
 * // tensor([[1., 2.],
 * //         [1., 2.]])
 * ```
 */
export function copy_(x: Tensor, source: Tensor): Tensor {
  checkTensor("copy_", source);
  commonBackend("copy_", [x, source]);
  checkFits("copy_", source, x);
  refuseOverlap("copy_", x);
  const from = overlaps(source, x) ? clone(source.detach()) : source;
  return writeInPlace("copy", [x, source], undefined, x, () => copyInto(x, from));
}

/**
 * Overwrites every element with one value, a scalar or a 0-d tensor.
 *
 * @throws ShapeError when a tensor has dimensions; ValueError when an integer dtype cannot hold the value (nan, 2^40).
 *
 * @example
 * ```ts
 * import { zeros } from "@flambeau/tensor";
 *
 * console.log(String(zeros([3]).fill_(7)));
 * // tensor([7., 7., 7.])
 * ```
 */
export function fill_(x: Tensor, value: Operand): Tensor {
  refuseOverlap("fill_", x);
  if (value instanceof Tensor) {
    if (value.ndim > 0)
      throw new ShapeError(`fill_ takes one value; got a tensor of shape ${formatShape(value.shape)}`);
    return copy_(x, value);
  }
  if (typeof value === "object" || value === undefined) checkTensor("fill_", value);
  return writeInPlace("fill", [x, value], undefined, x, () => fillInto(x, value));
}

/**
 * Overwrites every element with zero.
 *
 * @throws ShapeError when elements share memory (an expanded tensor).
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 2]).zero_()));
 * // tensor([0., 0.])
 * ```
 */
export function zero_(x: Tensor): Tensor {
  return fill_(x, 0);
}

/**
 * Overwrites elements where the mask is true.
 *
 * @throws ShapeError when the mask does not broadcast to this shape; DTypeError when it is no bool tensor.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * const x = tensor([1, -2, 3]);
 * console.log(String(x.maskedFill_(x.lt(0), 0)));
 * // tensor([1., 0., 3.])
 * ```
 */
export function maskedFill_(x: Tensor, mask: Tensor, value: Operand): Tensor {
  return copy_(x, x.maskedFill(mask, value));
}

function checkFits(what: string, source: Tensor, target: Tensor): void {
  let fits = false;
  try {
    fits = sameShape(broadcastShapes(source.shape, target.shape), target.shape);
  } catch {
    // Shapes that do not broadcast at all do not fit either; the message below says both shapes.
  }
  if (!fits) {
    throw new ShapeError(
      `${what}: a tensor of shape ${formatShape(source.shape)} does not fit into one of shape ${formatShape(target.shape)}`,
    );
  }
}
