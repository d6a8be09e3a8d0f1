import { type DType, localArray, type TypedArray, ValueError } from "@flambeau/backend";
import { halvesOf } from "./half.ts";

/** JavaScript's elements as the GPU stores them. */
export function toDevice(dtype: DType, elements: TypedArray): ArrayBufferView {
  const data = localArray(elements);
  switch (dtype) {
    case "float16":
      return halvesOf(data instanceof Float32Array ? data : Float32Array.from(data as Float64Array));
    case "bool":
      return Uint32Array.from(data as Uint8Array, (x) => (x !== 0 ? 1 : 0));
    case "uint8":
      return Uint32Array.from(data as Uint8Array);
    default:
      // The queue takes no memory that threads share, such as the CPU device's.
      return data.buffer instanceof ArrayBuffer ? data : data.slice();
  }
}

/** The GPU's elements of a dtype other than float16 as JavaScript's. */
export function fromDevice(dtype: DType, bytes: Uint8Array<ArrayBuffer>): TypedArray {
  switch (dtype) {
    case "bool":
    case "uint8":
      return Uint8Array.from(new Uint32Array(bytes.buffer));
    case "int64":
      return new BigInt64Array(bytes.buffer);
    case "int32":
      return new Int32Array(bytes.buffer);
    case "float32":
      return new Float32Array(bytes.buffer);
    default:
      throw new ValueError(`${dtype} is not read from words of 32 or 64 bits`);
  }
}
