import type { Backend, Strided, TypedArray } from "@flambeau/backend";
import type { Walk } from "../interpreter/walk.ts";
import type { CpuStorage } from "../memory/storage.ts";
import { type Scratch, SLOT } from "./scratch.ts";

/** Elements that a walk passes over from an operand's first to its last, both included. */
export function extentOf(walk: Walk, operand: number): number {
  let extent = 1;
  for (let d = 0; d < walk.ndim; d++) extent += (walk.sizes[d] - 1) * walk.steps[operand][d];
  return extent;
}

/** Whether an operand lies in a device's WebAssembly memory, where its kernels reach it. */
export function isInWasm(operand: Strided, device: Backend): boolean {
  const { ptr, backend } = operand.storage as CpuStorage;
  return ptr >= 0 && backend === device;
}

/** The address of an operand's first element. */
export function addressOf(operand: Strided, itemSize: number): number {
  return (operand.storage as CpuStorage).ptr + operand.offset * itemSize;
}

/** Whether so many elements fit a slot. */
export function fitsSlot(elements: number, itemSize: number): boolean {
  return elements * itemSize <= SLOT;
}

function arrayOf(operand: Strided): TypedArray {
  return (operand.storage as CpuStorage).data;
}

/** Copies elements from an operand to an address. */
export function stageIn(
  scratch: Scratch,
  operand: Strided,
  from: number,
  count: number,
  itemSize: number,
  address: number,
): void {
  const data = arrayOf(operand);
  if (itemSize === 4 && count === 1 && data instanceof Float32Array) scratch.floats[address / 4] = data[from];
  else if (data instanceof Float32Array) {
    const isWhole = from === 0 && count === data.length;
    scratch.floats.set(isWhole ? data : data.subarray(from, from + count), address / 4);
  } else
    scratch.bytes.set(
      new Uint8Array(data.buffer, data.byteOffset + from * itemSize, count * itemSize),
      address,
    );
}

/** Copies elements from an address to an operand. */
export function stageOut(
  scratch: Scratch,
  operand: Strided,
  to: number,
  count: number,
  itemSize: number,
  address: number,
): void {
  const data = arrayOf(operand);
  if (data instanceof Float32Array) data.set(scratch.floats.subarray(address / 4, address / 4 + count), to);
  else {
    const target = new Uint8Array(data.buffer, data.byteOffset + to * itemSize, count * itemSize);
    target.set(scratch.bytes.subarray(address, address + count * itemSize));
  }
}
