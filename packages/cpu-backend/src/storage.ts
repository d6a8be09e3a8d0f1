import {
  type Backend,
  DeviceError,
  type DType,
  type Storage,
  type Strided,
  type TypedArray,
} from "@flambeau/backend";

/**
 * Where elements live: a view of a shared slab, a block of WebAssembly memory, or an array of their own (a user's, or
 * one past the bound on WebAssembly memory).
 */
export type Place = "slab" | "wasm" | "own";

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
