import type { Gpu } from "../api.ts";

/** Browsers and Deno have WebGPU as the standard says; null where this one has not. */
export function webGpu(): Gpu | null {
  return (globalThis as { navigator?: { gpu?: Gpu } }).navigator?.gpu ?? null;
}
