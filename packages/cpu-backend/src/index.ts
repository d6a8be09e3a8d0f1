/**
 * Flambeau's default device: the CPU, with its memory in WebAssembly's and its kernels in JavaScript.
 *
 * @module
 */
import { CpuBackend } from "./backend.ts";

export { CpuBackend } from "./backend.ts";

/** The CPU device that tensors are on unless told otherwise. */
export const cpu: CpuBackend = new CpuBackend();
