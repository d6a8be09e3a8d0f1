/**
 * How elements lie in files, by PyTorch's names of dtypes, and what they are read as here.
 *
 * @module
 */
import { type DType, halfBits, isHalf, type TypedArray, typedArray } from "@flambeau/backend";
import { fromBfloat16, fromFloat8E4M3, fromFloat8E5M2, fromFloat16 } from "./half.ts";

/** The elements of one dtype in a file. */
export interface Elements {
  /** Bytes of one in the file. */
  readonly size: number;
  /** What they are read as; values of a dtype that is not here keep theirs in a wider one. */
  readonly dtype: DType;
  /** Bytes, little-endian, as an array of `dtype`, which may be a view of them where they are aligned. */
  decode(bytes: Uint8Array): TypedArray;
}

type ArrayClass<T> = {
  new (buffer: ArrayBufferLike, offset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
};

/** Bytes as elements of more bytes each, without a copy where they are aligned. Every runtime's machine is little-endian. */
function view<T>(Class: ArrayClass<T>, bytes: Uint8Array): T {
  const size = Class.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new Class(aligned.buffer, aligned.byteOffset, aligned.byteLength / size);
}

const ELEMENTS: ReadonlyMap<string, Elements> = new Map(
  Object.entries({
    // Other bits than 0 and 1 are no bool to kernels.
    bool: {
      size: 1,
      dtype: "bool",
      decode: (bytes) => Uint8Array.from(bytes, (byte) => (byte === 0 ? 0 : 1)),
    },
    uint8: { size: 1, dtype: "uint8", decode: (bytes) => bytes },
    int8: { size: 1, dtype: "int8", decode: (bytes) => view(Int8Array, bytes) },
    int16: { size: 2, dtype: "int16", decode: (bytes) => view(Int16Array, bytes) },
    uint16: { size: 2, dtype: "int32", decode: (bytes) => Int32Array.from(view(Uint16Array, bytes)) },
    int32: { size: 4, dtype: "int32", decode: (bytes) => view(Int32Array, bytes) },
    uint32: {
      size: 4,
      dtype: "int64",
      decode: (bytes) => {
        const words = view(Uint32Array, bytes);
        const out = new BigInt64Array(words.length);
        for (let i = 0; i < words.length; i++) out[i] = BigInt(words[i]);
        return out;
      },
    },
    int64: { size: 8, dtype: "int64", decode: (bytes) => view(BigInt64Array, bytes) },
    float16: { size: 2, dtype: "float16", decode: (bytes) => fromFloat16(view(Uint16Array, bytes)) },
    bfloat16: { size: 2, dtype: "bfloat16", decode: (bytes) => fromBfloat16(view(Uint16Array, bytes)) },
    float32: { size: 4, dtype: "float32", decode: (bytes) => view(Float32Array, bytes) },
    float64: { size: 8, dtype: "float64", decode: (bytes) => view(Float64Array, bytes) },
    float8_e4m3fn: { size: 1, dtype: "float32", decode: fromFloat8E4M3 },
    float8_e5m2: { size: 1, dtype: "float32", decode: fromFloat8E5M2 },
  } satisfies Record<string, Elements>),
);

/** The elements of a dtype by PyTorch's name, or undefined where they cannot be read (complex numbers, uint64, quantized ones). */
export function elementsOf(name: string): Elements | undefined {
  return ELEMENTS.get(name);
}

/** Elements as little-endian bytes: a view of the array's memory, but for 16-bit floats. */
export function encodeElements(dtype: DType, data: TypedArray): Uint8Array {
  if (!isHalf(dtype)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new Uint8Array(Uint16Array.from(data as Float32Array, halfBits(dtype)).buffer);
}

/** Elements with the bytes of each in reverse, in a new array. */
export function swapBytes(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(bytes.length);
  for (let i = 0; i < bytes.length; i += size) {
    for (let k = 0; k < size; k++) out[i + k] = bytes[i + size - 1 - k];
  }
  return out;
}

/** An array of a dtype's kind, over `data` if it is one. */
export function asFloats(dtype: DType, data: TypedArray): TypedArray {
  const kind = typedArray(dtype, 0);
  return data[Symbol.toStringTag] === kind[Symbol.toStringTag]
    ? data
    : dtype === "float64"
      ? Float64Array.from(data as Float32Array)
      : Float32Array.from(data as Float64Array);
}
