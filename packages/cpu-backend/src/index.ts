/**
 * Flambeau's default device: the CPU, with its memory in WebAssembly's and its kernels in WebAssembly SIMD and, where that does not pay or is missing, in JavaScript.
 *
 * @module
 */
import { CpuBackend } from "./backend.ts";

export { CpuBackend } from "./backend.ts";
export { now } from "./clock.ts";
export { simdDraws } from "./kernels/draws.ts";
export { normalBlocks } from "./kernels/normal.ts";
export { provideWindows } from "./kernels/windows.ts";
export type { CpuStorage } from "./memory/storage.ts";
export { getNumThreads, setNumThreads } from "./threads/count.ts";
export { printWarning } from "./warnings.ts";

/**
 * The CPU device that tensors are on unless told otherwise.
 *
 * @example
 * ```ts
 * import { E, input, MapKernel } from "@flambeau/backend";
 * import { cpu } from "@flambeau/cpu-backend";
 *
 * const storage = cpu.upload("float32", new Float32Array([1, 2, 3]));
 * const x = { storage, dtype: "float32", shape: [3], strides: [1], offset: 0 } as const;
 * cpu.map(new MapKernel("square", 1, 0, [E.mul(input(0), input(0))]), "float32", [x], [], [x]);
 * console.log(await cpu.download(x));
 * // Float32Array(3) [ 1, 4, 9 ]
 * ```
 */
export const cpu: CpuBackend = new CpuBackend();
