import {
  type Backend,
  DeviceError,
  type DType,
  type Storage,
  type Strided,
  type TypedArray,
} from "@flambeau/backend";

/**
 * Where elements live: a view of a shared slab, a block of WebAssembly memory, an array that nobody else knows of because there
 * was no such block, or one that a user has too.
 */
export type Place = "slab" | "wasm" | "homeless" | "own";

/**
 * A block of WebAssembly memory that is in use, for the garbage collector to tell when it no longer is. A block that is given
 * back by name keeps its lease for the next storage: to register one anew takes longer than a small kernel, and V8 makes old
 * objects of it, which pile up until its next major collection.
 */
export interface Lease {
  /** The power of two that is the block's size. */
  readonly order: number;
}

/** Memory of the CPU device. Kernels read and write `data`, wherever it lies. */
export class CpuStorage implements Storage {
  readonly backend: Backend;
  readonly dtype: DType;
  readonly length: number;
  version: number = 0;
  released: boolean = false;
  keepers: number = 0;
  abandoned: boolean = false;
  /** The elements. */
  data: TypedArray;
  /** Byte address in the WebAssembly memory, or -1. */
  ptr: number;
  /** Which kind of memory it is, for its return. */
  place: Place;
  /** Of the block in WebAssembly memory. */
  lease: Lease | null = null;

  constructor(backend: Backend, dtype: DType, length: number, data: TypedArray, place: Place, ptr: number) {
    this.backend = backend;
    this.dtype = dtype;
    this.length = length;
    this.data = data;
    this.place = place;
    this.ptr = ptr;
  }
}

/**
 * The elements behind a kernel's operand.
 *
 * @throws DeviceError when its memory was given back.
 */
export function dataOf(operand: Strided): TypedArray {
  const storage = operand.storage as CpuStorage;
  if (storage.released) throw disposed(storage);
  return storage.data;
}

export function disposed(storage: Storage): DeviceError {
  return new DeviceError(
    `this tensor was disposed: the memory of its ${storage.length} elements of ${storage.dtype} was given back and cannot be used any more`,
  );
}
