import { DeviceError, DTypeError } from "./errors.ts";
import { quote } from "./quote.ts";

/**
 * The element types. The CPU has all of them; WebGPU has neither `int8`, `int16` and `bfloat16` nor `float64`, and `float16` where
 * the GPU does.
 */
export type DType =
  | "bool"
  | "uint8"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "float16"
  | "bfloat16"
  | "float32"
  | "float64";

/**
 * The JavaScript arrays that hold elements: `bool` and `uint8` share `Uint8Array`, `float16` and `bfloat16` are read as `float32`.
 */
export type TypedArray =
  | Uint8Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** The typed arrays whose elements are numbers: all but int64's. */
export type NumberArray = Exclude<TypedArray, BigInt64Array>;

/**
 * What promotion and printing ask of a dtype.
 *
 * @internal
 */
export type Category = "bool" | "integer" | "float";

interface DTypeInfo {
  readonly category: Category;
  /** Bytes per element in device memory. */
  readonly itemSize: number;
  /** Position in the promotion order within and across categories. */
  readonly rank: number;
}

const INFO: Readonly<Record<DType, DTypeInfo>> = {
  bool: { category: "bool", itemSize: 1, rank: 0 },
  uint8: { category: "integer", itemSize: 1, rank: 1 },
  int8: { category: "integer", itemSize: 1, rank: 2 },
  int16: { category: "integer", itemSize: 2, rank: 3 },
  int32: { category: "integer", itemSize: 4, rank: 4 },
  int64: { category: "integer", itemSize: 8, rank: 5 },
  float16: { category: "float", itemSize: 2, rank: 6 },
  bfloat16: { category: "float", itemSize: 2, rank: 7 },
  float32: { category: "float", itemSize: 4, rank: 8 },
  float64: { category: "float", itemSize: 8, rank: 9 },
};

/** The dtypes that not every device has, each with the next wider one that holds all its values and every device has. */
const WIDER: Readonly<Partial<Record<DType, DType>>> = {
  int8: "int32",
  int16: "int32",
  float16: "float32",
  bfloat16: "float32",
};

/**
 * The dtype that takes a narrow one's place on a device without: int32 for int8 and int16, float32 for float16 and bfloat16;
 * undefined for others.
 *
 * @internal
 */
export function widerOf(dtype: DType): DType | undefined {
  return WIDER[dtype];
}

/**
 * Whether a dtype is one of 16-bit floats, which no array of JavaScript holds: their elements are read as float32.
 *
 * @internal
 */
export function isHalf(dtype: DType): boolean {
  return dtype === "float16" || dtype === "bfloat16";
}

/**
 * Every dtype, narrowest first.
 *
 * @example
 * ```ts
 * import { dtypes } from "@flambeau/backend";
 *
 * console.log(dtypes.join(" "));
 * // bool uint8 int8 int16 int32 int64 float16 bfloat16 float32 float64
 * ```
 */
export const dtypes: readonly DType[] = Object.keys(INFO) as DType[];

/**
 * Whether a value names a dtype.
 *
 * @example
 * ```ts
 * import { isDType } from "@flambeau/backend";
 *
 * console.log(isDType("float32"), isDType("float"));
 * // true false
 * ```
 */
export function isDType(value: unknown): value is DType {
  return typeof value === "string" && Object.hasOwn(INFO, value);
}

/** What PyTorch, NumPy and C call what has one name here. */
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ["float", "float32"],
  ["number", "float32"],
  ["double", "float64"],
  ["half", "float16"],
  ["short", "int16"],
  ["char", "int8"],
  ["int", "int32"],
  ["long", "int64"],
  ["bigint", "int64"],
  ["byte", "uint8"],
  ["boolean", "bool"],
  ["cuda", "webgpu"],
  ["gpu", "webgpu"],
  ["mps", "webgpu"],
]);

/**
 * `; did you mean "float32"?` after a name that is no dtype or device and known elsewhere, `; await init() ...` after one of a device
 * that is opened first, otherwise nothing.
 *
 * @internal
 */
export function suggestion(name: unknown): string {
  // "torch.float" and "cuda:0" too.
  const bare = String(name)
    .toLowerCase()
    .replace(/^(torch|np|numpy)\./, "")
    .replace(/:\d+$/, "");
  const meant = isDType(bare) || bare === "cpu" || bare === "webgpu" ? bare : SPELLINGS.get(bare);
  if (meant === undefined) return "";
  if (meant !== name) return `; did you mean "${meant}"?`;
  return meant === "webgpu" ? "; open it first: await webgpu.init()" : "";
}

/**
 * The same dtype, checked: names come from users.
 *
 * @throws DTypeError when it is none.
 *
 * @internal
 */
export function checkDType(value: unknown): DType {
  if (isDType(value)) return value;
  throw new DTypeError(
    `unknown dtype ${quote(value)}; the dtypes are ${dtypes.join(", ")}${suggestion(value)}`,
  );
}

/** @internal */
export function categoryOf(dtype: DType): Category {
  return INFO[dtype].category;
}

/**
 * Whether a dtype's elements are floating-point numbers.
 *
 * @example
 * ```ts
 * import { dtypes, isFloat } from "@flambeau/backend";
 *
 * console.log(dtypes.filter(isFloat).join(" "));
 * // float16 bfloat16 float32 float64
 * ```
 */
export function isFloat(dtype: DType): boolean {
  return INFO[dtype].category === "float";
}

/**
 * Bytes per element.
 *
 * @example
 * ```ts
 * import { itemSize } from "@flambeau/backend";
 *
 * console.log(itemSize("float32"), itemSize("int64"), itemSize("bool"));
 * // 4 8 1
 * ```
 */
