import { type Backend, DeviceError, type DType, type Storage, type Strided } from "@flambeau/backend";
import type { GpuBuffer } from "./api.ts";
import { LONG } from "./expr/convert.ts";

/** A buffer of the GPU, or a part of one, which storages take in turns. */
export interface Block {
  readonly id: number;
  readonly buffer: GpuBuffer;
  /** What its buffer is known by: parts of one buffer have one name. */
  readonly bufferId: number;
  /** Bytes of the buffer before it. */
  readonly start: number;
  /** In bytes: its size class. */
  readonly size: number;
  /** The batch of commands that last used it. */
  usedIn: number;
  /** Deferred commands that are going to use it. */
  holds: number;
}

/** Whether commands of this batch, which is not submitted, or deferred ones use a block. */
export function isBusy(block: Block, batch: number): boolean {
  return block.usedIn >= batch || block.holds > 0;
}

/** Memory of the GPU device: elements from the beginning of a block. */
export class GpuStorage implements Storage {
  readonly backend: Backend;
  readonly dtype: DType;
  readonly length: number;
  version: number = 0;
  released: boolean = false;
  readonly block: Block;

  constructor(backend: Backend, dtype: DType, length: number, block: Block) {
    this.backend = backend;
    this.dtype = dtype;
    this.length = length;
    this.block = block;
  }
}

/** Bytes of an element on the GPU: WGSL has no 8-bit integers in storage, so those take 32 bits. */
export function bytesOf(dtype: DType): number {
  return dtype === "float16" ? 2 : dtype === "int64" ? 8 : 4;
}

/** The WGSL type of a stored element. */
export function elementType(dtype: DType): "f32" | "f16" | "i32" | "u32" | typeof LONG {
  if (dtype === "float32") return "f32";
  if (dtype === "float16") return "f16";
  if (dtype === "int64") return LONG;
  return dtype === "int32" ? "i32" : "u32";
}

/**
 * The storage behind a kernel's operand.
 *
 * @throws DeviceError when its memory was given back.
 */
export function storageOf(operand: Strided): GpuStorage {
  const storage = operand.storage as GpuStorage;
  checkAlive(storage);
  return storage;
}

/** @throws DeviceError when the memory was given back. */
export function checkAlive(storage: Storage): void {
  if (!storage.released) return;
  throw new DeviceError(
    `this tensor was disposed: the memory of its ${storage.length} elements of ${storage.dtype} was given back and cannot be used any more`,
  );
}
