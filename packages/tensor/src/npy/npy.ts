import {
  checkShape,
  contiguousStrides,
  type DType,
  DTypeError,
  formatShape,
  itemSize,
  numel,
  quote,
  ShapeError,
  type TypedArray,
  typedArray,
  ValueError,
} from "@flambeau/backend";
import { type ElementFormat, readableFormats, writeFormats } from "./element-format.ts";
import { readHeader, writeHeader } from "./header.ts";

/** An array as a .npy file holds it: its elements in row-major order, float16 as `Float32Array`. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: TypedArray;
}

/**
 * The bytes of a .npy file, equal to those `numpy.save` writes (format version 1.0, little-endian, row-major).
 * Source: NEP 1 and numpy/lib/format.py.
 *
 * @throws ShapeError when the number of elements is not the shape's.
 * @throws DTypeError when the typed array is not one that holds the dtype, or the dtype is bfloat16.
 *
 * @internal
 */
export function encodeNpy({ shape, dtype, data }: NpyArray): Uint8Array {
  const count = numel(checkShape(shape));
  if (data.length !== count) {
    throw new ShapeError(`shape ${formatShape(shape)} needs ${count} elements, the data has ${data.length}`);
  }
  const expected = typedArray(dtype, 0)[Symbol.toStringTag];
  if (data[Symbol.toStringTag] !== expected) {
    throw new DTypeError(
      `elements of dtype ${dtype} come in a ${expected}, not in a ${data[Symbol.toStringTag]}`,
    );
  }
  const format = writeFormats[dtype];
  if (format === undefined) throw new DTypeError(`NumPy has no ${dtype}; convert first, as in x.float()`);
  const { descr, write } = format;
  const header = writeHeader({ descr, fortranOrder: false, shape });
  const size = itemSize(dtype);
  const bytes = new Uint8Array(header.length + count * size);
  bytes.set(header);
  const view = new DataView(bytes.buffer, header.length);
  for (let i = 0; i < count; i++) write(view, i * size, data[i]);
  return bytes;
}

/**
 * Reads the bytes of a .npy file, of format version 1.0, 2.0 or 3.0, in either byte order, row-major or column-major
 * (Fortran order). NumPy's uint16 is read as int32, uint32 as int64.
 *
 * @returns a fresh array in row-major order.
 * @throws ValueError when the bytes are no .npy file, are too few or too many, or hold elements that no dtype has
 * (strings, Python objects, complex numbers, dates, uint64).
 * @throws ShapeError when there are more dimensions than tensors have.
 *
 * @internal
 */
export function decodeNpy(bytes: Uint8Array): NpyArray {
  const { header, dataStart } = readHeader(bytes);
  const { format, littleEndian } = formatOf(header.descr);
  const { shape, fortranOrder } = header;
  const count = numel(checkShape(shape));
  const present = bytes.length - dataStart;
  // Checked before anything is allocated: a header may promise more than memory holds.
  if (present !== count * format.size) {
    throw new ValueError(
      `a .npy array of shape ${formatShape(shape)} and type ${quote(header.descr)} takes ${count * format.size} bytes, ` +
        `but ${present} follow its header`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + dataStart, present);
  const data = typedArray(format.dtype, count);
  const place = data as { [index: number]: number | bigint };
  const target = fortranOrder ? columnMajorWalk(shape) : (i: number): number => i;
  for (let i = 0; i < count; i++) place[target(i)] = format.read(view, i * format.size, littleEndian);
  return { shape, dtype: format.dtype, data };
}

function formatOf(descr: string): { format: ElementFormat; littleEndian: boolean } {
  const [, order, code] = /^([<>|=]?)(.*)$/s.exec(descr) as RegExpExecArray;
  const format = Object.hasOwn(readableFormats, code) ? readableFormats[code] : null;
  if (format === null || (order === "|" && format.size > 1)) {
    const readable = Object.keys(readableFormats).join(", ");
    throw new ValueError(
      `.npy elements of type ${quote(descr)} have no dtype here; readable are ${readable}`,
    );
  }
  return { format, littleEndian: order !== ">" };
}

/** Called once per element in column-major order, gives the element's row-major index. */
function columnMajorWalk(shape: readonly number[]): () => number {
  const strides = contiguousStrides(shape);
  const index = shape.map(() => 0);
  let next = 0;
  return () => {
    const here = next;
    for (let d = 0; d < shape.length; d++) {
      next += strides[d];
      if (++index[d] < shape[d]) break;
      next -= strides[d] * shape[d];
      index[d] = 0;
    }
    return here;
  };
}