export function itemSize(dtype: DType): number {
  return INFO[dtype].itemSize;
}

/**
 * The dtype of a result of two tensors, as PyTorch promotes: the higher category wins, within one the wider type. Two
 * of one width, uint8 with int8 and float16 with bfloat16, give the next wider, int16 and float32.
 * Source: PyTorch, "Tensor Attributes", type promotion.
 *
 * @example
 * ```ts
 * import { promote } from "@flambeau/backend";
 *
 * console.log(promote("int64", "float16"), promote("uint8", "int32"));
 * // float16 int32
 * ```
 */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  const [x, y] = [INFO[a], INFO[b]];
  if (x.itemSize === y.itemSize && x.category === y.category) return dtypes[Math.max(x.rank, y.rank) + 1];
  return x.rank > y.rank ? a : b;
}

/**
 * The dtype of a tensor combined with a plain JavaScript scalar: the scalar widens the category, never the width.
 * A number without a fraction counts as an integer, as a Python int does.
 *
 * @internal
 */
export function promoteScalar(dtype: DType, scalar: number | bigint | boolean, defaultFloat: DType): DType {
  const category = scalarCategory(scalar);
  if (category === "float") return isFloat(dtype) ? dtype : defaultFloat;
  if (category === "integer") return dtype === "bool" ? "int64" : dtype;
  return dtype;
}

function scalarCategory(scalar: number | bigint | boolean): Category {
  if (typeof scalar === "number") return Number.isInteger(scalar) ? "integer" : "float";
  return typeof scalar === "bigint" ? "integer" : "bool";
}

/**
 * A fresh JavaScript array of zeros that can hold `length` elements of a dtype.
 *
 * @throws DeviceError when there is not enough memory.
 *
 * @example
 * ```ts
 * import { typedArray } from "@flambeau/backend";
 *
 * console.log(typedArray("float64", 2));
 * // Float64Array(2) [ 0, 0 ]
 * console.log(typedArray("bool", 3));
 * // Uint8Array(3) [ 0, 0, 0 ]
 * ```
 */
export function typedArray(dtype: DType, length: number): TypedArray {
  try {
    return zeros(dtype, length);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const size = (itemSize(dtype) * length) / 2 ** 30;
    throw new DeviceError(
      `not enough memory on the CPU for ${length} elements of ${dtype} (${size.toPrecision(3)} GiB)`,
    );
  }
}

function zeros(dtype: DType, length: number): TypedArray {
  switch (dtype) {
    case "bool":
    case "uint8":
      return new Uint8Array(length);
    case "int8":
      return new Int8Array(length);
    case "int16":
      return new Int16Array(length);
    case "int32":
      return new Int32Array(length);
    case "int64":
      return new BigInt64Array(length);
    case "float64":
      return new Float64Array(length);
    default:
      return new Float32Array(length);
  }
}

/**
 * int64 elements as pairs of 32-bit words, the low one first: far cheaper to read and write than a bigint each. (All
 * engines run on little-endian machines, as WebAssembly's memory is.)
 *
 * @internal
 */
export function wordsOf(data: BigInt64Array): Int32Array {
  return new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
}

/**
 * The kind of a typed array or a DataView ("Float32Array"), whatever realm made it; undefined for anything else. `instanceof`
 * fails where an array comes from another frame or from `node:vm`.
 *
 * @internal
 */
export function kindOfArray(x: unknown): string | undefined {
  return ArrayBuffer.isView(x) ? (x as unknown as Record<symbol, string>)[Symbol.toStringTag] : undefined;
}

type ArrayType = new (buffer: ArrayBufferLike, offset: number, length: number) => TypedArray;

/** By an array's kind, the dtype of its elements and this realm's class. */
const ARRAYS: ReadonlyMap<string | undefined, readonly [DType, ArrayType]> = new Map<
  string,
  readonly [DType, ArrayType]
>([
  ["Float32Array", ["float32", Float32Array]],
  ["Float64Array", ["float64", Float64Array]],
  ["Int32Array", ["int32", Int32Array]],
  ["BigInt64Array", ["int64", BigInt64Array]],
  ["Uint8Array", ["uint8", Uint8Array]],
  ["Int8Array", ["int8", Int8Array]],
  ["Int16Array", ["int16", Int16Array]],
]);

/**
 * The dtype whose elements a typed array holds.
 *
 * @throws DTypeError when it is an array of a kind no dtype has (Uint16Array, say).
 *
 * @example
 * ```ts
 * import { dtypeOfArray } from "@flambeau/backend";
 *
 * console.log(dtypeOfArray(new Float32Array(2)), dtypeOfArray(new BigInt64Array(2)));
 * // float32 int64
 * ```
 */
export function dtypeOfArray(array: ArrayBufferView): DType {
  const kind = kindOfArray(array);
  const known = ARRAYS.get(kind);
  if (known !== undefined) return known[0];
  throw new DTypeError(
    `${quote(array)} has no dtype; use a Float32Array, Float64Array, Int8Array, Int16Array, Int32Array, BigInt64Array or Uint8Array`,
  );
}

/**
 * The array itself, or, where another realm made it, an array of this one over the same memory: kernels tell kinds apart by
 * `instanceof`, and engines compile them for the arrays of one realm.
 *
 * @internal
 */
export function localArray(array: TypedArray): TypedArray {
  const known = ARRAYS.get(kindOfArray(array));
  if (known === undefined || array instanceof known[1]) return array;
  return new known[1](array.buffer, array.byteOffset, array.length);
}
