/**
 * The CPU device without kernels in WebAssembly and without threads: what `@flambeau/cpu-backend` is where the condition
 * "@flambeau/plain" is set. It computes the same in plain JavaScript, which is less to download and as fast for small tensors.
 *
 * @module
 */
import { CpuBackend } from "./backend.ts";

export { CpuBackend } from "./backend.ts";
export type { CpuStorage } from "./storage.ts";
export { getNumThreads, setNumThreads } from "./threads/count.ts";
export { printWarning } from "./warnings.ts";
export { provideWindows } from "./windows.ts";

export const cpu: CpuBackend = new CpuBackend();
