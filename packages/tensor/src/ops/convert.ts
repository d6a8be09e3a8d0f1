/**
 * Tensors as another dtype or on another device.
 *
 * @module
 */
import {
  type Backend,
  DeviceError,
  type DType,
  DTypeError,
  dtypes,
  isDType,
  quote,
  suggestion,
  type TypedArray,
  widerOf,
} from "@flambeau/backend";
import { callable, overloaded } from "../call/callable.ts";
import type { Callable, Overloaded } from "../call/signature.ts";
import { backendOf, deviceNames, hasBackend, refuseLost } from "../device.ts";
import { defineOp, shapeOfFirst } from "../dispatch/op.ts";
import { runOp, runTransfer } from "../dispatch/run.ts";
import { taken } from "../lifetime.ts";
import { Tensor } from "../tensor.ts";
import { clone } from "./copy.ts";
import { copyInto } from "./elements.ts";
import { isReadable } from "./unreadable.ts";

const TO = "to(input, other: string|tensor, dtype?, nonBlocking = false, copy = false)";
const TO_AT_ONCE = "to(input, other: string|tensor, nonBlocking = false, copy = false)";
const TO_OPTIONS = "to(input, *, dtype?, device?, nonBlocking = false, copy = false)";

/** What a string names: a dtype, or a device with completion for the usual ones. */
type Target = { readonly other: DType | "cpu" | "webgpu" | (string & {}) | Tensor };

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
export const to: Overloaded<
  [
    Callable<typeof TO, Tensor, Target>,
    Callable<typeof TO_AT_ONCE, Tensor, Target>,
    Callable<typeof TO_OPTIONS, Tensor>,
  ]
> = overloaded(
  callable<typeof TO, Tensor, Target>(TO, (x, target, dtype, _nonBlocking, copy) => {
    if (target instanceof Tensor)
      return move(x, { dtype: dtype ?? target.dtype, device: target.device, copy });
    if (isDType(target)) return move(x, { dtype: target, copy });
    return move(x, { device: checkDevice(target), dtype, copy });
  }),
  callable<typeof TO_AT_ONCE, Tensor, Target>(TO_AT_ONCE, (x, target, nonBlocking, copy) =>
    to(x, target, undefined, nonBlocking, copy),
  ),
  callable(TO_OPTIONS, move),
);

interface Move {
  readonly dtype?: DType;
  readonly device?: string;
  readonly copy: boolean;
}

function move(x: Tensor, { dtype = x.dtype, device, copy }: Move): Tensor {
  const backend = device === undefined ? x.storage.backend : backendOf(device);
  let out = x;
  if (dtype !== x.dtype) out = cast(out, dtype);
  if (backend !== x.storage.backend) out = transfer(out, backend);
  return copy && out === x ? clone(x) : out;
}

function checkDevice(name: string): string {
  if (!hasBackend(name)) {
    throw new DeviceError(
      `to: ${quote(name)} is neither a dtype (${dtypes.join(", ")}) nor a device that is ready (${deviceNames().join(", ")})${suggestion(name)}`,
    );
  }
  return name;
}

function cast(x: Tensor, dtype: DType): Tensor {
  const { backend } = x.storage;
  if (!backend.supports(dtype)) throw new DTypeError(`the device ${backend.name} has no ${dtype}`);
  return runOp(castOp, [x], { dtype });
}

const castOp = defineOp("cast", {
  shape: shapeOfFirst,
  dtype: (_, { dtype }) => dtype,
  run: ([x], _, out) => copyInto(out, x),
});

function transfer(x: Tensor, backend: Backend): Tensor {
  const from = x.storage.backend;
  x.checkUsable("to");
  if (from.downloadSync === undefined) {
    refuseLost("to", from);
    const next = backend.name === "cpu" ? "" : `.to("${backend.name}")`;
    throw new DeviceError(
      `to("${backend.name}"): a ${from.name} tensor cannot be read at once; use ${next === "" ? "await x.cpu()" : `(await x.cpu())${next}`}`,
    );
  }
  checkDTypeOn(backend, x.dtype);
  return transferred(x, backend, from.downloadSync(x));
}

