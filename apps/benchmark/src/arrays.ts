/**
 * Arrays of float32 that go from one process to another through a file.
 *
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";

/** Numbers in row-major order. */
export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** What all libraries are given, by name. */
export type Inputs = Readonly<Record<string, NdArray>>;

/** Which arrays lie one after the other in a file. */
export type Contents = readonly { readonly name: string; readonly shape: readonly number[] }[];

export function ndarray(shape: readonly number[], values: ArrayLike<number>): NdArray {
  const data = Float32Array.from(values);
  if (data.length !== sizeOf(shape)) throw new RangeError(`${data.length} numbers for [${shape}]`);
  return { shape, data };
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** A matrix's transpose; anything else as it is. */
export function transposed(array: NdArray): NdArray {
  if (array.shape.length !== 2) return array;
  const [rows, columns] = array.shape;
  const data = new Float32Array(array.data.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) data[j * rows + i] = array.data[i * columns + j];
  }
  return { shape: [columns, rows], data };
}

export function writeArrays(path: string, arrays: Inputs): Contents {
  const entries = Object.entries(arrays);
  writeFileSync(path, Buffer.concat(entries.map(([, { data }]) => Buffer.from(data.buffer))));
  return entries.map(([name, { shape }]) => ({ name, shape }));
}

export function readArrays(path: string, contents: Contents): Inputs {
  const bytes = readFileSync(path);
  const all = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  let offset = 0;
  const arrays: Record<string, NdArray> = {};
  for (const { name, shape } of contents) {
    arrays[name] = { shape, data: all.slice(offset, offset + sizeOf(shape)) };
    offset += sizeOf(shape);
  }
  return arrays;
}
