import { type DType, halfBits, isHalf, type TypedArray } from "@flambeau/backend";

/** The numbers of TensorProto.DataType. */
export const ELEMENT_TYPES: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int16: 5,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
  bfloat16: 16,
};

/** Elements as a TensorProto has them in `rawData`: one after the other, little-endian. */
export function rawBytes(dtype: DType, data: TypedArray): Uint8Array {
  const stored = isHalf(dtype) ? Uint16Array.from(data as Float32Array, halfBits(dtype)) : data;
  return new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
}