/** The tensor with its elements, read from one device, on another. */
function transferred(x: Tensor, backend: Backend, elements: TypedArray): Tensor {
  return runTransfer(x, backend.name, () => new Tensor(taken(backend.upload(x.dtype, elements)), x.shape));
}

function checkDTypeOn(backend: Backend, dtype: DType): void {
  if (backend.supports(dtype)) return;
  throw new DTypeError(
    `the device ${backend.name} has no ${dtype}; convert on the way: x.to({ dtype: "${widerOf(dtype) ?? "float32"}", device: "${backend.name}" })`,
  );
}

const FLOAT = "float(input)";

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
export const float: Callable<typeof FLOAT, Tensor> = callable(FLOAT, (x) => {
  return to(x, "float32");
});

const DOUBLE = "double(input)";

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
export const double: Callable<typeof DOUBLE, Tensor> = callable(DOUBLE, (x) => {
  return to(x, "float64");
});

const HALF = "half(input)";

/**
 * As `to("float16")`, rounded to nearest even. Of a WebGPU tensor it throws a DTypeError where the GPU has no float16.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 0.1]).half()));
 * // tensor([1.0000, 0.1000], dtype=float16)
 * ```
 */
export const half: Callable<typeof HALF, Tensor> = callable(HALF, (x) => {
  return to(x, "float16");
});

const BFLOAT16 = "bfloat16(input)";

/**
 * As `to("bfloat16")`, rounded to nearest even; WebGPU has none.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1, 0.1]).bfloat16()));
 * // tensor([1.0000, 0.1001], dtype=bfloat16)
 * ```
 */
export const bfloat16: Callable<typeof BFLOAT16, Tensor> = callable(BFLOAT16, (x) => {
  return to(x, "bfloat16");
});

const CHAR = "char(input)";

/**
 * As `to("int8")`; what does not fit wraps. WebGPU has none.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1.9, -1.9]).char()));
 * // tensor([ 1, -1], dtype=int8)
 * ```
 */
export const char: Callable<typeof CHAR, Tensor> = callable(CHAR, (x) => {
  return to(x, "int8");
});

const SHORT = "short(input)";

/**
 * As `to("int16")`; what does not fit wraps. WebGPU has none.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1.9, -1.9]).short()));
 * // tensor([ 1, -1], dtype=int16)
 * ```
 */
export const short: Callable<typeof SHORT, Tensor> = callable(SHORT, (x) => {
  return to(x, "int16");
});

const BYTE = "byte(input)";

/**
 * As `to("uint8")`.
 *
 * @example
 * ```ts
 * import { tensor } from "@flambeau/tensor";
 *
 * console.log(String(tensor([1.9, 3]).byte()));
 * // tensor([1, 3], dtype=uint8)
 * ```
 */
export const byte: Callable<typeof BYTE, Tensor> = callable(BYTE, (x) => {
  return to(x, "uint8");
});

const INT = "int(input)";

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
export const int: Callable<typeof INT, Tensor> = callable(INT, (x) => {
  return to(x, "int32");
});

const LONG = "long(input)";

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
export const long: Callable<typeof LONG, Tensor> = callable(LONG, (x) => {
  return to(x, "int64");
});

const BOOL = "bool(input)";

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
export const bool: Callable<typeof BOOL, Tensor> = callable(BOOL, (x) => {
  return to(x, "bool");
});

/**
 * A promise of the tensor on the CPU, from whatever device; of the tensor itself, if it is there. The way back has a
 * gradient like every move.
 *
 * @throws what made the elements, where that failed on the device.
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
  // The tensor as it is now, and so its place in the graph: it may be written to before the elements arrive.
  const now = x.requiresGrad ? clone(x) : x.detach();
  return transferred(now, target, await now.storage.backend.download(now));
}

const TYPE_AS = "typeAs(input, other: tensor)";

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
export const typeAs: Callable<typeof TYPE_AS, Tensor> = callable(TYPE_AS, (x, other) => {
  return to(x, other.dtype);
});
