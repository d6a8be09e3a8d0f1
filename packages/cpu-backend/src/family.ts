/**
 * Kernels that not every program has. What makes them is told to devices at run time, by whoever needs them: code that
 * nobody names is not loaded by a page.
 *
 * @module
 */
import type { Backend } from "@flambeau/backend";
import type { Arena } from "./arena.ts";
import type { Simd } from "./wasm/simd.ts";
import type { SimdWindows } from "./wasm/simd-windows.ts";

/** A device's kernels of windows. */
export interface WindowKernels extends Pick<Backend, "unfold" | "fold" | "maxPool"> {
  readonly simd: SimdWindows;
}

/** Makes the kernels of a device; undefined as long as nobody has provided them. */
export const makers: {
  simd?: (device: Backend, arena: Arena) => Simd;
  windows?: (device: Backend, arena: Arena) => WindowKernels;
} = {};
