import { type DType, halfBits, halfValue } from "@flambeau/backend";

/** How the elements of one NumPy type lie in a file. */
export interface ElementFormat {
  /** The dtype that they are read as. */
  readonly dtype: DType;
  readonly size: number;
  read(view: DataView, offset: number, littleEndian: boolean): number | bigint;
}

/**
 * NumPy's type codes (kind and bytes) that can be read. Integers no dtype has are widened to the next that holds them;
 * 64-bit unsigned integers have none.
 */
export const readableFormats: Readonly<Record<string, ElementFormat>> = {
  b1: { dtype: "bool", size: 1, read: (view, offset) => (view.getUint8(offset) === 0 ? 0 : 1) },
  u1: { dtype: "uint8", size: 1, read: (view, offset) => view.getUint8(offset) },
  i1: { dtype: "int8", size: 1, read: (view, offset) => view.getInt8(offset) },
  u2: { dtype: "int32", size: 2, read: (view, offset, little) => view.getUint16(offset, little) },
  i2: { dtype: "int16", size: 2, read: (view, offset, little) => view.getInt16(offset, little) },
  u4: { dtype: "int64", size: 4, read: (view, offset, little) => BigInt(view.getUint32(offset, little)) },
  i4: { dtype: "int32", size: 4, read: (view, offset, little) => view.getInt32(offset, little) },
  i8: { dtype: "int64", size: 8, read: (view, offset, little) => view.getBigInt64(offset, little) },
  f2: {
    dtype: "float16",
    size: 2,
    read: (view, offset, little) => halfValue("float16")(view.getUint16(offset, little)),
  },
  f4: { dtype: "float32", size: 4, read: (view, offset, little) => view.getFloat32(offset, little) },
  f8: { dtype: "float64", size: 8, read: (view, offset, little) => view.getFloat64(offset, little) },
};

/** How each dtype is written, but bfloat16, which NumPy has not: NumPy's `descr`, and one element, little-endian. */
export interface WriteFormat {
  readonly descr: string;
  write(view: DataView, offset: number, value: number | bigint): void;
}

export const writeFormats: Readonly<Partial<Record<DType, WriteFormat>>> = {
  bool: { descr: "|b1", write: (view, offset, value) => view.setUint8(offset, value ? 1 : 0) },
  uint8: { descr: "|u1", write: (view, offset, value) => view.setUint8(offset, Number(value)) },
  int8: { descr: "|i1", write: (view, offset, value) => view.setInt8(offset, Number(value)) },
  int16: { descr: "<i2", write: (view, offset, value) => view.setInt16(offset, Number(value), true) },
  int32: { descr: "<i4", write: (view, offset, value) => view.setInt32(offset, Number(value), true) },
  int64: { descr: "<i8", write: (view, offset, value) => view.setBigInt64(offset, BigInt(value), true) },
  float16: {
    descr: "<f2",
    write: (view, offset, value) => view.setUint16(offset, halfBits("float16")(Number(value)), true),
  },
  float32: { descr: "<f4", write: (view, offset, value) => view.setFloat32(offset, Number(value), true) },
  float64: { descr: "<f8", write: (view, offset, value) => view.setFloat64(offset, Number(value), true) },
};
