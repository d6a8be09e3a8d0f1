import { type DType, localArray, type TypedArray, ValueError } from "@flambeau/backend";
import { halvesOf } from "./half.ts";
import { narrowed } from "./params.ts";

/**
 * JavaScript's elements as the GPU stores them.
 *
 * @throws ValueError for an int64 that does not fit 32 bits.
 */
export function toDevice(dtype: DType, elements: TypedArray): ArrayBufferView {
  const data = localArray(elements);
  switch (dtype) {
    case "float16":
      return halvesOf(data instanceof Float32Array ? data : Float32Array.from(data as Float64Array));
    case "bool":
      return Uint32Array.from(data as Uint8Array, (x) => (x !== 0 ? 1 : 0));
    case "uint8":
      return Uint32Array.from(data as Uint8Array);
    case "int64":
      return narrow(data as BigInt64Array);
    default:
      // The queue takes no memory that threads share, such as the CPU device's.
      return data.buffer instanceof ArrayBuffer ? data : data.slice();
  }
}

function narrow(data: BigInt64Array): Int32Array {
  const words = new Int32Array(data.buffer, data.byteOffset, 2 * data.length);
  const out = new Int32Array(data.length);
  for (let i = 0; i < out.length; i++) {
    const low = words[2 * i];
    if (words[2 * i + 1] !== low >> 31) narrowed(data[i]);
    out[i] = low;
  }
  return out;
}

/** The GPU's 32-bit elements of a dtype other than float16 as JavaScript's. */
export function fromDevice(dtype: DType, bytes: Uint8Array<ArrayBuffer>): TypedArray {
  switch (dtype) {
    case "bool":
    case "uint8":
      return Uint8Array.from(new Uint32Array(bytes.buffer));
    case "int64":
      return BigInt64Array.from(new Int32Array(bytes.buffer), BigInt);
    case "int32":
      return new Int32Array(bytes.buffer);
    case "float32":
      return new Float32Array(bytes.buffer);
    default:
      throw new ValueError(`${dtype} is not read as 32-bit words`);
  }
}
